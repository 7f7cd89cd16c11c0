using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Sextant.Server.Api.Search;

/// <summary>The body of <c>POST …/search</c>. Exactly one of query, vector, id and positive is required.</summary>
internal sealed record SearchRequest
{
    /// <summary>A question, a phrase, a text.</summary>
    public string? Query { get; init; }

    /// <summary>A vector of the collection's own model.</summary>
    public float[]? Vector { get; init; }

    /// <summary>A document of the collection: others like it are found.</summary>
    public string? Id { get; init; }

    /// <summary>The ids of documents: others like their mean are found.</summary>
    public IReadOnlyList<string>? Positive { get; init; }

    /// <summary>The ids of documents that results are to be unlike; with <c>positive</c>.</summary>
    public IReadOnlyList<string>? Negative { get; init; }

    /// <summary>The most results.</summary>
    public int K { get; init; } = 10;

    /// <summary>The number of best results to skip.</summary>
    public int Offset { get; init; }

    /// <summary>A condition on the metadata, for instance <c>lang = 'en' and year >= 2020</c>.</summary>
    public string? Filter { get; init; }

    /// <summary>Rank by meaning (the default), by words, or by both; words need a query.</summary>
    [AllowedValues(SearchModeName.Semantic, SearchModeName.Keyword, SearchModeName.Hybrid)]
    public string? Mode { get; init; }

    /// <summary>A short form of the mode <c>hybrid</c>.</summary>
    public bool? Hybrid { get; init; }

    /// <summary>A model that orders the best candidates; <c>GET /v1/rerankers</c> lists them. Needs a query.</summary>
    public string? Rerank { get; init; }

    /// <summary>How many of the best documents the reranker orders, or groups are made of.</summary>
    public int? Candidates { get; init; }

    /// <summary>
    /// Groups the results by the values of this field, or with <c>source</c> by the document that they are parts of. <c>k</c> and
    /// <c>offset</c> then count groups.
    /// </summary>
    public string? GroupBy { get; init; }

    /// <summary>The most results of each group; 3 when left out.</summary>
    public int? GroupSize { get; init; }

    /// <summary>Fields whose values are counted over all documents that match the filter.</summary>
    public IReadOnlyList<string>? Facets { get; init; }

    /// <summary>The most values of each of the <c>facets</c>; 10 when left out.</summary>
    public int? FacetLimit { get; init; }

    /// <summary>Whether each result says what every stage of the search made of it.</summary>
    public bool Explain { get; init; }

    /// <summary>Leave out results whose score is lower: a cosine, from -1 to 1, unless the mode or the reranker makes it another.</summary>
    public float? MinScore { get; init; }
}

/// <summary>The answer of <c>POST …/search</c>, best first.</summary>
internal sealed record SearchResponse(IReadOnlyList<SearchResult> Results, double TookMs)
{
    /// <summary>What the scores measure, where it is not the cosine by the collection's own model.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [AllowedValues("cosine", "bm25", "probability", "logit", "relevance")]
    public string? ScoreKind { get; init; }

    /// <summary>The model that ordered the results, where one was named.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Rerank { get; init; }

    /// <summary>The values of the <c>facets</c> of the request.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<FacetBody>? Facets { get; init; }

    /// <summary>
    /// What should be known about the results, a sentence each: that the model knows no part of the query, or that no document has a field
    /// of the filter. Left out when there is nothing.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Notes { get; init; }
}

/// <summary>
/// A document that was found. Its score is the cosine similarity, from -1 to 1, unless <c>score_kind</c> says otherwise; higher is better.
/// </summary>
internal sealed record SearchResult(int Rank, string Id, float Score, string Text, JsonObject Metadata)
{
    /// <summary>The value of the field that results are grouped by; left out where the document has none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonNode? Group { get; init; }

    /// <summary>What each stage of the search made of it, where that was asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SearchStages? Stages { get; init; }
}
