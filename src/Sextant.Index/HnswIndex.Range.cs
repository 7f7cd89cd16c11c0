using Sextant.Index.Traversal;
using Sextant.Numerics;

namespace Sextant.Index;

public sealed unsafe partial class HnswIndex
{
    /// <summary>All vectors with at least this score, best first; equal scores in the order of their ids.</summary>
    /// <param name="query">A row of <see cref="Dimensions"/> finite numbers.</param>
    /// <param name="minScore">The lowest score: a cosine, an inner product, or a negated distance.</param>
    /// <param name="parameters">
    /// <see cref="SearchParameters.EfSearch"/> is the number of nearest vectors from which the search spreads over the graph; like any
    /// search of a graph, it may miss some. With <see cref="SearchParameters.Exact"/> it misses none.
    /// </param>
    /// <exception cref="ArgumentException">The query has another length, or holds NaN or infinity; or the score is NaN.</exception>
    public Neighbor[] SearchRange(ReadOnlySpan<float> query, float minScore, SearchParameters? parameters = null)
    {
        Require(query);
        if (float.IsNaN(minScore))
            throw new ArgumentException("The score is not a number.", nameof(minScore));
        int ef = parameters?.EfSearch ?? EfSearch;
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(ef, nameof(parameters));
        WalkState state = Take();
        _searching.EnterReadLock();
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return SearchRange(Prepare(query, state), minScore, ef, parameters, state);
        }
        finally
        {
            _searching.ExitReadLock();
            _states.Add(state);
        }
    }

    private Neighbor[] SearchRange(ReadOnlySpan<float> wanted, float minScore, int ef, SearchParameters? parameters, WalkState state)
    {
        int count = Count;
        if (count == 0)
            return [];
        IdSet? filter = parameters?.Filter;
        NodeSet? passing = filter is null ? null : Passing(filter);
        IEnumerable<int> nodes;
        if (parameters?.Exact == true || count <= ExactCount)
        {
            nodes = Nodes(passing);
        }
        else
        {
            byte* query = _engine.QueryOf(wanted, state);
            _engine.Search(query, ef, state);
            // The vectors themselves decide, so that what rounding adds to a distance must not leave one out here.
            _engine.Spread(query, LimitOf(minScore), state);
            nodes = state.Within;
        }

        List<Neighbor> found = [];
        HashSet<long> known = [];
        foreach (int node in nodes)
        {
            foreach ((float distance, int at) in Compare(wanted, node, count, filter, state))
            {
                // An id that is being replaced may be met with both of its vectors.
                if (Score(distance) is var score && score >= minScore && _graph.IsFound(at) && known.Add(_graph.Record(at).Id))
                    found.Add(new(_graph.Record(at).Id, score));
            }
        }

        found.Sort(Better);
        return [.. found];
    }

    private float LimitOf(float minScore) =>
        Options.Metric != SimilarityMetric.Euclidean ? -minScore
        : minScore > 0 ? float.NegativeInfinity
        : minScore * minScore;
}
