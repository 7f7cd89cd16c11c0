namespace Sextant;

/// <summary>How a search is done.</summary>
public sealed record SearchOptions
{
    /// <summary>
    /// A condition on the metadata, for instance <c>lang = 'en' and year >= 2020</c>; see docs/filters.md.
    /// Results are the best among the documents that meet it.
    /// </summary>
    public string? Filter { get; init; }

    /// <summary>By what documents are ranked.</summary>
    /// <value><see cref="SearchMode.Semantic"/>.</value>
    public SearchMode Mode { get; init; }

    /// <summary>Leaves out results whose score is lower; in [-1, 1].</summary>
    public float? MinScore { get; init; }

    /// <summary>How many of the best results to pass over, for paging.</summary>
    /// <value>0.</value>
    public int Offset { get; init; }

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
}
