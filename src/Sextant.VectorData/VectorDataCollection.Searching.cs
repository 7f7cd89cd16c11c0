using Microsoft.Extensions.VectorData;
using Sextant.Numerics;
using Sextant.Search;
using Sextant.Search.Filters;
using Sextant.Search.Storage;
using Hybrid = Microsoft.Extensions.VectorData.IKeywordHybridSearchable<System.Collections.Generic.Dictionary<string, object?>>;

namespace Sextant.VectorData;

internal sealed partial class VectorDataCollection
{
    /// <summary>How much more is asked for when a filter has let too little through.</summary>
    private const int Wider = 4;

    private Hybrid? StoreHybrid => records as Hybrid ?? records.GetService(typeof(Hybrid)) as Hybrid;

    public override async Task<IReadOnlyList<CollectionHit>> SearchAsync(CollectionQuery query, CancellationToken cancellationToken)
    {
        int depth = (int)Math.Min(int.MaxValue / Wider, (long)query.Offset + query.Count);
        if (depth == 0)
            return [];
        FilterExpression? filter = query.Filter;
        IReadOnlyList<CollectionHit> ranked = query.Mode switch
        {
            SearchMode.Semantic => await NearestAsync(query, filter, depth, cancellationToken).ConfigureAwait(false),
            SearchMode.Keyword => (
                await KeywordsAsync(query, filter, Math.Max(depth, RankFusion.Depth), cancellationToken).ConfigureAwait(false)
            ).Found,
            _ => await HybridAsync(query, filter, Math.Max(depth, RankFusion.Depth), cancellationToken).ConfigureAwait(false),
        };
        return [.. ranked.Where(hit => hit.MeetsMinScore(query)).Skip(query.Offset).Take(query.Count)];
    }

    private async Task<List<CollectionHit>> HybridAsync(
        CollectionQuery query,
        FilterExpression? filter,
        int wide,
        CancellationToken cancellationToken
    )
    {
        if (query.Keywords.Count > 0 && StoreHybrid is { } own)
            return await HybridAsync(own, query, filter, wide, cancellationToken).ConfigureAwait(false);
        List<CollectionHit> near = await NearestAsync(query, filter, wide, cancellationToken).ConfigureAwait(false);
        (IReadOnlyList<CollectionHit> words, double weight) = await KeywordsAsync(query, filter, wide, cancellationToken)
            .ConfigureAwait(false);
        Dictionary<long, CollectionHit> all = [];
        foreach (CollectionHit hit in words.Concat(near))
            all.TryAdd(hit.Document.Key, hit);
        return RankFusion
            .Fuse(
                [.. near.Select(hit => (hit.Document.Key, hit.Score))],
                [.. words.Select(hit => (hit.Document.Key, hit.Keyword!.Score))],
                weight
            )
            .Select(one => all[one.Key] with { SemanticRank = one.SemanticRank, Fused = (float)one.Score })
            .ToList();
    }

    // The order is the store's, the score is the cosine, as everywhere.
    private async Task<List<CollectionHit>> HybridAsync(
        Hybrid own,
        CollectionQuery query,
        FilterExpression? filter,
        int depth,
        CancellationToken cancellationToken
    )
    {
        HybridSearchOptions<Dictionary<string, object?>> options = new() { IncludeVectors = true };
        for (int top = depth; ; top = (int)Math.Min(int.MaxValue, (long)top * Wider))
        {
            List<CollectionHit> hits = [];
            int given = 0;
            await foreach (
                VectorSearchResult<Dictionary<string, object?>> result in own.HybridSearchAsync(
                        query.Vector,
                        [.. query.Keywords],
                        top,
                        options,
                        cancellationToken
                    )
                    .ConfigureAwait(false)
            )
            {
                given++;
                StoredDocument document = VectorDataRecord.Read(result.Record, manifest);
                if (Matches(filter, document))
                    hits.Add(new(document, Similarity(query, document)) { Fused = (float?)result.Score });
            }

            if (given < top || hits.Count >= depth)
                return hits;
        }
    }

    private async Task<List<CollectionHit>> NearestAsync(
        CollectionQuery query,
        FilterExpression? filter,
        int depth,
        CancellationToken cancellationToken
    )
    {
        // One more than requested shows whether ties continue after the last result.
        for (int top = checked(depth + 1); ; top = (int)Math.Min(int.MaxValue, (long)top * Wider))
        {
            List<CollectionHit> hits = [];
            int given = 0;
            VectorSearchOptions<Dictionary<string, object?>> options = new() { IncludeVectors = true };
            await foreach (
                VectorSearchResult<Dictionary<string, object?>> result in records
                    .SearchAsync(query.Vector, top, options, cancellationToken)
                    .ConfigureAwait(false)
            )
            {
                given++;
                StoredDocument document = VectorDataRecord.Read(result.Record, manifest);
                if (Matches(filter, document))
                    hits.Add(new(document, Similarity(query, document)));
            }

            hits = [.. hits.OrderByDescending(hit => hit.Score).ThenBy(hit => hit.Document.Key)];
            bool equalsGoOn = query.Exact && hits.Count > depth && hits[^1].Score == hits[depth - 1].Score;
            if (given < top || (hits.Count >= depth && !equalsGoOn))
                return hits.Count > depth ? hits[..depth] : hits;
        }
    }

    // A pass over everything: the abstraction has no search by words alone.
    private async Task<(IReadOnlyList<CollectionHit> Found, double Weight)> KeywordsAsync(
        CollectionQuery query,
        FilterExpression? filter,
        int wide,
        CancellationToken cancellationToken
    )
    {
        string[] terms = [.. KeywordAnalyzer.AnalyzeQuery(query.Keywords)];
        if (terms.Length == 0)
            return ([], 0);
        Bm25Ranker ranking = new(terms);
        await foreach (StoredDocument document in ScanAsync(vectors: true, cancellationToken).ConfigureAwait(false))
            ranking.Add(new(document, Similarity(query, document)), Matches(filter, document));
        return (ranking.Best(wide), ranking.Weight);
    }

    private static bool Matches(FilterExpression? filter, StoredDocument document) =>
        filter is null || FilterEvaluator.Matches(filter, MetadataJson.Parse(document.Metadata));

    private float Similarity(CollectionQuery query, StoredDocument document) =>
        VectorMath.Score(manifest.Metric, query.Vector.Span, document.Vector);
}
