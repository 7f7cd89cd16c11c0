using System.Globalization;
using Sextant.Index;
using Sextant.Numerics;
using Sextant.Search.Browsing;
using Sextant.Search.Facets;
using Sextant.Search.Filters;
using Sextant.Search.Storage.Documents;
using Sextant.Search.Storage.Graph;
using Sextant.Search.Storage.Keywords;

namespace Sextant.Search.Storage.Local;

internal sealed partial class LocalCollection
{
    /// <summary>Two ways to add up the same products may differ by this much, relative to scores above 1.</summary>
    private const float SameScore = 1e-5f;

    public override Task<IReadOnlyList<CollectionHit>> SearchAsync(CollectionQuery query, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<CollectionHit>>(reader => Search(query, reader, cancellationToken), cancellationToken);

    public override Task<IReadOnlyList<Facet>> GetFacetsAsync(
        IReadOnlyList<FieldPath> fields,
        FilterExpression? filter,
        int limit,
        CancellationToken cancellationToken
    )
    {
        string question = string.Create(
            CultureInfo.InvariantCulture,
            $"{limit} {string.Join(", ", fields.Select(FilterFields.Quote))} where {filter}"
        );
        return ReadAsync(
            reader => _facets.Get(question, reader, one => one.Facets(fields, filter, limit, cancellationToken)),
            cancellationToken
        );
    }

    public override Task<BrowseResult> BrowseAsync(BrowseOptions options, CancellationToken cancellationToken) =>
        ReadAsync(reader => reader.Browse(options, cancellationToken), cancellationToken);

    private IdSet MatchingIn(DocumentReader reader, FilterExpression filter) =>
        _filters.Get(filter.ToString(), reader, one => new(one.Matching(filter)));

    private List<CollectionHit> Search(CollectionQuery query, DocumentReader reader, CancellationToken cancellationToken)
    {
        for (bool wait = false; ; wait = true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            // Whether the graph is of this database at all is known below, in the state that is read.
            if (wait || reader.Changes().Last != _index.Change)
                FollowOtherWriters(reader, wait, cancellationToken);
            List<CollectionHit>? hits = null;
            reader.InOneState(last =>
            {
                Manifest manifest = Manifest;
                GraphSource source = reader.Source();
                // Moved to another model or replaced a moment ago; the graph is about to follow.
                if (source != _index.Source || source.Fingerprint != manifest.Fingerprint)
                    return;
                if (query.Vector.Length != manifest.Dimensions || (query.ModelFingerprint is { } made && made != manifest.Fingerprint))
                    throw new ModelChangedException(Name, manifest);
                hits = SearchIn(source, query, last, reader, cancellationToken);
            });
            if (hits is not null)
                return hits;
        }
    }

    // Null if the graph has been replaced by one of another model or file.
    private List<CollectionHit>? SearchIn(
        GraphSource source,
        CollectionQuery query,
        long last,
        DocumentReader reader,
        CancellationToken cancellationToken
    )
    {
        IdSet? filter = query.Filter is null ? null : MatchingIn(reader, query.Filter);
        int depth = (int)Math.Min(_index.Count, (long)query.Offset + query.Count);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            bool isCurrent = _index.Change == last;
            if (Rank(source, query, filter, depth, reader) is not { } ranked)
                return null;
            isCurrent &= _index.Change == last;
            List<CollectionHit> hits = new(Math.Min(query.Count, ranked.Count));
            int gone = 0;
            bool isMoved = false;
            foreach (Ranked found in ranked.Skip(query.Offset))
            {
                if (hits.Count == query.Count)
                    break;
                if (reader.Find(found.Key) is not { } document)
                {
                    if (isCurrent)
                        reader.RequireDeleted(found.Key);
                    gone++;
                    continue;
                }

                // The graph may hold a vector that was replaced since, or one that was damaged: what counts is the one that came with the
                // text.
                float actual = Similarity(query, document.Vector);
                bool isSame = found.Cosine is { } given && Math.Abs(given - actual) <= SameScore * Math.Max(1, Math.Abs(actual));
                isMoved |= found.Cosine is not null && !isSame;
                hits.Add(
                    new(document, isSame ? found.Cosine!.Value : actual)
                    {
                        SemanticRank = found.Near,
                        Keyword = found.Words,
                        Fused = found.Fused,
                    }
                );
            }

            if (isMoved)
                Reorder(query, hits);
            // A document deleted since the graph was asked leaves a gap; look a little further for those behind it.
            if (gone == 0 || ranked.Count < depth || hits.Count == query.Count || depth >= _index.Count)
                return hits;
            depth = Math.Min(_index.Count, depth + gone);
        }
    }

