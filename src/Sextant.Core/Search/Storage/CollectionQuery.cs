using Sextant.Search.Filters;

namespace Sextant.Search.Storage;

/// <summary>A search of a <see cref="CollectionStore"/>, its text already embedded.</summary>
public sealed record CollectionQuery
{
    /// <summary>The vector of the query, of length 1. Empty in a query to an engine that embeds the text itself.</summary>
    public ReadOnlyMemory<float> Vector { get; init; }

    /// <summary>
    /// The fingerprint of the collection for which <see cref="Vector"/> was computed, to be compared with its manifest;
    /// <see langword="null"/> where
    /// the caller guarantees that it fits.
    /// </summary>
    public string? ModelFingerprint { get; init; }

    /// <summary>The words to look for, as <see cref="KeywordAnalyzer.ParseQuery"/> returns them; none in a semantic search.</summary>
    public IReadOnlyList<string> Keywords { get; init; } = [];

    /// <summary>What the documents are ranked by.</summary>
    public required SearchMode Mode { get; init; }

    /// <summary>The filter that all results match; none when <see langword="null"/>.</summary>
    public FilterExpression? Filter { get; init; }

    /// <summary>The most results to return, after <see cref="Offset"/>; 0 or more.</summary>
    public required int Count { get; init; }

    /// <summary>How many of the best results to skip; 0 or more.</summary>
    public int Offset { get; init; }

    /// <summary>The least cosine of a result; in a keyword search the least BM25 score. None when <see langword="null"/>.</summary>
    public float? MinScore { get; init; }

    /// <summary>Whether every vector is compared instead of searching an approximate index.</summary>
    public bool Exact { get; init; }

    /// <summary>The candidate list of an approximate index; its own default when <see langword="null"/>.</summary>
    public int? EfSearch { get; init; }
}

/// <summary>A result of a search in a <see cref="CollectionStore"/>.</summary>
/// <param name="Document">The document.</param>
/// <param name="Score">The cosine similarity of its vector and that of the query.</param>
public readonly record struct CollectionHit(StoredDocument Document, float Score)
{
    /// <summary>
    /// Its rank by cosine in a hybrid search, from 1; <see langword="null"/> where the semantic ranking does not contain it.
    /// </summary>
    public int? SemanticRank { get; init; }

    /// <summary>Its BM25 score and rank by keywords; <see langword="null"/> where the keyword ranking does not contain it.</summary>
    public SearchStage? Keyword { get; init; }

    /// <summary>The fused score by which a hybrid search ranks it.</summary>
    public float? Fused { get; init; }

    /// <summary>Whether its score is at least <see cref="CollectionQuery.MinScore"/>.</summary>
    /// <param name="query">The query that found it.</param>
    public bool MeetsMinScore(CollectionQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        return query.MinScore is not { } least || (query.Mode == SearchMode.Keyword ? Keyword?.Score : Score) >= least;
    }
}
