using System.Runtime.InteropServices;
using Sextant.Index.Spaces;
using Sextant.Index.Traversal;

namespace Sextant.Index.Graphs;

/// <summary>
/// Links nodes into the graph (arXiv:1603.09320, algorithms 1 and 4). Several threads may insert at once; each holds the lock of one node
/// at a time.
/// </summary>
internal sealed unsafe class GraphBuilder<TSpace>(GraphWalk<TSpace> walk, int efConstruction)
    where TSpace : struct, IRowSpace
{
    /// <summary>
    /// The relative difference of scales and lengths below which rows are the same to a walk, far below the error of their codes.
    /// </summary>
    private const float SameWithin = 1e-4f;

    private readonly Graph _graph = walk.Graph;

    /// <summary>Links a node whose row and record are written already, unless the graph has a node with the same code.</summary>
    /// <param name="node">The node.</param>
    /// <param name="query">Its vector as a query.</param>
    /// <param name="state">The working memory.</param>
    /// <returns>The node with the same code, of which this one is to be a twin; -1 if it was linked.</returns>
    public int Insert(int node, byte* query, WalkState state)
    {
        int level = _graph.Record(node).Level;
        int entry = _graph.Entry;
        if (entry >= 0 && _graph.Record(entry).Level >= level)
            return LinkUnlessTwin(node, query, level, entry, state);

        // A new highest level is rare, so such insertions are serialized.
        lock (_graph.EntryLock)
        {
            entry = _graph.Entry;
            int head = entry < 0 ? -1 : LinkUnlessTwin(node, query, Math.Min(level, _graph.Record(entry).Level), entry, state);
            if (head < 0 && (entry < 0 || level > _graph.Record(entry).Level))
                _graph.SetEntry(node);
            return head;
        }
    }

    /// <summary>
    /// Selects links in diverse directions: a candidate is kept if it is nearer to the node than to every link kept so far.
    /// </summary>
    /// <param name="candidates">The candidates, nearest first.</param>
    /// <param name="most">The maximum number of links.</param>
    /// <param name="fill">
    /// The number of links up to which the nearest pruned candidates fill the list (the paper's keepPrunedConnections).
    /// </param>
    /// <param name="state">Receives the selection.</param>
    public void Choose(List<(float Distance, int Node)> candidates, int most, int fill, WalkState state)
    {
        List<(float Distance, int Node)> chosen = state.Chosen,
            passed = state.Passed;
        chosen.Clear();
        passed.Clear();
        foreach ((float distance, int node) in candidates)
        {
            if (chosen.Count == most)
                break;
            if (IsDiverse(distance, node, chosen))
                chosen.Add((distance, node));
            else
                passed.Add((distance, node));
        }

        for (int i = 0; i < passed.Count && chosen.Count < fill; i++)
            chosen.Add(passed[i]);
    }

    /// <summary>Writes the links of a node.</summary>
    public static void Write(int* links, List<(float Distance, int Node)> chosen)
    {
        for (int i = 0; i < chosen.Count; i++)
            links[i + 1] = chosen[i].Node;
        Volatile.Write(ref links[0], chosen.Count);
    }

    /// <summary>Writes links that were chosen elsewhere; the better ones if the list has room for fewer.</summary>
    public void WriteLinks(int node, int level, ReadOnlySpan<int> links, WalkState state)
    {
        int most = _graph.MaxLinks(level);
        int* own = _graph.LinksOf(node, level);
        if (links.Length <= most)
        {
            links.CopyTo(new Span<int>(own + 1, most));
            own[0] = links.Length;
            return;
        }

        List<(float Distance, int Node)> candidates = state.Candidates;
        candidates.Clear();
        foreach (int other in links)
            candidates.Add((walk.Between(node, other), other));
        candidates.Sort(Nearest);
        Choose(candidates, most, most, state);
        Write(own, state.Chosen);
    }

    /// <summary>Adds a link, or, if the list is full, keeps the better ones.</summary>
    /// <returns>Whether the link is there now.</returns>
    public bool AddLink(int from, int to, float distance, int level, WalkState state)
    {
        lock (_graph.LockOf(from))
        {
            int* links = _graph.LinksOf(from, level);
            int degree = links[0],
                most = _graph.MaxLinks(level);
            _graph.LinksChanged(from, level);
            if (TryAppend(links, most, to))
                return true;

            List<(float Distance, int Node)> candidates = state.Candidates;
            candidates.Clear();
            candidates.Add((distance, to));
            for (int i = 1; i <= degree; i++)
                candidates.Add((walk.Between(from, links[i]), links[i]));
            candidates.Sort(Nearest);
            Choose(candidates, most, most / 2, state);
            KeepNearest(from, level, most, state);
            Write(links, state.Chosen);
            return state.Chosen.Exists(link => link.Node == to);
        }
    }

    /// <summary>
    /// Adds a link on level 0, if the list is full in place of the last one, and the node that it led to is reached through the other end
    /// of the new link instead. So nothing becomes unreachable, if <paramref name="to"/> was: no path needs the link that it may drop.
    /// </summary>
    public void ForceLink(int from, int to)
    {
        if (TryAppend(from, to))
            return;
        int passedOn;
        lock (_graph.LockOf(from))
        {
            ref int last = ref _graph.LinksOf(from, 0)[_graph.MaxLinks(0)];
            (passedOn, last) = (last, to);
            _graph.LinksChanged(from, 0);
        }

        if (TryAppend(to, passedOn))
            return;
        lock (_graph.LockOf(to))
        {
            _graph.LinksOf(to, 0)[_graph.MaxLinks(0)] = passedOn;
            _graph.LinksChanged(to, 0);
        }
    }

    /// <summary>Adds a link on level 0 if there is room.</summary>
    public bool TryAppend(int from, int to)
    {
        lock (_graph.LockOf(from))
        {
            _graph.LinksChanged(from, 0);
            return TryAppend(_graph.LinksOf(from, 0), _graph.MaxLinks(0), to);
        }
    }

    private static bool TryAppend(int* links, int most, int to)
    {
        int degree = links[0];
        if (new ReadOnlySpan<int>(links + 1, degree).Contains(to))
            return true;
        if (degree >= most)
            return false;
        links[degree + 1] = to;
        Volatile.Write(ref links[0], degree + 1);
        return true;
    }

    internal static int Nearest((float Distance, int Node) a, (float Distance, int Node) b) =>
        a.Distance != b.Distance ? a.Distance.CompareTo(b.Distance) : a.Node.CompareTo(b.Node);

    private int LinkUnlessTwin(int node, byte* query, int level, int entry, WalkState state)
    {
        int top = _graph.Record(entry).Level;
        // Whether it is a twin shows on level 0 only, and must be known before anything leads to it.
        if (level > 0)
        {
            walk.Search(query, walk.Descend(query, entry, top, 1), 0, efConstruction, state, node);
            if (FindHead(node, state) is >= 0 and int head)
                return head;
        }

        int start = walk.Descend(query, entry, top, level + 1);
        for (int at = Math.Min(level, top); at >= 0; at--)
        {
            walk.Search(query, start, at, efConstruction, state, node);
            if (level == 0 && FindHead(node, state) is >= 0 and int head)
                return head;
            Gather(state);
            if (state.Candidates.Count == 0)
                continue;
            start = state.Candidates[0].Node;
            int most = Math.Min(_graph.M, _graph.MaxLinks(at));
            Choose(state.Candidates, most, most, state);
            state.Own.Clear();
            state.Own.AddRange(state.Chosen);
            WriteOwn(node, at, state);
            bool isLinked = false;
            foreach ((float distance, int other) in state.Own)
                isLinked |= AddLink(other, node, distance, at, state);
            // All that are near have enough in that direction: without a link from one, nothing would lead to it.
            if (at == 0 && !isLinked)
                ForceLink(start, node);
        }

        return -1;
    }

    private int FindHead(int node, WalkState state)
    {
        List<int> heads = state.Heads;
        heads.Clear();
        for (int i = 0; i < state.Pool.Count; i++)
        {
            int other = state.Pool.NodeAt(i);
            if (_graph.Stays(other) && HaveSameCode(node, other))
                heads.Add(other);
        }

        return heads.Count == 0 ? -1 : _graph.Twins.Choose(CollectionsMarshal.AsSpan(heads), node);
    }

    private bool HaveSameCode(int a, int b)
    {
        byte* x = _graph.Rows[a],
            y = _graph.Rows[b];
        int codes = walk.Space.CodeBytes,
            floats = (walk.Space.RowBytes - codes) / sizeof(float);
        if (!new ReadOnlySpan<byte>(x, codes).SequenceEqual(new ReadOnlySpan<byte>(y, codes)))
            return false;
        float* f = (float*)(x + codes),
            g = (float*)(y + codes);
        for (int i = 0; i < floats; i++)
        {
            if (Math.Abs(f[i] - g[i]) > SameWithin * Math.Abs(f[i]))
                return false;
        }

        return true;
    }

    // Removed nodes are linked to only where hardly anything else is near.
    private void Gather(WalkState state)
    {
        CandidatePool pool = state.Pool;
        state.Candidates.Clear();
        for (int i = 0; i < pool.Count; i++)
        {
            if (_graph.Stays(pool.NodeAt(i)))
                state.Candidates.Add((pool.DistanceAt(i), pool.NodeAt(i)));
        }

        if (state.Candidates.Count >= Math.Min(_graph.M / 2, pool.Count))
            return;
        state.Candidates.Clear();
        for (int i = 0; i < pool.Count; i++)
            state.Candidates.Add((pool.DistanceAt(i), pool.NodeAt(i)));
    }

    // A node that is far from all others would be dropped by each of them for nodes nearer by. Its nearest neighbor, where a search for it
    // ends, keeps it.
    private void KeepNearest(int from, int level, int most, WalkState state)
    {
        foreach ((float distance, int node) in state.Passed)
        {
            if (state.Chosen.Count == most)
                return;
            if (IsNearestOf(from, node, level) && !state.Chosen.Exists(link => link.Node == node))
                state.Chosen.Add((distance, node));
        }
    }

    // Links are written nearest first.
    private bool IsNearestOf(int node, int other, int level)
    {
        int* links = _graph.LinksOf(other, level);
        return links[0] > 0 && links[1] == node;
    }

    // Others may have linked to the node while it was on its way: what they wrote into its list stays.
    private void WriteOwn(int node, int level, WalkState state)
    {
        lock (_graph.LockOf(node))
        {
            int* links = _graph.LinksOf(node, level);
            int most = _graph.MaxLinks(level);
            for (int i = 1; i <= links[0] && state.Chosen.Count < most; i++)
            {
                int other = links[i];
                if (!state.Chosen.Exists(link => link.Node == other))
                    state.Chosen.Add((0, other));
            }

            Write(links, state.Chosen);
            _graph.LinksChanged(node, level);
        }
    }

    private bool IsDiverse(float distance, int node, List<(float Distance, int Node)> chosen)
    {
        foreach ((_, int other) in chosen)
        {
            float between = walk.Between(node, other);
            // Equal distances count as a different direction, unless the two vectors are identical.
            if (between < distance || (between == distance && between <= walk.Between(other, other)))
                return false;
        }

        return true;
    }
}
