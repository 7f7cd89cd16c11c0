using Sextant.Index.Spaces;

namespace Sextant.Index;

/// <summary>
/// Takes removed nodes out of the graph and links those that nobody leads to any more. Nothing may be inserted
/// meanwhile, unless it is said; searches may go on.
/// </summary>
internal sealed unsafe class GraphCare<TSpace>(GraphWalk<TSpace> walk, GraphBuilder<TSpace> builder, int dimensions, int efConstruction)
    where TSpace : struct, IRowSpace
{
    /// <summary>Over how many removed nodes, one after the other, a way leads around them.</summary>
    private const int MostHops = 2;

    /// <summary>How many of its links a node that led to removed ones has afterwards. So much that half of an index may be replaced and as much be found as
    /// in one built anew, whose lists are seven tenths full; with half, it was 0.033 less at ef 16.</summary>
    private const double FilledShare = 0.8;

    private readonly Graph _graph = walk.Graph;

    /// <summary>Makes every live node lead around the removed ones. Afterwards nothing live leads to a removed node.</summary>
    public void BypassRemoved()
    {
        Parallel.For(0, _graph.Count, static () => new WalkState(), (node, _, state) =>
        {
            BypassRemoved(node, state);
            return state;
        }, static _ => { });
        MoveEntry();
    }

    /// <summary>
    /// Makes a node, when it is live, lead around the removed ones, to what those led to (arXiv:2105.09613, algorithm 4). Others may be inserted meanwhile.
    /// </summary>
    public void BypassRemoved(int node, WalkState state)
    {
        if (_graph.StateOf(node) != NodeState.Live) return;
        int top = _graph.Record(node).Level;
        for (int level = 0; level <= top; level++) Bypass(node, level, state);
    }

    /// <summary>The live nodes that cannot be reached from the entry over level 0.</summary>
    public List<int> Unreachable() => Lost(out _);

    /// <summary>Links every unreachable node from a near one that can be reached. Afterwards there is none.</summary>
    /// <returns>How many there were.</returns>
    public int Reconnect()
    {
        List<int> lost = Lost(out bool[] met);
        WalkState state = new();
        foreach (int node in lost)
        {
            // One that was linked before may lead to it.
            if (met[node]) continue;
            Reconnect(node, met, state);
            Meet(node, met);
        }

        return lost.Count;
    }

    private List<int> Lost(out bool[] met)
    {
        int count = _graph.Count;
        List<int> lost = [];
        met = new bool[count];
        if (_graph.Entry >= 0) Meet(_graph.Entry, met);
        for (int node = 0; node < count; node++)
            if (!met[node] && _graph.Record(node).State == NodeState.Live) lost.Add(node);
        return lost;
    }

    private void Meet(int from, bool[] met)
    {
        Stack<int> open = new([from]);
        met[from] = true;
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
    }

    private void Reconnect(int node, bool[] met, WalkState state)
    {
        byte* query = state.Query(walk.Space.QueryBytes);
        Span<float> vector = state.Vector(dimensions);
        _graph.Vectors.Read(node, vector);
        walk.Space.EncodeQuery(vector, query);
        int start = walk.Descend(query, _graph.Entry, _graph.Record(_graph.Entry).Level, 1);
        walk.Search(query, start, 0, efConstruction, state, node);
        int made = 0, nearest = -1;
        for (int i = 0; i < state.Pool.Count && made < 2; i++)
        {
            int near = state.Pool.NodeAt(i);
            if (!met[near] || !_graph.Stays(near)) continue;
            if (nearest < 0) nearest = near;
            if (TryAppend(near, node)) made++;
        }

        if (made > 0) return;
        // All are full: the nearest exchanges its last link for the node, which leads on to what that link led to. So nothing is lost by it:
        // nobody came to the node before, so nobody needs the link that it may give up for this.
        if (nearest < 0) nearest = _graph.Entry;
        if (TryAppend(nearest, node)) return;
        int passedOn;
        lock (_graph.LockOf(nearest))
        {
            ref int last = ref _graph.LinksOf(nearest, 0)[_graph.MaxLinks(0)];
            (passedOn, last) = (last, node);
        }

        if (!TryAppend(node, passedOn)) _graph.LinksOf(node, 0)[_graph.MaxLinks(0)] = passedOn;
    }

    private bool TryAppend(int from, int to)
    {
        lock (_graph.LockOf(from))
        {
            int* links = _graph.LinksOf(from, 0);
            if (new ReadOnlySpan<int>(links + 1, links[0]).Contains(to)) return true;
            if (links[0] == _graph.MaxLinks(0)) return false;
            links[links[0] + 1] = to;
            Volatile.Write(ref links[0], links[0] + 1);
            return true;
        }
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
            int most = _graph.MaxLinks(level);
            // Where whole neighbourhoods were removed, what those lead to was removed as well.
            for (int hops = 1; hops <= MostHops && candidates.Count < most; hops++)
            {
                candidates.Clear();
                Span<ushort> seen = state.Forget(_graph.Count, out ushort now);
                seen[node] = now;
                Collect(links, hops, seen, now);
            }

            candidates.Sort(GraphBuilder<TSpace>.Nearest);
            builder.Choose(candidates, most, (int)(FilledShare * most), state);
            GraphBuilder<TSpace>.Write(links, state.Chosen);

            void Collect(int* from, int hops, Span<ushort> seen, ushort now)
            {
                int degree = Volatile.Read(ref from[0]);
                for (int i = 1; i <= degree; i++)
                {
                    int other = from[i];
                    // Beyond the end is what came after the work at this node began: it has its links already.
                    if (other >= seen.Length || seen[other] == now) continue;
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
