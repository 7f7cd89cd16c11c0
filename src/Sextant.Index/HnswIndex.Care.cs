namespace Sextant.Index;

public sealed unsafe partial class HnswIndex
{
    /// <summary>Looks at the graph. Changes wait, searches go on.</summary>
    internal GraphHealth Inspect()
    {
        _writing.EnterWriteLock();
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            FinishTidying();
            int[] degrees = new int[_graph.MaxLinks(0) + 1];
            for (int node = 0; node < _graph.Count; node++)
                if (_graph.StateOf(node) == NodeState.Live) degrees[_graph.LinksOf(node, 0)[0]]++;
            return new(_engine.Unreachable().Count, degrees);
        }
        finally
        {
            _writing.ExitWriteLock();
        }
    }

    /// <summary>Links every vector that no walk comes to. Changes wait, searches go on.</summary>
    /// <returns>How many there were.</returns>
    internal int Relink()
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
