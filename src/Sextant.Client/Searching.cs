using System.Text.Json.Nodes;

namespace Sextant.Client;

/// <summary>How a search is carried out.</summary>
public sealed record SearchOptions
{
    /// <summary>The number of best results to skip.</summary>
    public int Offset { get; init; }

    /// <summary>A condition on the metadata, for instance <c>lang = 'en' and year >= 2020</c>.</summary>
    public string? Filter { get; init; }

    /// <summary>By what documents are found and ranked; keywords need a query text.</summary>
    /// <value>The default of the service: by meaning.</value>
    public SearchMode? Mode { get; init; }

    /// <summary>A short form of <see cref="SearchMode.Hybrid"/>.</summary>
    public bool Hybrid { get; init; }

    /// <summary>
    /// A model of the service that orders the best candidates (<see cref="SextantClient.ListRerankersAsync"/>); for a search by text.
    /// </summary>
    /// <value><see langword="null"/>: none.</value>
    public string? RerankModel { get; init; }

    /// <summary>How many of the best documents <see cref="RerankModel"/> orders, or groups are made of.</summary>
    /// <value>The default of the service: 100.</value>
    public int? Candidates { get; init; }

    /// <summary>
    /// Groups the results by the values of this field, in the order of the best result of each group; <c>source</c> groups by the document
    /// that a text is a part of. The number of results and <see cref="Offset"/> then count groups.
    /// </summary>
    /// <value><see langword="null"/>: no groups.</value>
    public string? GroupBy { get; init; }

    /// <summary>The most results of each group.</summary>
    /// <value>The default of the service: 3.</value>
    public int? GroupSize { get; init; }

    /// <summary>Whether each result says what every stage of the search made of it (<see cref="SearchResult.Stages"/>).</summary>
    public bool Explain { get; init; }

    /// <summary>Leave out results whose score is lower: a cosine, from -1 to 1, unless the mode or the reranker makes it another.</summary>
    public float? MinScore { get; init; }

    /// <summary>
    /// Receives what a user should know about the results, a sentence each: for instance, that no document has a field of the filter.
    /// </summary>
    public Action<string>? OnNote { get; init; }
}

/// <summary>A document that was found.</summary>
/// <param name="Rank">From 1, best first.</param>
/// <param name="Id">Its id.</param>
/// <param name="Score">How good it is, as <see cref="ScoreKind"/> says; higher is better.</param>
/// <param name="Text">The text.</param>
/// <param name="Metadata">What else is known of it.</param>
public sealed record SearchResult(int Rank, string Id, float Score, string Text, JsonObject Metadata)
{
    /// <summary>
    /// What <see cref="Score"/> measures: <c>cosine</c> (similarity, from -1 to 1), <c>bm25</c> (words, from 0 up), or what a reranker
    /// gives:
    /// <c>cosine</c>, <c>probability</c>, <c>logit</c> or <c>relevance</c>.
    /// </summary>
    public string ScoreKind { get; init; } = "cosine";

    /// <summary>
    /// The value of <see cref="SearchOptions.GroupBy"/> that its group has, a text, a number or a truth value; <see langword="null"/>
    /// without groups, and in the group of documents without a value.
    /// </summary>
    public JsonNode? Group { get; init; }

    /// <summary>
    /// What each stage of the search made of it; <see langword="null"/> unless <see cref="SearchOptions.Explain"/> asks for it.
    /// </summary>
    public SearchStages? Stages { get; init; }
}

/// <summary>What each stage of a search made of a document. A stage that did not see it is <see langword="null"/>.</summary>
public sealed record SearchStages
{
    /// <summary>By meaning: the cosine similarity.</summary>
    public SearchStage? Semantic { get; init; }

    /// <summary>By words: BM25.</summary>
    public SearchStage? Keyword { get; init; }

    /// <summary>By both, in a hybrid search: a weighted sum of what each says, in [0, 1].</summary>
    public SearchStage? Fused { get; init; }

    /// <summary>By the reranker.</summary>
    public SearchStage? Rerank { get; init; }
}

/// <summary>The rank and score of a document in one stage of a search.</summary>
/// <param name="Score">The stage's own score; higher is better.</param>
/// <param name="Rank">
/// Its place in the stage's ranking, from 1; <see langword="null"/> when it is not among the documents that the stage found.
/// </param>
public sealed record SearchStage(float Score, int? Rank);

/// <summary>The position of a document on the map.</summary>
/// <param name="Id">Its id.</param>
/// <param name="X">From -1 to 1; similar documents are close on the map.</param>
/// <param name="Y">From -1 to 1.</param>
public sealed record MapPoint(string Id, float X, float Y);

/// <summary>A document that a search of several collections found.</summary>
/// <param name="Collection">The name of its collection.</param>
/// <param name="Result">The result; its rank is among the results of all collections.</param>
public sealed record FederatedResult(string Collection, SearchResult Result);

/// <summary>The effect of an update of metadata.</summary>
/// <param name="Matched">How many documents were selected.</param>
/// <param name="Updated">How many of them have other metadata now, or would have after a dry run.</param>
public sealed record UpdatedDocuments(int Matched, int Updated);

/// <summary>The values of a field and how many documents have each of them.</summary>
/// <param name="Field">The field.</param>
/// <param name="Values">The most frequent values first.</param>
/// <param name="Distinct">How many different values there are, also beyond the limit.</param>
public sealed record Facet(string Field, IReadOnlyList<FacetValue> Values, long Distinct);

/// <summary>A value of a field.</summary>
/// <param name="Value">A text, a number or a truth value.</param>
/// <param name="Count">How many documents have it.</param>
public sealed record FacetValue(JsonNode Value, long Count);
