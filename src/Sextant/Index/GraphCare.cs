using Sextant.Index.Spaces;

namespace Sextant.Index;

/// <summary>
/// Takes removed nodes out of the graph and links those that nobody leads to any more. Nothing may be inserted meanwhile; searches may go on.
/// </summary>
internal sealed unsafe class GraphCare<TSpace>(GraphWalk<TSpace> walk, GraphBuilder<TSpace> builder, int dimensions, int efConstruction)
    where TSpace : struct, IRowSpace
{
    private readonly Graph _graph = walk.Graph;

    /// <summary>
    /// Makes every live node lead around the removed ones, to what those led to (arXiv:2105.09613, algorithm 4). Afterwards nothing live
    /// leads to a removed node.
    /// </summary>
    public void BypassRemoved()
    {
        Parallel.For(0, _graph.Count, static () => new WalkState(), (node, _, state) =>
        {
            ref NodeRecord record = ref _graph.Record(node);
            if (record.State == NodeState.Live)
                for (int level = 0; level <= record.Level; level++) Bypass(node, level, state);
            return state;
        }, static _ => { });
        MoveEntry();
    }

    /// <summary>The live nodes that cannot be reached from the entry over level 0.</summary>
    public List<int> Unreachable()
    {
        int count = _graph.Count;
        List<int> lost = [];
        bool[] met = new bool[count];
        Stack<int> open = new();
        if (_graph.Entry >= 0)
        {
            open.Push(_graph.Entry);
            met[_graph.Entry] = true;
        }

        while (open.TryPop(out int node))
        {
            int* links = _graph.LinksOf(node, 0);
            for (int i = 1; i <= links[0]; i++)
            {
                if (met[links[i]]) continue;
                met[links[i]] = true;
                open.Push(links[i]);
            }
        }

        for (int node = 0; node < count; node++)
            if (!met[node] && _graph.Record(node).State == NodeState.Live) lost.Add(node);
        return lost;
    }

    /// <summary>Links every unreachable node from near ones that have room.</summary>
    /// <returns>How many there were.</returns>
    public int Reconnect()
    {
        List<int> lost = Unreachable();
        int found = lost.Count;
        WalkState state = new();
        for (int round = 0; lost.Count > 0 && round < 8; round++, lost = Unreachable())
            foreach (int node in lost) Reconnect(node, state);
        return found;
    }

    private void Reconnect(int node, WalkState state)
    {
        byte* query = state.Query(walk.Space.QueryBytes);
        Span<float> vector = state.Vector(dimensions);
        _graph.Vectors.Read(node, vector);
        walk.Space.EncodeQuery(vector, query);
        int start = walk.Descend(query, _graph.Entry, _graph.Record(_graph.Entry).Level, 1);
        walk.Search(query, start, 0, efConstruction, state, node);
        int made = 0;
        for (int i = 0; i < state.Pool.Count && made < 2; i++)
        {
            int near = state.Pool.NodeAt(i);
            int* links = _graph.LinksOf(near, 0);
            if (!_graph.Stays(near) || links[0] == _graph.MaxLinks(0)) continue;
            lock (_graph.LockOf(near))
            {
                links[links[0] + 1] = node;
                Volatile.Write(ref links[0], links[0] + 1);
            }

            made++;
        }

        if (made > 0 || state.Pool.Count == 0) return;
        // All are full: the nearest gives up its last link, which was the least worth; if that one is lost by it, it is next.
        int full = state.Pool.NodeAt(0);
        lock (_graph.LockOf(full)) _graph.LinksOf(full, 0)[_graph.MaxLinks(0)] = node;
    }

    private void Bypass(int node, int level, WalkState state)
    {
        lock (_graph.LockOf(node))
        {
            int* links = _graph.LinksOf(node, level);
            bool touched = false;
            for (int i = 1; i <= links[0]; i++) touched |= !_graph.Stays(links[i]);
            if (!touched) return;

            List<(float Distance, int Node)> candidates = state.Candidates;
            candidates.Clear();
            Span<ushort> seen = state.Forget(_graph.Count, out ushort now);
            seen[node] = now;
            Collect(links, hops: 2, seen, now);
            candidates.Sort(GraphBuilder<TSpace>.Nearest);
            builder.Choose(candidates, _graph.MaxLinks(level), _graph.MaxLinks(level) / 2, state);
            GraphBuilder<TSpace>.Write(links, state.Chosen);

            void Collect(int* from, int hops, Span<ushort> seen, ushort now)
            {
                int degree = Volatile.Read(ref from[0]);
                for (int i = 1; i <= degree; i++)
                {
                    int other = from[i];
                    if (seen[other] == now) continue;
                    seen[other] = now;
                    if (_graph.Stays(other)) candidates.Add((walk.Between(node, other), other));
                    else if (hops > 0 && _graph.Record(other).Level >= level) Collect(_graph.LinksOf(other, level), hops - 1, seen, now);
                }
            }
        }
    }

    private void MoveEntry()
    {
        int best = -1;
        for (int node = 0; node < _graph.Count; node++)
        {
            ref NodeRecord record = ref _graph.Record(node);
            if (record.State == NodeState.Live && (best < 0 || record.Level > _graph.Record(best).Level)) best = node;
        }

        _graph.SetEntry(best);
    }
}
