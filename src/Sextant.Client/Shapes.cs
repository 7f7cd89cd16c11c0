using System.Text.Json.Nodes;

namespace Sextant.Client;

// Internal wire types; names become snake case.
internal sealed record CreateRequest(string? Model, int? Dimensions);

internal sealed record ModelsAnswer(IReadOnlyList<ModelAnswer> Data);

internal sealed record ModelAnswer(string Id);

internal sealed record CollectionsAnswer(IReadOnlyList<CollectionDescription> Data);

internal sealed record DeletionAnswer(bool Deleted);

internal sealed record SearchAnswer(IReadOnlyList<SearchResult> Results, IReadOnlyList<string>? Notes = null, string? ScoreKind = null);

internal sealed record PatchRequest(JsonObject Metadata, string? If);

internal sealed record PatchManyRequest(JsonObject Metadata, string? Filter, bool DryRun);

internal sealed record DeletedAnswer(int Deleted);

internal sealed record PageAnswer(IReadOnlyList<StoredDocument> Documents, string? NextCursor = null);

internal sealed record BatchRequest(IEnumerable<SearchRequest> Searches);

internal sealed record BatchAnswer(IReadOnlyList<SearchAnswer> Responses);

internal sealed record FederatedRequest(
    IEnumerable<string> Collections,
    string Query,
    int K,
    int Offset,
    string? Filter,
    SearchMode? Mode,
    string? Rerank,
    int? Candidates,
    bool? Explain,
    float? MinScore
);

internal sealed record FederatedAnswer(IReadOnlyList<FederatedHit> Results, string OrderedBy, IReadOnlyList<string>? Notes = null);

internal sealed record FederatedHit(string Collection, int Rank, string Id, float Score, string Text, JsonObject Metadata)
{
    public string ScoreKind { get; init; } = "cosine";

    public SearchStages? Stages { get; init; }
}

internal sealed record FacetsRequest(IEnumerable<string> Facets, int FacetLimit, string? Filter);

internal sealed record FacetsAnswer(IReadOnlyList<Facet> Facets);

internal sealed record MapAnswer(IReadOnlyList<string> Ids, string Positions);

internal sealed record ErrorAnswer(ErrorDetail? Error);

internal sealed record ErrorDetail(string? Message, string? Code, string? Param);

internal sealed record EmbeddingsRequest(
    string Model,
    IReadOnlyList<string> Input,
    int? Dimensions,
    string EncodingFormat,
    string? InputType
);

internal sealed record EmbeddingsAnswer(IReadOnlyList<EmbeddingAnswer> Data, string Model, UsageAnswer? Usage);

internal sealed record EmbeddingAnswer(int Index, string Embedding);

internal sealed record UsageAnswer(long PromptTokens, long TotalTokens);

internal sealed record SearchRequest
{
    public string? Query { get; init; }

    public float[]? Vector { get; init; }

    public string? Id { get; init; }

    public IEnumerable<string>? Positive { get; init; }

    public IEnumerable<string>? Negative { get; init; }

    public int K { get; init; }

    public int Offset { get; init; }

    public string? Filter { get; init; }

    public SearchMode? Mode { get; init; }

    public bool? Hybrid { get; init; }

    public string? Rerank { get; init; }

    public int? Candidates { get; init; }

    public string? GroupBy { get; init; }

    public int? GroupSize { get; init; }

    public bool? Explain { get; init; }

    public float? MinScore { get; init; }
}
