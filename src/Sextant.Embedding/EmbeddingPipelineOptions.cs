using Microsoft.Extensions.Logging;

namespace Sextant.Embedding;

/// <summary>How requests to a model are handled on their way; see <see cref="EmbeddingPipeline"/>.</summary>
public sealed record EmbeddingPipelineOptions
{
    /// <summary>
    /// Cut every vector to this length and scale it to length 1 again (Matryoshka); <see langword="null"/> keeps the model's own length.
    /// A request may ask for another through <c>EmbeddingGenerationOptions.Dimensions</c>.
    /// </summary>
    public int? Dimensions { get; init; }

    /// <summary>How to handle texts over the model's token limit.</summary>
    /// <value><see cref="OverflowPolicy.Error"/>.</value>
    public OverflowPolicy Overflow { get; init; }

    /// <summary>
    /// Whether vectors are kept, so that no text is computed or paid for twice: in <see cref="Cache"/>, or in a file where the program
    /// carries the package Sextant.Core and the model is slower than the file (<see cref="EmbeddingLimits.UseFileCache"/>).
    /// </summary>
    /// <value><see langword="true"/>.</value>
    public bool UseCache { get; init; } = true;

    /// <summary>Another place for vectors than the file. It stays the caller's to dispose.</summary>
    /// <value><see langword="null"/>: the file.</value>
    public IEmbeddingCache? Cache { get; init; }

    /// <summary>The folder of the file; <see cref="SextantPaths.CacheDirectory"/> when <see langword="null"/>.</summary>
    public string? CacheDirectory { get; init; }

    /// <summary>The maximum size in bytes; beyond it, the least recently used vectors are dropped.</summary>
    /// <value>1 GiB.</value>
    public long MaxCacheBytes { get; init; } = 1L << 30;

    /// <summary>Where texts that were cut, and trouble with the cache, are reported; nowhere when <see langword="null"/>.</summary>
    public ILoggerFactory? LoggerFactory { get; init; }
}
