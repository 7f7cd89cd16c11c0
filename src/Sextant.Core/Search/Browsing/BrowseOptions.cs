using Sextant.Search.Filters;

namespace Sextant.Search.Browsing;

/// <summary>Which documents are listed without a query, and in which order.</summary>
public sealed record BrowseOptions
{
    /// <summary>A condition on the metadata; all documents when <see langword="null"/>.</summary>
    public FilterExpression? Filter { get; init; }

    /// <summary>
    /// The field to sort by; when <see langword="null"/>, the order in which documents were first added. Texts come before numbers, numbers
    /// before truth values, and documents without one of these last.
    /// </summary>
    public FieldPath? OrderBy { get; init; }

    /// <summary>Whether the lowest values come first, or the oldest documents.</summary>
    public bool IsAscending { get; init; }

    /// <summary>How many documents to skip.</summary>
    public int Offset { get; init; }

    /// <summary>The most documents to return.</summary>
    public int Count { get; init; } = 10;
}
