using Sextant.Search.Filters;

namespace Sextant.Search.Storage;

/// <summary>A search, its text already embedded.</summary>
internal sealed record CollectionQuery
{
    /// <summary>The query vector, of length 1.</summary>
    public required ReadOnlyMemory<float> Vector { get; init; }

    /// <summary>
    /// The fingerprint of the collection for which <see cref="Vector"/> was made; <see langword="null"/> when its maker is taken at their
    /// word.
    /// </summary>
    public string? Space { get; init; }

    /// <summary>The words to look for; none in a search by meaning alone.</summary>
    public IReadOnlyList<string> Keywords { get; init; } = [];

    public required SearchMode Mode { get; init; }

    /// <summary>In the filter language, and known to be well formed.</summary>
    public FilterExpression? Filter { get; init; }

    public required int Count { get; init; }

    public int Offset { get; init; }

    /// <summary>Of the cosine; in a search by words alone, of BM25.</summary>
    public float? MinScore { get; init; }

    public bool Exact { get; init; }

    public int? EfSearch { get; init; }
}

/// <summary>A result: the document and its cosine similarity to the query.</summary>
internal readonly record struct CollectionHit(StoredDocument Document, float Score)
{
    /// <summary>Its place in the ranking by meaning of a hybrid search, where it has one.</summary>
    public int? SemanticRank { get; init; }

    /// <summary>What the ranking by words made of it, where it holds it.</summary>
    public SearchStage? Keyword { get; init; }

    /// <summary>The score by which a hybrid search ranks it.</summary>
    public float? Fused { get; init; }

    /// <summary>Whether it passes the minimum of a query.</summary>
    public bool Passes(CollectionQuery query) =>
        query.MinScore is not { } least || (query.Mode == SearchMode.Keyword ? Keyword?.Score : Score) >= least;
}
