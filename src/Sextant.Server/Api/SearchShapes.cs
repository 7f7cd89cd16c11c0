using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Sextant.Server.Api;

/// <summary>The body of <c>POST …/search</c>. Exactly one of query, vector and id says what is looked for.</summary>
internal sealed record SearchRequest
{
    /// <summary>A question, a phrase, a text.</summary>
    public string? Query { get; init; }

    /// <summary>A vector of the collection's own model.</summary>
    public float[]? Vector { get; init; }

    /// <summary>A document of the collection: others like it are found.</summary>
    public string? Id { get; init; }

    /// <summary>The most results.</summary>
    public int K { get; init; } = 10;

    /// <summary>How many of the best results to pass over.</summary>
    public int Offset { get; init; }

    /// <summary>A condition on the metadata, for instance <c>lang = 'en' and year >= 2020</c>.</summary>
    public string? Filter { get; init; }

    /// <summary>Rank by meaning (the default), by words, or by both; words need a query.</summary>
    [AllowedValues(SearchModeName.Semantic, SearchModeName.Keyword, SearchModeName.Hybrid)]
    public string? Mode { get; init; }

    /// <summary>A short form of the mode <c>hybrid</c>.</summary>
    public bool? Hybrid { get; init; }

    /// <summary>Leave out what is less similar than this, from -1 to 1.</summary>
    public float? MinScore { get; init; }
}

/// <summary>The answer of <c>POST …/search</c>, best first.</summary>
internal sealed record SearchResponse(IReadOnlyList<SearchHit> Results, double TookMs)
{
    /// <summary>
    /// What should be known about the results, a sentence each: that the model knows no part of the query, or that no document has a field of the
    /// filter. Left out when there is nothing.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Notes { get; init; }
}

/// <summary>A document that was found; the score is the cosine similarity, from -1 to 1.</summary>
internal sealed record SearchHit(int Rank, string Id, float Score, string Text, JsonObject Metadata);
