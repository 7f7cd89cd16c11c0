using Sextant.Index.Graphs;
using Sextant.Index.Traversal;

namespace Sextant.Index;

public sealed unsafe partial class HnswIndex
{
    /// <summary>Creates an index from an existing graph; nothing is built.</summary>
    /// <param name="dimensions">The length of a vector, from 1 to <see cref="MaxDimensions"/>.</param>
    /// <param name="options">
    /// The options for later additions; <see cref="HnswOptions.M"/> at least that of <paramref name="graph"/>.
    /// </param>
    /// <param name="graph">The graph.</param>
    /// <param name="ids">The id of each node; no two are equal.</param>
    /// <param name="rows">
    /// The vectors of all nodes, one after the other: <see cref="HnswGraph.Count"/> × <paramref name="dimensions"/> values.
    /// </param>
    /// <exception cref="ArgumentException">
    /// There are not as many ids or vectors as nodes, or <see cref="HnswOptions.M"/> is too small.
    /// </exception>
    /// <exception cref="InvalidDataException">The graph's links are invalid, or an id comes twice.</exception>
    public static HnswIndex FromGraph(
        int dimensions,
        HnswOptions options,
        HnswGraph graph,
        ReadOnlyMemory<long> ids,
        ReadOnlyMemory<float> rows
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(graph);
        if (ids.Length != graph.Count)
            throw new ArgumentException($"There are {ids.Length} ids for {graph.Count} nodes.", nameof(ids));
        if (rows.Length != (long)graph.Count * dimensions)
        {
            throw new ArgumentException(
                $"There are {rows.Length} values for {graph.Count} vectors of {dimensions} dimensions.",
                nameof(rows)
            );
        }

        if (options.M < graph.M)
            throw new ArgumentException($"The graph needs an M of {graph.M}; the options have {options.M}.", nameof(options));
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

    /// <summary>Copies the graph, and the id of each of its nodes. Changes wait during the copy; searches do not.</summary>
    /// <remarks>Deletes are consolidated first, because a copy has no nodes that are only traversed.</remarks>
    /// <exception cref="ObjectDisposedException">The index is disposed.</exception>
    /// <exception cref="SextantException">The graph has more links than fit into one array.</exception>
    public (HnswGraph Graph, long[] Ids) ToGraph()
    {
        _writing.EnterWriteLock();
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            // Deletes are consolidated first, because the other program cannot mark nodes as deleted.
            TidyAlone();
            return Layout();
        }
        finally
        {
            _writing.ExitWriteLock();
        }
    }

