using System.Runtime.CompilerServices;
using Sextant.Index.Graphs;
using Sextant.Index.Traversal;
using Sextant.Numerics;

namespace Sextant.Index;

public sealed unsafe partial class HnswIndex
{
    /// <summary>How many rows a scan compares in the time in which a walk looks at one candidate's links, at least.</summary>
    private const int RowsPerCandidate = 20;

    /// <summary>The same for a walk under a filter, which keeps more books; measured with 100,000 × 384: 70 to 150 rows.</summary>
    private const int RowsPerFilteredCandidate = 100;

    private const int FewVectors = 256;

    /// <summary>
    /// Room for candidates of a scan for each result: codes of a bit order them so roughly that they need all that a walk is given.
    /// </summary>
    private const int CandidatesPerResult = 4;

    /// <summary>The nodes of the filters that were used last; a filter that is forgotten is forgotten here as well.</summary>
    private readonly ConditionalWeakTable<IdSet, NodeSet> _passing = [];

    /// <summary>The nearest vectors, best first; equal scores in the order of their ids.</summary>
    /// <param name="query">A row of <see cref="Dimensions"/> finite numbers.</param>
    /// <param name="topK">How many, if there are as many; 0 or more.</param>
    /// <param name="parameters">How they are looked for; the defaults when <see langword="null"/>.</param>
    /// <returns>
    /// Ids and scores: the cosine, the inner product, or the negated distance. Fewer than <paramref name="topK"/> only where fewer may be
    /// found.
    /// </returns>
    /// <exception cref="ArgumentException">The query has another length, or holds NaN or infinity.</exception>
    public Neighbor[] Search(ReadOnlySpan<float> query, int topK, SearchParameters? parameters = null)
    {
        Require(query);
        ArgumentOutOfRangeException.ThrowIfNegative(topK);
        int ef = parameters?.EfSearch ?? EfSearch;
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(ef, nameof(parameters));
        if (topK == 0)
            return [];
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
        NodeSet? passing = filter is null ? null : Passing(filter);
        int matching = Math.Min(count, passing?.Count ?? count);
        if (matching == 0)
            return [];
        topK = Math.Min(topK, matching);
        int before = Volatile.Read(ref _replacements);
        // With so few vectors in memory, comparing them is faster than encoding the query.
        bool few = passing is not null && matching <= FewVectors && Options.Storage == VectorStorage.Float32;
        if (few || parameters?.Exact == true)
        {
            ScanExactly(wanted, topK, passing, filter, state);
            return Results(topK, before, state);
        }

        byte* query = _engine.QueryOf(wanted, state);
        int candidates = Math.Max(ef, topK);
        if (count > ExactCount && Walk(query, candidates, matching, passing, state))
        {
            Finish(query, wanted, topK, filter, state);
            Neighbor[] found = Results(topK, before, state);
            if (found.Length == topK)
                return found;
        }

        if (Options.Storage != VectorStorage.Bit)
            candidates = Math.Min(candidates, CandidatesPerResult * topK);
        state.Pool.Reset(Room(candidates));
        _engine.Scan(query, passing, state);
        Finish(query, wanted, topK, filter, state);
        return Results(topK, before, state);
    }

    // Unless comparing all that may be returned takes less time.
    private bool Walk(byte* query, int candidates, int matching, NodeSet? passing, WalkState state)
    {
        int mostSteps = matching / (passing is null ? RowsPerCandidate : RowsPerFilteredCandidate);
        double share = (double)matching / Math.Max(Volatile.Read(ref _graph.Count) - _free.Count, matching);
        if (candidates / share > mostSteps)
            return false;
        if (passing is not null)
            return _engine.Search(query, passing, candidates, mostSteps, state);
        // So many candidates, that the share of them which is not removed is as large as was asked for.
        _engine.Search(query, (int)(candidates / share), state);
        return true;
    }

    // Compares the candidates with the vectors themselves, nearest first, until none of the rest can be among the best.
    private void Finish(byte* query, ReadOnlySpan<float> wanted, int topK, IdSet? filter, WalkState state)
    {
        CandidatePool pool = state.Pool,
            best = state.Best;
        best.Reset(Room(topK));
        for (int i = 0; i < pool.Count; i++)
            _graph.Records.Prefetch(pool.NodeAt(i));
        for (int i = 0; i < pool.Count; i++)
        {
            int node = pool.NodeAt(i);
            if (!_graph.Twins.Has(node) && (_graph.StateOf(node) != NodeState.Live || filter?.Contains(_graph.Record(node).Id) == false))
                continue;
            if (best.Count >= topK && pool.DistanceAt(i) - _engine.Doubt(query, node) > best.DistanceAt(topK - 1))
                return;
            List<(float Distance, int Node)> compared = Compare(wanted, node, Room(topK), filter, state);
            // Of equal vectors with several heads, the ids decide which are returned: all must be there.
            if (compared.Count > 1)
                best.Widen(compared.Count);
            foreach ((float distance, int found) in compared)
            {
                if (best.Count < topK || distance <= best.DistanceAt(topK - 1))
                    best.Add(distance, found);
            }
        }
    }

