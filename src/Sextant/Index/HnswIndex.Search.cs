using Sextant.Vectors;

namespace Sextant.Index;

public sealed unsafe partial class HnswIndex
{
    /// <summary>How many rows a scan compares in the time in which a walk looks at one candidate's links.</summary>
    private const int RowsPerCandidate = 20;

    /// <summary>The nearest vectors, best first; equal scores in the order of their ids.</summary>
    /// <param name="query">A row of <see cref="Dimensions"/> finite numbers.</param>
    /// <param name="topK">How many, if there are as many; 0 or more.</param>
    /// <param name="parameters">How they are looked for; the defaults when <see langword="null"/>.</param>
    /// <returns>Ids and scores: the cosine, the inner product, or the negated distance. Fewer than <paramref name="topK"/> only where fewer may be found.</returns>
    /// <exception cref="ArgumentException">The query has another length, or holds NaN or infinity.</exception>
    public Neighbor[] Search(ReadOnlySpan<float> query, int topK, SearchParameters? parameters = null)
    {
        Require(query);
        ArgumentOutOfRangeException.ThrowIfNegative(topK);
        int ef = parameters?.EfSearch ?? EfSearch;
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(ef, nameof(parameters));
        if (topK == 0) return [];
        WalkState state = Take();
        _searching.EnterReadLock();
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            byte* row = state.Row(_engine.RowBytes);
            Encode(query, row);
            return Search(row, topK, ef, parameters, state);
        }
        finally
        {
            _searching.ExitReadLock();
            _states.Add(state);
        }
    }

    private Neighbor[] Search(byte* row, int topK, int ef, SearchParameters? parameters, WalkState state)
    {
        int count = Count;
        IdSet? filter = parameters?.Filter;
        int matching = filter is null ? count : Math.Min(count, filter.Count);
        if (matching == 0) return [];
        topK = Math.Min(topK, matching);
        // So many candidates, that the share of them which may be returned is as large as was asked for.
        int nodes = Volatile.Read(ref _graph.Count) - _free.Count;
        double wide = Math.Max(ef, topK) * ((double)Math.Max(nodes, matching) / matching);
        if (parameters?.Exact != true && count > ExactCount && wide * RowsPerCandidate < matching)
        {
            Neighbor[] found = Unique(topK, filter, state, () => _engine.Search(row, (int)wide, state));
            if (found.Length == topK) return found;
        }

        return Unique(topK, filter, state, () => Scan(row, topK, filter, state));
    }

    // While an id is given another vector, both may be met; the nearer one stays.
    private Neighbor[] Unique(int topK, IdSet? filter, WalkState state, Action search)
    {
        int before = Volatile.Read(ref _replacements);
        search();
        List<Neighbor> found = new(Math.Min(topK, state.Pool.Count));
        ReadOnlySpan<float> distances = state.Pool.Distances;
        for (int i = 0; i < distances.Length && found.Count < topK; i++)
        {
            int node = state.Pool.NodeAt(i);
            if (_graph.StateOf(node) != NodeState.Live) continue;
            long id = _graph.Record(node).Id;
            if (filter?.Contains(id) == false) continue;
            if (before != Volatile.Read(ref _replacements) && found.Exists(hit => hit.Id == id)) continue;
            found.Add(new(id, Score(distances[i])));
        }

        found.Sort(static (a, b) => a.Score != b.Score ? b.Score.CompareTo(a.Score) : a.Id.CompareTo(b.Id));
        return [.. found];
    }

    private void Scan(byte* row, int topK, IdSet? filter, WalkState state)
    {
        CandidatePool pool = state.Pool;
        // Room for both of those vectors of one id.
        pool.Reset(topK + 16);
        int nodes = Volatile.Read(ref _graph.Count);
        if (filter is not null && filter.Count < nodes / 16)
        {
            List<int> matching = new(filter.Count);
            lock (_nodes)
            {
                foreach (long id in filter.Ids)
                    if (_nodes.TryGetValue(id, out int node)) matching.Add(node);
            }

            matching.Sort();
            foreach (int node in matching) pool.Add(_engine.Distance(row, node), node);
            return;
        }

        for (int node = 0; node < nodes; node++)
        {
            if (_graph.StateOf(node) != NodeState.Live || filter?.Contains(_graph.Record(node).Id) == false) continue;
            float distance = _engine.Distance(row, node);
            if (!pool.Refuses(distance)) pool.Add(distance, node);
        }
    }

    private float Score(float distance) =>
        Options.Metric == SimilarityMetric.Euclidean ? -MathF.Sqrt(Math.Max(0, distance)) : 0f - distance;
}
