namespace Sextant.Embedding.Caching;

/// <summary>
/// The cache in a file, which needs SQLite and therefore is Sextant.Core's: a program that carries that assembly has the cache without
/// asking, and one that only calls a model carries neither. The name is a constant, so that trimming sees what it means.
/// </summary>
internal static class FileCache
{
    /// <summary>Names the cache that <paramref name="options"/> mean; <see langword="null"/> in a program without Sextant.Core.</summary>
    public static IEmbeddingCache? Open(EmbeddingPipelineOptions options) =>
        Type.GetType("Sextant.Embedding.EmbeddingCache, Sextant.Core") is { } type
            ? (IEmbeddingCache?)
                Activator.CreateInstance(
                    type,
                    options.CacheDirectory ?? SextantPaths.CacheDirectory,
                    options.MaxCacheBytes,
                    options.LoggerFactory,
                    null
                )
            : null;
}
