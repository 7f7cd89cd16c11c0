using Sextant.Numerics;

namespace Sextant.Sources.Transfer;

/// <summary>How a collection is written for other programs.</summary>
public sealed record CollectionExportOptions
{
    /// <summary>The format; by the file's name when <see langword="null"/>.</summary>
    public InterchangeFormat? Format { get; init; }

    /// <summary>
    /// By what FAISS is to compare: the inner product, which is the cosine here, or <see cref="SimilarityMetric.Euclidean"/>.
    /// </summary>
    /// <value><see cref="SimilarityMetric.Dot"/>.</value>
    public SimilarityMetric Metric { get; init; } = SimilarityMetric.Dot;

    /// <summary>
    /// A JSON Lines file that gets <c>id</c>, <c>text</c> and <c>metadata</c> of each row, for formats that have no room for them.
    /// </summary>
    public string? TextsFile { get; init; }
}
