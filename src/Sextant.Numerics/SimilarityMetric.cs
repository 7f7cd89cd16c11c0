namespace Sextant.Numerics;

/// <summary>How two vectors are compared.</summary>
public enum SimilarityMetric
{
    /// <summary>The cosine of the angle between them, in [-1, 1]; higher is nearer.</summary>
    Cosine = 0,

    /// <summary>Their inner product; higher is nearer. Equal to <see cref="Cosine"/> for vectors of length 1.</summary>
    Dot = 1,

    /// <summary>Their Euclidean distance; a score is this distance negated, so that higher is nearer.</summary>
    Euclidean = 2,
}
