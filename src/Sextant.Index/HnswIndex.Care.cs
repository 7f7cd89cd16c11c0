namespace Sextant.Index;

public sealed unsafe partial class HnswIndex
{
    /// <summary>
    /// Measures the graph: its unreachable vectors and the distribution of its links. Changes wait during the inspection; searches do not.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The index is disposed.</exception>
    public GraphHealth Inspect()
    {
        _writing.EnterWriteLock();
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            FinishTidying();
            int[] degrees = new int[_graph.MaxLinks(0) + 1];
            for (int node = 0; node < _graph.Count; node++)
            {
                if (_graph.IsSought(node))
                    degrees[_graph.LinksOf(node, 0)[0]]++;
            }

            return new(_engine.Unreachable().Count, degrees);
        }
        finally
        {
            _writing.ExitWriteLock();
        }
    }

    /// <summary>Links every unreachable vector. Changes wait during the repair; searches do not.</summary>
    /// <returns>The number of vectors that were unreachable.</returns>
    /// <exception cref="ObjectDisposedException">The index is disposed.</exception>
    public int RelinkUnreachable()
    {
        _writing.EnterWriteLock();
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return Connect();
        }
        finally
        {
            _writing.ExitWriteLock();
        }
    }

    private int Connect()
    {
        int found = _engine.Reconnect();
        _unproven = 0;
        return found;
    }
}
