namespace Sextant.Embedding;

/// <summary>The properties of a reranker needed to interpret its scores.</summary>
public sealed record RerankerProfile
{
    /// <summary>The model's name as a user writes it.</summary>
    public required string Name { get; init; }

    /// <summary>Who computes the scores: <c>sextant</c>, <c>onnx</c>, <c>cohere</c> …</summary>
    public required string Provider { get; init; }

    /// <summary>The meaning of its scores.</summary>
    public required ScoreKind ScoreKind { get; init; }

    /// <summary>
    /// The most tokens of query and document together that it reads, or <see langword="null"/> when it has no limit or none is known.
    /// </summary>
    public int? MaxTokens { get; init; }
}