    /// <summary>Copies the vector with this id as the index stores it: scaled to length 1 for cosines, and as its codes decode.</summary>
    /// <param name="id">The id.</param>
    /// <param name="vector">Where the vector is written; at least as long as the index has dimensions.</param>
    /// <returns>Whether the index holds this id.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="vector"/> is too short.</exception>
    /// <exception cref="ObjectDisposedException">The index is disposed.</exception>
    public bool TryGetVector(long id, Span<float> vector)
    {
        _searching.EnterReadLock();
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            lock (_nodes)
            {
                if (!_nodes.TryGetValue(id, out int node))
                    return false;
                _graph.Vectors.Read(node, vector[..Dimensions]);
                return true;
            }
        }
        finally
        {
            _searching.ExitReadLock();
        }
    }

    private void Take(HnswGraph graph, ReadOnlyMemory<long> ids, ReadOnlyMemory<float> rows)
    {
        _nodes.EnsureCapacity(graph.Count);
        for (int node = 0; node < graph.Count; node++)
        {
            long id = ids.Span[node];
            _graph.Append(Math.Min(graph.Levels[node], NodeLevels.Highest));
            _graph.Record(node).Id = id;
            if (!_nodes.TryAdd(id, node))
                throw new InvalidDataException($"the id {id} occurs twice");
        }

        // All rows first, because which links stay, where there are too many, depends on the rows that they lead to.
        Parallel.For(0, graph.Count, Threads(), Take, WriteRow, _states.Add);
        Parallel.For(0, graph.Count, Threads(), Take, WriteLinks, _states.Add);
        GraphCheck.Require(_graph);
        _graph.SetEntry(graph.Entry);

        WalkState WriteRow(int node, ParallelLoopState loop, WalkState state)
        {
            _engine.Write(node, Prepare(rows.Span.Slice(node * Dimensions, Dimensions), state));
            return state;
        }

        WalkState WriteLinks(int node, ParallelLoopState loop, WalkState state)
        {
            for (int level = 0; level <= _graph.Record(node).Level; level++)
            {
                ReadOnlySpan<int> links = graph.GetLinks(node, level);
                if (links.ContainsAnyExceptInRange(0, graph.Count - 1))
                    throw new InvalidDataException("its graph has links out of range");
                _engine.WriteLinks(node, level, links, state);
            }

            _graph.SetState(node, NodeState.Live);
            return state;
        }
    }

    private (HnswGraph Graph, long[] Ids) Layout()
    {
        (Dictionary<int, int> places, Dictionary<int, int> next) = ChainTwins();
        // Slots that are free have no number over there.
        int[] numbers = new int[_graph.Count];
        int count = 0;
        for (int node = 0; node < numbers.Length; node++)
            numbers[node] = _graph.IsFound(node) ? count++ : -1;
        foreach ((int first, int head) in places)
            numbers[head] = numbers[first];
        long[] ids = new long[count];
        byte[] levels = new byte[count];
        for (int node = 0; node < numbers.Length; node++)
        {
            if (_graph.IsFound(node))
                (ids[numbers[node]], levels[numbers[node]]) = (_graph.Record(node).Id, LevelOf(node));
        }

        int[] starts = HnswGraph.StartsOf(Options.M, levels.DefaultIfEmpty().Max() + 1);
        long total = levels.Sum(level => (long)starts[level + 1]);
        if (total > Array.MaxLength)
            throw new SextantException($"{count} vectors have more links than fit into one file");
        int[] links = new int[total];
        Array.Fill(links, -1);
        int at = 0;
        for (int node = 0; node < numbers.Length; node++)
        {
            if (!_graph.IsFound(node))
                continue;
            for (int level = 0; level <= LevelOf(node); level++)
            {
                int* own = _graph.LinksOf(PlaceOf(node), level);
                int to = at + starts[level];
                for (int i = 1; i <= own[0]; i++)
                {
                    if (numbers[own[i]] is >= 0 and var number)
                        links[to++] = number;
                }
            }

            if (next.TryGetValue(node, out int twin))
            {
                Span<int> own = links.AsSpan(at, starts[1]);
                int end = own.IndexOf(-1);
                own[end < 0 ? ^1 : end] = numbers[twin];
            }

            at += starts[LevelOf(node) + 1];
        }

        return (new(starts, levels, links, _graph.Entry < 0 ? -1 : numbers[_graph.Entry]), ids);

        int PlaceOf(int node) => places.GetValueOrDefault(node, node);

        byte LevelOf(int node) => _graph.StateOf(PlaceOf(node)) == NodeState.Twin ? (byte)0 : _graph.Record(PlaceOf(node)).Level;
    }

    // A program that knows no twins finds them one after the other: the first has the place of the head in the graph, and each leads to the
    // next.
    private (Dictionary<int, int> Places, Dictionary<int, int> Next) ChainTwins()
    {
        Dictionary<int, int> places = [],
            next = [];
        for (int head = 0; head < _graph.Count; head++)
        {
            if (!_graph.Twins.Has(head))
                continue;
            List<int> members = _graph.Twins.MembersOf(head);
            places[members[0]] = head;
            for (int i = 1; i < members.Count; i++)
                next[members[i - 1]] = members[i];
        }

        return (places, next);
    }
}
