using System.Text.Json.Nodes;

namespace Sextant.Server.Api.VectorStores;

/// <summary>The body of <c>POST /v1/vector_stores/{id}/search</c>.</summary>
internal sealed record VectorStoreSearch
{
    /// <summary>A question, or several, whose results are merged.</summary>
    public required TextOrTexts Query { get; init; }

    /// <summary>A comparison or a combination of them, on the attributes of files.</summary>
    public JsonObject? Filters { get; init; }

    /// <summary>From 1 to 50.</summary>
    public int MaxNumResults { get; init; } = 10;

    public RankingOptions? RankingOptions { get; init; }

    /// <summary>Must be <see langword="false"/>: the service does not rewrite queries.</summary>
    public bool RewriteQuery { get; init; }
}

/// <summary>How results are ranked.</summary>
internal sealed record RankingOptions
{
    /// <summary><c>auto</c>, <c>none</c>, or a reranker of <c>GET /v1/rerankers</c>.</summary>
    public string? Ranker { get; init; }

    /// <summary>Leave out results with a lower score.</summary>
    public float? ScoreThreshold { get; init; }

    /// <summary>Rank by words as well as by meaning.</summary>
    public HybridSearch? HybridSearch { get; init; }
}

/// <summary>The weights that OpenAI's clients send. A positive weight of words ranks by both, with the service's own weights.</summary>
internal sealed record HybridSearch(float EmbeddingWeight, float TextWeight);

/// <summary>The results of a search, best first.</summary>
internal sealed record VectorStoreSearchPage(
    string Object,
    IReadOnlyList<string> SearchQuery,
    IReadOnlyList<VectorStoreHit> Data,
    bool HasMore,
    string? NextPage
);

/// <summary>A part of a file that was found.</summary>
internal sealed record VectorStoreHit(
    string FileId,
    string Filename,
    float Score,
    JsonObject Attributes,
    IReadOnlyList<TextContent> Content
);
