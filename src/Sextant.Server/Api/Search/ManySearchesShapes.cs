using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Sextant.Server.Api.Search;

/// <summary>The body of <c>POST …/search/batch</c>: searches of one collection.</summary>
internal sealed record SearchBatchRequest
{
    /// <summary>The searches; each is the body of a search.</summary>
    public required IReadOnlyList<SearchRequest> Searches { get; init; }
}

/// <summary>The answer of <c>POST …/search/batch</c>, in the order of the request.</summary>
internal sealed record SearchBatchResponse(IReadOnlyList<SearchResponse> Responses, double TookMs);

/// <summary>The body of <c>POST /v1/search</c>: one search of several collections.</summary>
internal sealed record FederatedSearchRequest
{
    /// <summary>The names of the collections.</summary>
    public required IReadOnlyList<string> Collections { get; init; }

    /// <summary>A question, a phrase, a text.</summary>
    public required string Query { get; init; }

    /// <summary>The most results, of all collections together.</summary>
    public int K { get; init; } = 10;

    /// <summary>The number of best results to skip.</summary>
    public int Offset { get; init; }

    /// <summary>A condition on the metadata.</summary>
    public string? Filter { get; init; }

    /// <summary>Rank by meaning (the default), by words, or by both.</summary>
    [AllowedValues(SearchModeName.Semantic, SearchModeName.Keyword, SearchModeName.Hybrid)]
    public string? Mode { get; init; }

    /// <summary>A model that orders the best candidates of each collection; <c>GET /v1/rerankers</c> lists them.</summary>
    public string? Rerank { get; init; }

    /// <summary>How many of the best documents of each collection the reranker orders.</summary>
    public int? Candidates { get; init; }

    /// <summary>Whether each result says what every stage of the search made of it.</summary>
    public bool Explain { get; init; }

    /// <summary>Leave out results whose score is lower.</summary>
    public float? MinScore { get; init; }

    /// <summary>The same search of one collection.</summary>
    public SearchRequest Each() =>
        new()
        {
            Query = Query,
            K = K,
            Offset = Offset,
            Filter = Filter,
            Mode = Mode,
            Rerank = Rerank,
            Candidates = Candidates,
            Explain = Explain,
            MinScore = MinScore,
        };
}

/// <summary>The answer of <c>POST /v1/search</c>, best first.</summary>
/// <param name="Results">The results.</param>
/// <param name="OrderedBy">
/// <c>score</c> where the scores of all collections are comparable: one model and metric, or one reranker. Otherwise <c>rank</c>: first
/// the best of each collection, then the second best.
/// </param>
/// <param name="TookMs">The time that the searches took.</param>
internal sealed record FederatedSearchResponse(
    IReadOnlyList<FederatedResultBody> Results,
    [property: AllowedValues("score", "rank")] string OrderedBy,
    double TookMs
)
{
    /// <summary>What should be known about the results, a sentence each.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Notes { get; init; }
}

/// <summary>A document that a search of several collections found.</summary>
internal sealed record FederatedResultBody(string Collection, int Rank, string Id, float Score, string Text, JsonObject Metadata)
{
    /// <summary>What the score measures, where it is not the cosine by the collection's own model.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [AllowedValues("cosine", "bm25", "probability", "logit", "relevance", "dot", "euclidean")]
    public string? ScoreKind { get; init; }

    /// <summary>What each stage of the search made of it, where that was asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SearchStages? Stages { get; init; }
}
