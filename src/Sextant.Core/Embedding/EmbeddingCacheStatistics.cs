namespace Sextant.Embedding;

/// <summary>The content of an <see cref="EmbeddingCache"/>.</summary>
/// <param name="Path">The cache's file.</param>
/// <param name="Entries">How many vectors are kept.</param>
/// <param name="Bytes">The room that they take in the file, free pages left out.</param>
/// <param name="MaxBytes">The size beyond which the longest unused go.</param>
/// <param name="Models">How many vectors of which model (its fingerprint), the most first.</param>
public sealed record EmbeddingCacheStatistics(
    string Path,
    long Entries,
    long Bytes,
    long MaxBytes,
    IReadOnlyList<KeyValuePair<string, long>> Models
);
