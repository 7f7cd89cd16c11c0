namespace Sextant.Index;

/// <summary>How one search of the graph is done.</summary>
public sealed record SearchParameters
{
    /// <summary>How many candidates are kept; the index's own setting when <see langword="null"/>.</summary>
    public int? EfSearch { get; init; }

    /// <summary>Compares with every vector.</summary>
    public bool Exact { get; init; }

    /// <summary>Only these are found; all when <see langword="null"/>.</summary>
    public IdSet? Filter { get; init; }
}