    private static void Reorder(CollectionQuery query, List<CollectionHit> hits)
    {
        hits.RemoveAll(hit => !hit.MeetsMinScore(query));
        if (query.Mode == SearchMode.Semantic)
            hits.Sort(static (a, b) => a.Score != b.Score ? b.Score.CompareTo(a.Score) : a.Document.Key.CompareTo(b.Document.Key));
    }

    private List<Ranked>? Rank(GraphSource source, CollectionQuery query, IdSet? filter, int depth, DocumentReader reader)
    {
        if (query.Mode == SearchMode.Semantic)
        {
            return Nearest(source, query, filter, depth) is { } nearest
                ? AboveMinimum(query, nearest.Select(near => new Ranked(near.Key, near.Score)))
                : null;
        }

        int wide = Math.Max(depth, RankFusion.Depth);
        KeywordRanking keywords = query.Keywords.Count > 0 ? reader.Keywords(query.Keywords) : new([], []);
        List<(long Key, float Score)> words = [.. keywords.Found.Where(found => filter is null || filter.Contains(found.Key)).Take(wide)];
        if (query.Mode == SearchMode.Keyword)
        {
            return
            [
                .. words
                    .Where(one => query.MinScore is not { } least || one.Score >= least)
                    .Select((one, i) => new Ranked(one.Key, null) { Words = new(one.Score, i + 1) }),
            ];
        }

        if (Nearest(source, query, filter, Math.Min(wide, _index.Count)) is not { } found)
            return null;
        List<(long Key, float Score)> near = [.. found];
        double weight = keywords.Frequencies.Sum(documents => RankFusion.InverseDocumentFrequency(documents, _index.Count));
        return AboveMinimum(
            query,
            RankFusion
                .Fuse(near, words, weight)
                .Select(one => new Ranked(one.Key, one.SemanticRank is { } place ? near[place - 1].Score : Score(query, one.Key, reader))
                {
                    Near = one.SemanticRank,
                    Words = one.KeywordRank is { } rank ? new(words[rank - 1].Score, rank) : null,
                    Fused = (float)one.Score,
                })
        );
    }

    // The score is what the index says; equal scores come in the order in which the documents did.
    private IEnumerable<(long Key, float Score)>? Nearest(GraphSource source, CollectionQuery query, IdSet? filter, int depth) =>
        depth == 0
            ? []
            : _index
                .Search(
                    source,
                    query.Vector,
                    depth,
                    new()
                    {
                        EfSearch = query.EfSearch,
                        Exact = query.Exact,
                        Filter = filter,
                    }
                )
                ?.Select(n => (n.Id, Manifest.Metric == SimilarityMetric.Cosine ? VectorMath.ClampCosine(n.Score) : n.Score))
                .OrderByDescending(n => n.Item2)
                .ThenBy(n => n.Id);

    private static List<Ranked> AboveMinimum(CollectionQuery query, IEnumerable<Ranked> ranked) =>
        [.. query.MinScore is { } minimum ? ranked.Where(hit => hit.Cosine >= minimum) : ranked];

    // Only a minimum needs it for every candidate. It is null, below any minimum, where the document is gone.
    private float? Score(CollectionQuery query, long key, DocumentReader reader) =>
        query.MinScore is not null && reader.FindVector(key, Manifest.Dimensions) is { } vector ? Similarity(query, vector) : null;

    private float Similarity(CollectionQuery query, float[]? vector) => VectorMath.Score(Manifest.Metric, query.Vector.Span, vector);

    // Another process may have written. While this one is changing the graph itself, the graph it has is new enough.
    private void FollowOtherWriters(DocumentReader reader, bool wait, CancellationToken cancellationToken)
    {
        if (!wait && reader.Changes().Last == _index.Change && reader.Source() == _index.Source)
            return;
        if (!_changing.Wait(wait ? Timeout.Infinite : 0, cancellationToken))
            return;
        try
        {
            _index.CatchUp(reader, cancellationToken);
        }
        finally
        {
            _changing.Release();
        }
    }

    // A cosine that the graph has not computed is null, until it is known whether the document is asked for at all.
    private readonly record struct Ranked(long Key, float? Cosine)
    {
        public int? Near { get; init; }

        public SearchStage? Words { get; init; }

        public float? Fused { get; init; }
    }
}
