namespace Sextant.Hosted;

/// <summary>A reranker's list price: by tokens or by searches.</summary>
/// <param name="UsdPerMillionTokens">US dollars for a million tokens.</param>
/// <param name="UsdPerThousandSearches">US dollars for a thousand search units.</param>
internal sealed record RerankPrice(decimal? UsdPerMillionTokens, decimal? UsdPerThousandSearches)
{
    // A search unit is a query with up to 100 chunks of documents; chunks have up to 500 tokens, those of the query included.
    private const int ChunksPerSearch = 100,
        ChunkTokens = 500;

    // The service truncates longer documents.
    private const int MaxDocumentTokens = 4096;

    /// <summary>What a request costs; <see langword="null"/> when the price is not known.</summary>
    public decimal? Compute(long tokens, long searches) =>
        UsdPerThousandSearches is { } search ? searches * search / 1000m : tokens * UsdPerMillionTokens / 1_000_000m;

    /// <summary>The search units of one request.</summary>
    public static long Searches(int queryTokens, IEnumerable<int> documentTokens)
    {
        // The price of a query that fills a whole chunk is not documented, so half of a chunk is reserved for the document.
        int room = Math.Max(ChunkTokens / 2, ChunkTokens - queryTokens);
        long chunks = documentTokens.Sum(tokens => (long)Math.Max(1, (Math.Min(tokens, MaxDocumentTokens) + room - 1) / room));
        return (chunks + ChunksPerSearch - 1) / ChunksPerSearch;
    }
}
