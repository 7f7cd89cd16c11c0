using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Sextant.Embedding;
using Sextant.Index;
using Sextant.Models;
using Sextant.Numerics;
using Sextant.Search;

namespace Sextant;

/// <summary>How a collection is opened. The defaults open any collection with the model that it was made with.</summary>
public sealed record SemanticSearchEngineOptions
{
    /// <summary>
    /// The model, by name. When <see langword="null"/>: the collection's own, and for a new collection the built-in one.
    /// Naming another than the collection's own is an error.
    /// </summary>
    public string? Model { get; init; }

    /// <summary>The model itself, from anywhere, instead of <see cref="Model"/>. The caller disposes it.</summary>
    public IEmbeddingGenerator<string, Embedding<float>>? Generator { get; init; }

    /// <summary>
    /// The registry that opens models by name.
    /// </summary>
    /// <value><see cref="ModelRegistry.Default"/>.</value>
    public ModelRegistry? Models { get; init; }

    /// <summary>
    /// How requests to a model opened by name are handled; its dimensions decide the length of a new collection's vectors.
    /// </summary>
    public EmbeddingPipelineOptions? Pipeline { get; init; }

    /// <summary>
    /// How the vectors of a new collection are compared; naming another metric than that of an existing collection is an error. Vectors
    /// that a model computes have length 1, so their order is the same by all three; the metric matters for vectors that are given.
    /// </summary>
    /// <value><see langword="null"/>: that of <see cref="Index"/>, which is the cosine unless it is set.</value>
    public SimilarityMetric? Metric { get; init; }

    /// <summary>How the graph of a new collection is built.</summary>
    public HnswOptions? Index { get; init; }

    /// <summary>The providers for collections outside the file system.</summary>
    /// <value>None.</value>
    public IReadOnlyList<CollectionProvider> CollectionProviders { get; init; } = [];

    /// <summary>Whether to create a missing collection.</summary>
    /// <value><see langword="true"/>.</value>
    public bool CreateIfMissing { get; init; } = true;

    /// <summary>
    /// Whether the collection is only read: nothing is written to its folder, no lock, no snapshot and no log, and a method that would
    /// change it throws a <see cref="SextantException"/>. A folder that cannot be written is opened like that without being asked to.
    /// </summary>
    /// <value><see langword="false"/>.</value>
    public bool ReadOnly { get; init; }

    /// <summary>Creates the logger for notable events, such as the reason why a graph was rebuilt.</summary>
    public ILoggerFactory? LoggerFactory { get; init; }

    /// <summary>Called once the engine is disposed, for programs that delete a temporary collection then.</summary>
    public Action? OnDisposed { get; init; }

    /// <summary>The clock that dates a new collection.</summary>
    /// <value><see cref="TimeProvider.System"/>.</value>
    public TimeProvider? TimeProvider { get; init; }

    /// <summary>Whether the engine behaves toward others of this process as one of another process does; for tests.</summary>
    internal bool IsUnshared { get; init; }

    internal ILogger CreateLogger() => (LoggerFactory ?? NullLoggerFactory.Instance).CreateLogger<SemanticSearchEngine>();
}
