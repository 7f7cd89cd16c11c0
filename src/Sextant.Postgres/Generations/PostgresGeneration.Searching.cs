using Npgsql;
using Pgvector;
using Sextant.Numerics;
using Sextant.Postgres.Connections;
using Sextant.Postgres.Queries;
using Sextant.Search;
using Sextant.Search.Facets;
using Sextant.Search.Filters;
using Sextant.Search.Storage;

namespace Sextant.Postgres.Generations;

internal sealed partial class PostgresGeneration
{
    /// <summary>pgvector's own bound.</summary>
    private const int MaxEf = 1000;

    private readonly record struct Ranked(long Key, string Id, float Score)
    {
        public int? Near { get; init; }

        public SearchStage? Words { get; init; }

        public float? Fused { get; init; }

        public CollectionHit ToHit(StoredDocument document) =>
            new(document, Score)
            {
                SemanticRank = Near,
                Keyword = Words,
                Fused = Fused,
            };
    }

    // What a search of many rows seems to cost would have the server compile its few expressions, which takes longer than the search.
    private string[] Settings => _isCitus ? ["citus.propagate_set_commands = 'local'", "jit = off"] : ["jit = off"];

    public override Task<IReadOnlyList<CollectionHit>> SearchAsync(CollectionQuery query, CancellationToken cancellationToken) =>
        _server.ReadAsync(session => SearchAsync(session, query), cancellationToken);

    public override Task<IReadOnlyList<Facet>> GetFacetsAsync(
        IReadOnlyList<FieldPath> fields,
        FilterExpression? filter,
        int limit,
        CancellationToken cancellationToken
    ) =>
        _server.ReadAsync<IReadOnlyList<Facet>>(
            async session =>
            {
                PostgresFilter? condition = filter is null ? null : PostgresFilter.Translate(filter, _table, firstParameter: 1);
                List<Facet> facets = [];
                foreach (FieldPath field in fields)
                {
                    PostgresFacet facet = new(field, _table.Documents, condition, Math.Max(1, limit));
                    List<(FacetValue Value, long Distinct)> rows = await session
                        .QueryAsync(Settings, facet.Sql, PostgresFacet.Read, facet.Parameters)
                        .ConfigureAwait(false);
                    facets.Add(new(field, [.. rows.Take(limit).Select(static row => row.Value)], rows.Count == 0 ? 0 : rows[0].Distinct));
                }

                return facets;
            },
            cancellationToken
        );

    private async Task<IReadOnlyList<CollectionHit>> SearchAsync(PostgresSession session, CollectionQuery query)
    {
        int depth = (int)Math.Min(int.MaxValue, (long)query.Offset + query.Count);
        if (depth == 0)
            return [];
        List<Ranked> ranked = await RankAsync(session, query, depth).ConfigureAwait(false);
        Ranked[] page =
        [
            .. ranked
                .Where(hit => query.MinScore is not { } least || (query.Mode == SearchMode.Keyword ? hit.Words?.Score : hit.Score) >= least)
                .Skip(query.Offset)
                .Take(query.Count),
        ];
        if (page.Length == 0)
            return [];
        List<StoredDocument> documents = await session
            .QueryAsync(SelectWhole("where id = any($1)"), WithVector, [page.Select(hit => hit.Id).ToArray()])
            .ConfigureAwait(false);
        Dictionary<long, StoredDocument> byKey = documents.ToDictionary(d => d.Key);
        return [.. page.Select(hit => hit.ToHit(byKey[hit.Key]))];
    }

    private async Task<List<Ranked>> RankAsync(PostgresSession session, CollectionQuery query, int depth)
    {
        if (query.Mode == SearchMode.Semantic)
            return await NearestAsync(session, query, depth).ConfigureAwait(false);

        int wide = Math.Max(depth, RankFusion.Depth);
        (List<Ranked> words, double weight) = await KeywordsAsync(session, query, wide).ConfigureAwait(false);
        if (query.Mode == SearchMode.Keyword)
            return words;
        List<Ranked> near = await NearestAsync(session, query, wide).ConfigureAwait(false);
        Dictionary<long, Ranked> all = [];
        foreach (Ranked hit in words.Concat(near))
            all.TryAdd(hit.Key, hit);
        return RankFusion
            .Fuse([.. near.Select(hit => (hit.Key, hit.Score))], [.. words.Select(hit => (hit.Key, hit.Words!.Score))], weight)
            .Select(one => all[one.Key] with { Near = one.SemanticRank, Fused = (float)one.Score })
            .ToList();
    }

    private async Task<List<Ranked>> NearestAsync(PostgresSession session, CollectionQuery query, int depth)
    {
        if (query.Exact || !_hasIndex)
            return await ExactAsync(session, query, depth).ConfigureAwait(false);
        List<Ranked> found = await ApproximateAsync(session, query, depth).ConfigureAwait(false);
        // The scan gives up at some point. If only a few documents match, comparing them is faster than the graph.
        return found.Count < depth ? await ExactAsync(session, query, depth).ConfigureAwait(false) : found;
    }

    // The sum with 0 prevents the use of an index.
    private Task<List<Ranked>> ExactAsync(PostgresSession session, CollectionQuery query, int depth)
    {
        PostgresFilter? filter = Filter(query, 3);
        return session.QueryAsync(
            Settings,
            $"select key, id, {_table.Distance} as distance from {_table.Documents}{Where(filter)} order by ({_table.Distance}) + 0, "
                + "key limit $2",
            RankedRow,
            [new Vector(query.Vector), depth, .. Values(filter)]
        );
    }

    private async Task<List<Ranked>> ApproximateAsync(PostgresSession session, CollectionQuery query, int depth)
    {
        int candidates = _table.Candidates(depth);
        int width = Math.Clamp(Math.Max(query.EfSearch ?? Manifest.Index.EfSearch, candidates), 1, MaxEf);
        PostgresFilter? filter = Filter(query, 4);
        string[] settings = [.. Settings, $"hnsw.ef_search = {Number(width)}", "hnsw.iterative_scan = relaxed_order"];
        return await session
            .QueryAsync(
                settings,
                $"select key, id, distance from (select key, id, {_table.Distance} as distance from {_table.Documents}{Where(filter)} "
                    + $"order by {_table.IndexedDistance} limit $2) candidates order by distance, key limit $3",
                RankedRow,
                [new Vector(query.Vector), candidates, depth, .. Values(filter)]
            )
            .ConfigureAwait(false);
    }

    private PostgresFilter? Filter(CollectionQuery query, int firstParameter) =>
        query.Filter is null ? null : PostgresFilter.Translate(query.Filter, _table, firstParameter);

    private static string Where(PostgresFilter? filter) => filter is null ? "" : $" where {filter.Condition}";

    private static IEnumerable<object> Values(PostgresFilter? filter) => filter?.Parameters ?? [];

    private Ranked RankedRow(NpgsqlDataReader row)
    {
        float score = 0 - (float)row.GetDouble(2);
        return new(row.GetInt64(0), row.GetString(1), _table.Metric == SimilarityMetric.Cosine ? VectorMath.ClampCosine(score) : score);
    }
}
