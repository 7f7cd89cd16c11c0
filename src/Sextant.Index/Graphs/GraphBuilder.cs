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
    private readonly Graph _graph = walk.Graph;

    /// <summary>Links a node whose row and record are written already.</summary>
    /// <param name="node">The node.</param>
    /// <param name="query">Its vector as a query.</param>
    /// <param name="state">The working memory.</param>
    public void Insert(int node, byte* query, WalkState state)
    {
        int level = _graph.Record(node).Level;
        int entry = _graph.Entry;
        if (entry >= 0 && _graph.Record(entry).Level >= level)
        {
            Link(node, query, level, entry, state);
            return;
        }

        // A new highest level is rare, so such insertions are serialized.
        lock (_graph.EntryLock)
        {
            entry = _graph.Entry;
            if (entry >= 0) Link(node, query, Math.Min(level, _graph.Record(entry).Level), entry, state);
            if (entry < 0 || level > _graph.Record(entry).Level) _graph.SetEntry(node);
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
        List<(float Distance, int Node)> chosen = state.Chosen, passed = state.Passed;
        chosen.Clear();
        passed.Clear();
        foreach ((float distance, int node) in candidates)
        {
            if (chosen.Count == most) break;
            if (IsDiverse(distance, node, chosen)) chosen.Add((distance, node));
            else passed.Add((distance, node));
        }

        for (int i = 0; i < passed.Count && chosen.Count < fill; i++) chosen.Add(passed[i]);
    }

    /// <summary>Writes the links of a node.</summary>
    public static void Write(int* links, List<(float Distance, int Node)> chosen)
    {
        for (int i = 0; i < chosen.Count; i++) links[i + 1] = chosen[i].Node;
        Volatile.Write(ref links[0], chosen.Count);
    }

    /// <summary>Adds a link, and prunes another one if the list is full.</summary>
    public void AddLink(int from, int to, float distance, int level, WalkState state)
    {
        lock (_graph.LockOf(from))
        {
            int* links = _graph.LinksOf(from, level);
            int degree = links[0], most = _graph.MaxLinks(level);
            if (new ReadOnlySpan<int>(links + 1, degree).Contains(to)) return;
            if (degree < most)
            {
                links[degree + 1] = to;
                Volatile.Write(ref links[0], degree + 1);
                return;
            }

            List<(float Distance, int Node)> candidates = state.Candidates;
            candidates.Clear();
            candidates.Add((distance, to));
            for (int i = 1; i <= degree; i++) candidates.Add((walk.Between(from, links[i]), links[i]));
            candidates.Sort(Nearest);
            Choose(candidates, most, most / 2, state);
            Write(links, state.Chosen);
        }
    }

    internal static int Nearest((float Distance, int Node) a, (float Distance, int Node) b) =>
        a.Distance != b.Distance ? a.Distance.CompareTo(b.Distance) : a.Node.CompareTo(b.Node);

    private void Link(int node, byte* query, int level, int entry, WalkState state)
    {
        int top = _graph.Record(entry).Level;
        int start = walk.Descend(query, entry, top, level + 1);
        for (int at = Math.Min(level, top); at >= 0; at--)
        {
            walk.Search(query, start, at, efConstruction, state, node);
            Gather(state);
            if (state.Candidates.Count == 0) continue;
            LookPastEquals(node, at, state);
            start = state.Candidates[0].Node;
            Choose(state.Candidates, _graph.M, _graph.M, state);
            state.Own.Clear();
            state.Own.AddRange(state.Chosen);
            WriteOwn(node, at, state);
            foreach ((float distance, int other) in state.Own) AddLink(other, node, distance, at, state);
        }
    }

    // Removed nodes are linked to only where hardly anything else is near.
    private void Gather(WalkState state)
    {
        CandidatePool pool = state.Pool;
        state.Candidates.Clear();
        for (int i = 0; i < pool.Count; i++)
            if (_graph.Stays(pool.NodeAt(i))) state.Candidates.Add((pool.DistanceAt(i), pool.NodeAt(i)));
        if (state.Candidates.Count >= Math.Min(_graph.M / 2, pool.Count)) return;
        state.Candidates.Clear();
        for (int i = 0; i < pool.Count; i++) state.Candidates.Add((pool.DistanceAt(i), pool.NodeAt(i)));
    }

    // Where all that is near is equal to the node, links among equals would lead nowhere else: what those lead to is near as well.
    private void LookPastEquals(int node, int level, WalkState state)
    {
        List<(float Distance, int Node)> candidates = state.Candidates;
        int near = candidates.Count;
        if (near < _graph.M || candidates[near / 2].Distance > candidates[0].Distance) return;
        HashSet<int> known = [node, .. candidates.Select(static candidate => candidate.Node)];
        for (int i = 0; i < near; i++)
        {
            int* links = _graph.LinksOf(candidates[i].Node, level);
            int degree = links[0];
            for (int l = 1; l <= degree; l++)
            {
                int other = links[l];
                if (other < _graph.Count && known.Add(other) && _graph.Stays(other)) candidates.Add((walk.Between(node, other), other));
            }
        }

        candidates.Sort(Nearest);
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
                if (!state.Chosen.Exists(link => link.Node == other)) state.Chosen.Add((0, other));
            }

            Write(links, state.Chosen);
        }
    }

    private bool IsDiverse(float distance, int node, List<(float Distance, int Node)> chosen)
    {
        foreach ((_, int other) in chosen)
        {
            float between = walk.Between(node, other);
            // Equal distances count as a different direction, unless the two vectors are identical.
            if (between < distance || (between == distance && between <= walk.Between(other, other))) return false;
        }

        return true;
    }
}
