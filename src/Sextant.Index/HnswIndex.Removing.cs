using System.Collections.Concurrent;
using Sextant.Index.Graphs;
using Sextant.Index.Traversal;

namespace Sextant.Index;

public sealed unsafe partial class HnswIndex
{
    private const int FewRemoved = 64;

    /// <summary>Deletes are consolidated when at most this many other nodes exist per removed node.</summary>
    private const int OthersPerRemoved = 4;

    /// <summary>The number of nodes to consolidate before waiting threads that need exclusive access to the links get their turn.</summary>
    private const int NodesAtOnce = 1_024;

    private int _removed;
    private int _tidying;

    /// <summary>Removes a vector.</summary>
    /// <returns>Whether it existed.</returns>
    public bool Remove(long id)
    {
        _writing.EnterReadLock();
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            lock (_nodes)
            {
                if (!_nodes.Remove(id, out int node))
                    return false;
                _removed += _graph.Twins.Leave(node);
            }
        }
        finally
        {
            _writing.ExitReadLock();
        }

        TidyIfDue();
        return true;
    }

    // A caller that changes the index waits for consolidation only if it is far behind, and then sees its errors, such as an unreadable
    // file.
    private void TidyIfDue()
    {
        if (!IsDue(OthersPerRemoved))
            return;
        if (IsDue(others: 1))
            Tidy();
        else if (Interlocked.Exchange(ref _tidying, 1) == 0)
            _ = Task.Run(TidyBesides);
    }

    private bool IsDue(int others)
    {
        int removed = Volatile.Read(ref _removed);
        return removed > FewRemoved && removed > _graph.Count / (others + 1);
    }

    // Most of the work runs concurrently with insertions. These may link to removed nodes where no others are near, so the rest runs
    // exclusively afterward.
    private void TidyBesides()
    {
        try
        {
            ParallelOptions half = new() { MaxDegreeOfParallelism = Math.Max(1, Environment.ProcessorCount / 2) };
            Parallel.ForEach(Partitioner.Create(0, Volatile.Read(ref _graph.Count), NodesAtOnce), half, BypassRemoved);
            if (!Volatile.Read(ref _disposed))
                Tidy();
        }
        finally
        {
            Volatile.Write(ref _tidying, 0);
        }
    }

    private void BypassRemoved(Tuple<int, int> range, ParallelLoopState loop)
    {
        _writing.EnterReadLock();
        try
        {
            if (_disposed)
            {
                loop.Stop();
                return;
            }

            WalkState state = Take();
            for (int node = range.Item1; node < range.Item2; node++)
                _engine.BypassRemoved(node, state);
            _states.Add(state);
        }
        finally
        {
            _writing.ExitReadLock();
        }
    }

    private void Tidy()
    {
        _writing.EnterWriteLock();
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            FinishTidying();
        }
        finally
        {
            _writing.ExitWriteLock();
        }
    }

    // Until this is done, the consolidation of a node may have dropped the last link to another.
    private void FinishTidying()
    {
        if (Volatile.Read(ref _tidying) != 0 || IsDue(OthersPerRemoved))
            TidyAlone();
    }

    // The links do not change.
    private void TidyAlone()
    {
        if (_removed == 0)
            return;
        _engine.BypassRemoved();
        _searching.EnterWriteLock();
        try
        {
            FreeRemoved();
        }
        finally
        {
            _searching.ExitWriteLock();
        }

        Connect();
    }

    private void FreeRemoved()
    {
        for (int node = 0; node < _graph.Count; node++)
        {
            // A batch may also lead to nodes that are not links, and which of them are free now shows only when it is made again.
            _graph.LinksChanged(node, 0);
            ref NodeRecord record = ref _graph.Record(node);
            if (record.State != NodeState.Removed)
                continue;
            record.State = NodeState.Free;
            for (int level = 0; level <= record.Level; level++)
                _graph.LinksOf(node, level)[0] = 0;
            _free.Push(node);
        }

        _removed = 0;
    }
}
