using Sextant.Embedding;
using Sextant.Index;
using Sextant.Numerics;

namespace Sextant.Search;

/// <summary>Information about a collection.</summary>
public sealed record CollectionInfo
{
    /// <summary>Its folder.</summary>
    public required string Location { get; init; }

    /// <summary>How many documents it holds.</summary>
    public required long Documents { get; init; }

    /// <summary>The model that it was made with.</summary>
    public required ModelProfile Model { get; init; }

    /// <summary>The fingerprint of that model: the space that its vectors live in.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>The length of its vectors.</summary>
    public int Dimensions => Model.Dimensions;

    /// <summary>How its vectors are compared.</summary>
    public SimilarityMetric Metric => Index.Metric;

    /// <summary>How its graph is built.</summary>
    public required HnswOptions Index { get; init; }

    /// <summary>The version of its format.</summary>
    public required int FormatVersion { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>The size in bytes of <c>documents.db</c>, including its write-ahead log.</summary>
    public required long DocumentsBytes { get; init; }

    /// <summary>The size in bytes of <c>index.hnsw</c>; 0 if the file does not exist.</summary>
    public required long IndexBytes { get; init; }

    /// <summary>The model that the collection was moved away from, while its vectors are kept for going back.</summary>
    public string? PreviousModel { get; init; }

    /// <summary>The model that the collection is being moved to, while that is unfinished.</summary>
    public string? NextModel { get; init; }
}
