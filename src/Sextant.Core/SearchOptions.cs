using Sextant.Embedding;
using Sextant.Search.Filters;

namespace Sextant;

/// <summary>How a search is done.</summary>
public sealed record SearchOptions
{
    /// <summary>
    /// A condition on the metadata: a text such as <c>lang = 'en' and year >= 2020</c> (see docs/filters.md), which throws an
    /// <see cref="InputException"/> here when it is malformed, or a tree. Results are the best among the documents that meet it.
    /// </summary>
    public FilterExpression? Filter { get; init; }

    /// <summary>The method to rank documents.</summary>
    /// <value><see cref="SearchMode.Semantic"/>.</value>
    public SearchMode Mode { get; init; }

    /// <summary>
    /// The name of a model that reranks the results: any embedding model, a cross-encoder, or a hosted reranker. The model is opened by the
    /// first search that names it and stays open with the collection.
    /// </summary>
    /// <value><see langword="null"/>: no second stage.</value>
    public string? Rerank { get; init; }

    /// <summary>The same, already open, instead of <see cref="Rerank"/>. The caller disposes it.</summary>
    public IReranker? Reranker { get; init; }

    /// <summary>
    /// How many of the best documents the reranker orders, or groups are made of: at least as many as are asked for. Pages agree with each
    /// other as far as this.
    /// </summary>
    /// <value>100.</value>
    public int Candidates { get; init; } = 100;

    /// <summary>
    /// The most US dollars that ordering the candidates may cost; a search that would cost more fails before anything is sent to the
    /// reranker.
    /// </summary>
    /// <value><see langword="null"/>: no limit.</value>
    public decimal? MaxRerankCost { get; init; }

    /// <summary>Whether each result says what every stage of the search made of it (<see cref="SearchResult.Stages"/>).</summary>
    /// <value><see langword="false"/>.</value>
    public bool Explain { get; init; }

    /// <summary>
    /// Leaves out results whose score is lower, by the kind of score that the results have (<see cref="SearchResult.ScoreKind"/>).
    /// </summary>
    public float? MinScore { get; init; }

    /// <summary>The number of best results to skip, for paging.</summary>
    /// <value>0.</value>
    public int Offset { get; init; }

    /// <summary>
    /// Groups the results by the values of this field, in the order of the best result of each group. The number of results that a search
    /// is asked for, and <see cref="Offset"/>, then count groups. A document whose field is an array is in the group of each element;
    /// documents without a value form one group. <c>source</c> groups by the document that a text is a part of, unless the metadata have a
    /// field of this name.
    /// </summary>
    /// <value><see langword="null"/>: no groups.</value>
    public FieldPath? GroupBy { get; init; }

    /// <summary>The most results of each group, the best of those among <see cref="Candidates"/>.</summary>
    /// <value>3.</value>
    public int GroupSize { get; init; } = 3;

    /// <summary>Compares with every vector instead of asking the graph: slower, and misses nothing.</summary>
    public bool Exact { get; init; }

    /// <summary>
    /// How widely the graph is searched: more finds more and takes longer. The collection's own setting when <see
    /// langword="null"/>.
    /// </summary>
    public int? EfSearch { get; init; }

    /// <summary>
    /// Receives what a user should know about the results, a sentence each: for instance, that the model knows no part of the query, so
    /// that documents were found by its words instead.
    /// </summary>
    public Action<string>? OnNote { get; init; }

    /// <summary>The query, where it is embedded already.</summary>
    internal EmbeddedQuery? EmbeddedQuery { get; init; }
}

/// <summary>The vector of a query.</summary>
/// <param name="Fingerprint">The fingerprint of the collection for which it was computed.</param>
/// <param name="Vector">The vector.</param>
internal sealed record EmbeddedQuery(string? Fingerprint, float[] Vector);
