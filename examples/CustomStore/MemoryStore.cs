using Sextant;
using Sextant.Numerics;
using Sextant.Search;
using Sextant.Search.Filters;
using Sextant.Search.Storage;

namespace CustomStore;

/// <summary>An open collection in memory. It compares the query with every vector, and counts words when they are searched.</summary>
internal sealed class MemoryStore(string name, MemoryTable table) : CollectionStore
{
    public override string Name => name;

    public override Manifest Manifest => table.Manifest;

    public override Task<IReadOnlyList<CollectionHit>> SearchAsync(CollectionQuery query, CancellationToken cancellationToken)
    {
        TableState state = table.State;
        List<CollectionHit> near = [];
        Bm25Ranker words = new(KeywordAnalyzer.AnalyzeQuery(query.Keywords));
        foreach (StoredDocument document in state.ByKey.Values)
        {
            CollectionHit hit = new(document, VectorMath.ClampCosine(VectorMath.Dot(query.Vector.Span, document.Vector)));
            bool matches = query.Filter is null || FilterEvaluator.Matches(query.Filter, MetadataJson.Parse(document.Metadata));
            words.Add(hit, matches);
            if (matches)
                near.Add(hit);
        }

        IEnumerable<CollectionHit> ranked = query.Mode switch
        {
            SearchMode.Keyword => words.Best(near.Count),
            SearchMode.Semantic => ByCosine(near),
            _ => Fuse([.. ByCosine(near)], words),
        };
        return Result([.. ranked.Where(hit => hit.MeetsMinScore(query)).Skip(query.Offset).Take(query.Count)]);
    }

    public override Task<StoredDocument?> FindAsync(string id, CancellationToken cancellationToken) =>
        Task.FromResult(table.State.Find(id));

    public override Task<float[]?> FindVectorAsync(string id, CancellationToken cancellationToken) =>
        Task.FromResult(table.State.Find(id)?.Vector);

    public override Task<IReadOnlyList<StoredState?>> FindStatesAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        TableState state = table.State;
        return Result<StoredState?>([
            .. ids.Select(state.Find)
                .Select(document =>
                    document is null
                        ? (StoredState?)null
                        : new(document.Key, IncomingDocument.HashText(document.Text), document.Metadata, document.Source)
                ),
        ]);
    }

    public override Task<long> CountAsync(CancellationToken cancellationToken) => Task.FromResult((long)table.State.ByKey.Count);

    public override Task<IReadOnlyList<StoredDocument>> ReadAsync(long afterKey, int limit, CancellationToken cancellationToken) =>
        Result([.. table.State.ByKey.Values.SkipWhile(document => document.Key <= afterKey).Take(limit)]);

    public override Task<long> GetLastKeyAsync(CancellationToken cancellationToken) => Task.FromResult(table.State.LastKey);

    public override Task<IReadOnlyList<string>> FindIdsBySourceAsync(
        string source,
        Func<string, string, bool> predicate,
        CancellationToken cancellationToken
    )
    {
        string folder = Path.TrimEndingDirectorySeparator(source) + Path.DirectorySeparatorChar;
        return Result([
            .. table
                .State.ByKey.Values.Where(document =>
                    document.Source == source || document.Source.StartsWith(folder, StringComparison.Ordinal)
                )
                .Where(document => predicate(document.Id, document.Source))
                .Select(document => document.Id),
        ]);
    }

    public override Task<IReadOnlyList<WriteEffect>?> UpsertAsync(
        IReadOnlyList<IncomingDocument> documents,
        CancellationToken cancellationToken
    ) => Task.FromResult<IReadOnlyList<WriteEffect>?>(table.Upsert(documents));

    public override Task<int> DeleteAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken) =>
        Task.FromResult(table.Delete(ids));

    public override Task<CollectionInfo> GetInfoAsync(CancellationToken cancellationToken) =>
        Task.FromResult(
            new CollectionInfo
            {
                Location = name,
                Documents = table.State.ByKey.Count,
                Model = Manifest.Model,
                Fingerprint = Manifest.Fingerprint,
                Index = Manifest.Index,
                FormatVersion = 1,
                Created = Manifest.Created,
                DocumentsBytes = 0,
                IndexBytes = 0,
            }
        );

    public override Task<CollectionVerification> VerifyAsync(CancellationToken cancellationToken) =>
        Task.FromResult(new CollectionVerification(table.State.ByKey.Count, Problems: [], Recall: null));

    public override Task CompactAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // The table belongs to the provider: another engine may use it.
    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static IEnumerable<CollectionHit> ByCosine(IEnumerable<CollectionHit> hits) =>
        hits.OrderByDescending(hit => hit.Score).ThenBy(hit => hit.Document.Key);

    private static IEnumerable<CollectionHit> Fuse(IReadOnlyList<CollectionHit> near, Bm25Ranker words)
    {
        Dictionary<long, CollectionHit> found = near.ToDictionary(hit => hit.Document.Key);
        IReadOnlyList<CollectionHit> byWords = words.Best(near.Count);
        foreach (CollectionHit hit in byWords)
            found[hit.Document.Key] = hit;
        return RankFusion
            .Fuse(
                [.. near.Select(hit => (hit.Document.Key, hit.Score))],
                [.. byWords.Select(hit => (hit.Document.Key, hit.Keyword!.Score))],
                words.Weight
            )
            .Select(rank => found[rank.Key] with { SemanticRank = rank.SemanticRank, Fused = (float)rank.Score });
    }

    private static Task<IReadOnlyList<T>> Result<T>(T[] items) => Task.FromResult<IReadOnlyList<T>>(items);
}