    // Compares what a node of the graph stands for: itself, or, if it has twins, each distinct vector among them once.
    private List<(float Distance, int Node)> Compare(ReadOnlySpan<float> wanted, int node, int most, IdSet? filter, WalkState state)
    {
        List<(float Distance, int Node)> found = state.Found;
        found.Clear();
        if (!_graph.Twins.Has(node))
        {
            if (_graph.StateOf(node) == NodeState.Live && filter?.Contains(_graph.Record(node).Id) != false)
                found.Add((Distance(wanted, node, state), node));
            return found;
        }

        _graph.Twins.List(node, most, filter, state.Twins);
        int compared = -1;
        float distance = 0;
        foreach ((int twin, int vector) in state.Twins)
        {
            if (vector != compared)
                (compared, distance) = (vector, Distance(wanted, vector, state));
            found.Add((distance, twin));
        }

        return found;
    }

    // While an id is given another vector, both may be met; the nearer one stays.
    private Neighbor[] Results(int topK, int before, WalkState state)
    {
        CandidatePool best = state.Best;
        bool replaced = before != Volatile.Read(ref _replacements);
        List<Neighbor> found = new(Math.Min(topK, best.Count));
        for (int i = 0; i < best.Count; i++)
        {
            float score = Score(best.DistanceAt(i));
            // Node numbers depend on thread timing, so of equal scores those with the lowest ids may come later.
            if (found.Count >= topK && score < found[^1].Score)
                break;
            int node = best.NodeAt(i);
            if (!_graph.IsFound(node))
                continue;
            long id = _graph.Record(node).Id;
            if (replaced && found.Exists(hit => hit.Id == id))
                continue;
            found.Add(new(id, score));
        }

        found.Sort(Better);
        return [.. found.Take(topK)];
    }

    private static int Better(Neighbor a, Neighbor b) => a.Score != b.Score ? b.Score.CompareTo(a.Score) : a.Id.CompareTo(b.Id);

    // Extra capacity for both vectors of an id that is replaced concurrently.
    private static int Room(int topK) => topK + 16;

    private void ScanExactly(ReadOnlySpan<float> wanted, int topK, NodeSet? passing, IdSet? filter, WalkState state)
    {
        CandidatePool best = state.Best;
        int room = Room(topK);
        best.Reset(room);
        foreach (int node in Nodes(passing))
        {
            foreach ((float distance, int found) in Compare(wanted, node, room, filter, state))
                best.Add(distance, found);
        }

        if (best.Count < room || best.DistanceAt(best.Count - 1) > best.DistanceAt(topK - 1))
            return;

        // More are as far as the last than there was room for, and which of them come first is for their ids to say.
        float last = best.DistanceAt(topK - 1);
        List<(float Distance, int Node)> all =
        [
            .. Enumerable.Range(0, topK).Select(i => (best.DistanceAt(i), best.NodeAt(i))).Where(near => near.Item1 < last),
        ];
        foreach (int node in Nodes(passing))
            all.AddRange(Compare(wanted, node, room, filter, state).Where(found => found.Distance == last));
        best.Reset(all.Count);
        foreach ((float distance, int node) in all)
            best.Add(distance, node);
    }

    private IEnumerable<int> Nodes(NodeSet? passing) => passing?.Members ?? Enumerable.Range(0, Volatile.Read(ref _graph.Count));

    // The nodes of ids that existed when the search started, except those removed since.
    private NodeSet Passing(IdSet filter)
    {
        long additions;
        int nodes;
        List<int> members = [];
        lock (_nodes)
        {
            (additions, nodes) = (_additions, _graph.Count);
            if (_passing.TryGetValue(filter, out NodeSet? known) && known.Additions == additions)
                return known;
            if (filter.Count < nodes / 16)
            {
                foreach (long id in filter.Ids)
                {
                    if (_nodes.TryGetValue(id, out int node))
                        members.Add(node);
                }
            }
        }

        IEnumerable<int> found = filter.Count < nodes / 16 ? members : Enumerable.Range(0, nodes).Where(IsIn);
        // Twins are met through their heads.
        NodeSet passing = NodeSet.Create(
            found.Select(node => _graph.StateOf(node) == NodeState.Twin ? _graph.Twins.HeadOf(node) : node),
            nodes,
            additions
        );
        _passing.AddOrUpdate(filter, passing);
        return passing;

        bool IsIn(int node) => _graph.IsFound(node) && filter.Contains(_graph.Record(node).Id);
    }

    private float Distance(ReadOnlySpan<float> wanted, int node, WalkState state)
    {
        float* at = _graph.Vectors.GetRow(node);
        Span<float> vector = at is null ? state.Vector(Dimensions) : new(at, Dimensions);
        if (at is null)
            _graph.Vectors.Read(node, vector);
        fixed (
            float* a = wanted,
                b = vector
        )
        {
            return Options.Metric == SimilarityMetric.Euclidean
                ? FloatKernels.SquaredDistance(a, b, Dimensions)
                : -FloatKernels.Dot(a, b, Dimensions);
        }
    }

    private float Score(float distance) =>
        Options.Metric == SimilarityMetric.Euclidean ? -MathF.Sqrt(Math.Max(0, distance)) : 0f - distance;
}
