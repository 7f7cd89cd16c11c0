namespace Sextant.Index;

public sealed unsafe partial class HnswIndex
{
    /// <summary>An index over a graph that is there already: nothing is built.</summary>
    /// <param name="dimensions">The length of a row.</param>
    /// <param name="options">How it goes on; its M has room for the graph's links.</param>
    /// <param name="graph">Levels and links.</param>
    /// <param name="ids">A name for each node; none twice.</param>
    /// <param name="rows">A row for each node.</param>
    /// <exception cref="InvalidDataException">The graph leads outside of it, or an id comes twice.</exception>
    internal static HnswIndex FromGraph(
        int dimensions, HnswOptions options, GraphLayout graph, ReadOnlyMemory<long> ids, ReadOnlyMemory<float> rows)
    {
        HnswIndex index = new(dimensions, options);
        try
        {
            index.Take(graph, ids, rows);
            return index;
        }
        catch
        {
            index.Dispose();
            throw;
        }
    }

    /// <summary>The graph of the vectors that are there, numbered in their order of places, and the id of each.</summary>
    internal (GraphLayout Graph, long[] Ids) ToGraph()
    {
        _writing.EnterWriteLock();
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            // What was removed is gone round first: the other program could not tell that it is to be passed through only.
            TidyAlone();
            return Layout();
        }
        finally
        {
            _writing.ExitWriteLock();
        }
    }

    /// <summary>Copies the vector with this id, as the index holds it.</summary>
    /// <returns>Whether it is there.</returns>
    internal bool TryGetVector(long id, Span<float> vector)
    {
        _searching.EnterReadLock();
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            lock (_nodes)
            {
                if (!_nodes.TryGetValue(id, out int node)) return false;
                _graph.Vectors.Read(node, vector[..Dimensions]);
                return true;
            }
        }
        finally
        {
            _searching.ExitReadLock();
        }
    }

    private void Take(GraphLayout graph, ReadOnlyMemory<long> ids, ReadOnlyMemory<float> rows)
    {
        _nodes.EnsureCapacity(graph.Count);
        for (int node = 0; node < graph.Count; node++)
        {
            long id = ids.Span[node];
            _graph.Append(Math.Min(graph.Levels[node], NodeLevels.Highest));
            _graph.Record(node).Id = id;
            if (!_nodes.TryAdd(id, node)) throw new InvalidDataException($"it holds the id {id} twice");
        }

        Parallel.For(0, graph.Count, Take, (node, _, state) =>
        {
            _engine.Write(node, Prepare(rows.Span.Slice(node * Dimensions, Dimensions), state));
            for (int level = 0; level <= _graph.Record(node).Level; level++)
            {
                ReadOnlySpan<int> links = graph.LinksOf(node, level);
                int* own = _graph.LinksOf(node, level);
                links.CopyTo(new Span<int>(own + 1, _graph.MaxLinks(level)));
                own[0] = links.Length;
            }

            _graph.SetState(node, NodeState.Live);
            return state;
        }, _states.Add);
        GraphCheck.Require(_graph);
        _graph.SetEntry(graph.Entry);
    }

    private (GraphLayout Graph, long[] Ids) Layout()
    {
        // Places that are free now have no number over there.
        int[] numbers = new int[_graph.Count];
        int count = 0;
        for (int node = 0; node < _graph.Count; node++) numbers[node] = _graph.StateOf(node) == NodeState.Live ? count++ : -1;
        long[] ids = new long[count];
        byte[] levels = new byte[count];
        for (int node = 0; node < numbers.Length; node++)
            if (numbers[node] >= 0) (ids[numbers[node]], levels[numbers[node]]) = (_graph.Record(node).Id, _graph.Record(node).Level);

        int[] starts = GraphLayout.StartsOf(Options.M, levels.DefaultIfEmpty().Max() + 1);
        long total = levels.Sum(level => (long)starts[level + 1]);
        if (total > Array.MaxLength) throw new SextantException($"{count} vectors have more links than one file can be made of here");
        int[] links = new int[total];
        Array.Fill(links, -1);
        int at = 0;
        for (int node = 0; node < numbers.Length; node++)
        {
            if (numbers[node] < 0) continue;
            for (int level = 0; level <= _graph.Record(node).Level; level++)
            {
                int* own = _graph.LinksOf(node, level);
                int to = at + starts[level];
                for (int i = 1; i <= own[0]; i++)
                    if (numbers[own[i]] is >= 0 and var number) links[to++] = number;
            }

            at += starts[_graph.Record(node).Level + 1];
        }

        return (new(starts, levels, links, _graph.Entry < 0 ? -1 : numbers[_graph.Entry]), ids);
    }
}
