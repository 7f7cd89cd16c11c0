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
            ReadOnlySpan<float> wanted = Prepare(query, state);
            return Search(wanted, topK, ef, parameters, state);
        }
        finally
        {
            _searching.ExitReadLock();
            _states.Add(state);
        }
    }

    private Neighbor[] Search(ReadOnlySpan<float> wanted, int topK, int ef, SearchParameters? parameters, WalkState state)
    {
        int count = Count;
        IdSet? filter = parameters?.Filter;
        int matching = filter is null ? count : Math.Min(count, filter.Count);
        if (matching == 0) return [];
        topK = Math.Min(topK, matching);
        int before = Volatile.Read(ref _replacements);
        if (parameters?.Exact == true)
        {
            ScanExactly(wanted, topK, filter, state);
            return Results(topK, before, state);
        }

        byte* query = _engine.QueryOf(wanted, state);
        // So many candidates, that the share of them which may be returned is as large as was asked for.
        int nodes = Volatile.Read(ref _graph.Count) - _free.Count;
        double wide = Math.Max(ef, topK) * ((double)Math.Max(nodes, matching) / matching);
        if (count > ExactCount && wide * RowsPerCandidate < matching)
        {
            _engine.Search(query, (int)wide, state);
            Finish(query, wanted, topK, filter, state);
            Neighbor[] found = Results(topK, before, state);
            if (found.Length == topK) return found;
        }

        Scan(query, Math.Max(ef, topK), filter, state);
        Finish(query, wanted, topK, filter, state);
        return Results(topK, before, state);
    }

    // Compares the candidates with the vectors themselves, nearest first, until none of the rest can be among the best.
    private void Finish(byte* query, ReadOnlySpan<float> wanted, int topK, IdSet? filter, WalkState state)
    {
        CandidatePool pool = state.Pool, best = state.Best;
        best.Reset(Room(topK));
        for (int i = 0; i < pool.Count; i++)
        {
            int node = pool.NodeAt(i);
            if (_graph.StateOf(node) != NodeState.Live || filter?.Contains(_graph.Record(node).Id) == false) continue;
            if (best.Count >= topK && pool.DistanceAt(i) - _engine.Doubt(query, node) > best.DistanceAt(topK - 1)) return;
            best.Add(Distance(wanted, node, state), node);
        }
    }

    // While an id is given another vector, both may be met; the nearer one stays.
    private Neighbor[] Results(int topK, int before, WalkState state)
    {
        CandidatePool best = state.Best;
        bool replaced = before != Volatile.Read(ref _replacements);
        List<Neighbor> found = new(Math.Min(topK, best.Count));
        for (int i = 0; i < best.Count && found.Count < topK; i++)
        {
            int node = best.NodeAt(i);
            if (_graph.StateOf(node) != NodeState.Live) continue;
            long id = _graph.Record(node).Id;
            if (replaced && found.Exists(hit => hit.Id == id)) continue;
            found.Add(new(id, Score(best.DistanceAt(i))));
        }

        found.Sort(static (a, b) => a.Score != b.Score ? b.Score.CompareTo(a.Score) : a.Id.CompareTo(b.Id));
        return [.. found];
    }

    // Room for both vectors of an id that is given another one meanwhile.
    private static int Room(int topK) => topK + 16;

    private void Scan(byte* query, int candidates, IdSet? filter, WalkState state)
    {
        CandidatePool pool = state.Pool;
        pool.Reset(Room(candidates));
        foreach (int node in Passing(filter))
        {
            float distance = _engine.Distance(query, node);
            if (!pool.Refuses(distance)) pool.Add(distance, node);
        }
    }

    private void ScanExactly(ReadOnlySpan<float> wanted, int topK, IdSet? filter, WalkState state)
    {
        state.Best.Reset(Room(topK));
        foreach (int node in Passing(filter)) state.Best.Add(Distance(wanted, node, state), node);
    }

    // The live nodes that may be returned.
    private IEnumerable<int> Passing(IdSet? filter)
    {
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
            foreach (int node in matching) yield return node;
            yield break;
        }

        for (int node = 0; node < nodes; node++)
            if (_graph.StateOf(node) == NodeState.Live && filter?.Contains(_graph.Record(node).Id) != false) yield return node;
    }

    private float Distance(ReadOnlySpan<float> wanted, int node, WalkState state)
    {
        float* at = _graph.Vectors.At(node);
        Span<float> vector = at is null ? state.Vector(Dimensions) : new(at, Dimensions);
        if (at is null) _graph.Vectors.Read(node, vector);
        fixed (float* a = wanted, b = vector)
        {
            return Options.Metric == SimilarityMetric.Euclidean
                ? FloatKernels.SquaredDistance(a, b, Dimensions)
                : -FloatKernels.Dot(a, b, Dimensions);
        }
    }

    private float Score(float distance) =>
        Options.Metric == SimilarityMetric.Euclidean ? -MathF.Sqrt(Math.Max(0, distance)) : 0f - distance;
}
