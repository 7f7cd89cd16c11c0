using System.Numerics.Tensors;
using Microsoft.Extensions.VectorData;
using Sextant.Numerics;

namespace Sextant.VectorData;

/// <summary>
/// A distance function of <c>Microsoft.Extensions.VectorData</c>: the metric of the collection that orders by it, and its scores. Manhattan
/// and Hamming distances have no metric, and are computed for all vectors.
/// </summary>
internal readonly record struct VectorDistance(string? Name)
{
    /// <summary>The metric to create a collection with; <see langword="null"/> for any.</summary>
    /// <exception cref="NotSupportedException">The function is not known.</exception>
    public SimilarityMetric? Metric =>
        Name switch
        {
            null => null,
            DistanceFunction.CosineSimilarity or DistanceFunction.CosineDistance => SimilarityMetric.Cosine,
            DistanceFunction.DotProductSimilarity or DistanceFunction.NegativeDotProductSimilarity => SimilarityMetric.Dot,
            DistanceFunction.EuclideanDistance
            or DistanceFunction.EuclideanSquaredDistance
            or DistanceFunction.ManhattanDistance
            or DistanceFunction.HammingDistance => SimilarityMetric.Euclidean,
            _ => throw new NotSupportedException($"the distance function {Name} is not supported"),
        };

    /// <summary>Whether the index of a collection orders by it.</summary>
    public bool IsIndexed => Name is not (DistanceFunction.ManhattanDistance or DistanceFunction.HammingDistance);

    /// <summary>Whether lower scores are nearer.</summary>
    public bool IsAscending =>
        Name
            is DistanceFunction.CosineDistance
                or DistanceFunction.NegativeDotProductSimilarity
                or DistanceFunction.EuclideanDistance
                or DistanceFunction.EuclideanSquaredDistance
                or DistanceFunction.ManhattanDistance
                or DistanceFunction.HammingDistance;

    /// <summary>The function of a collection with this metric, where the definition names none.</summary>
    public VectorDistance Or(SimilarityMetric metric) =>
        Name is not null
            ? this
            : new(
                metric switch
                {
                    SimilarityMetric.Dot => DistanceFunction.DotProductSimilarity,
                    SimilarityMetric.Euclidean => DistanceFunction.EuclideanDistance,
                    _ => DistanceFunction.CosineSimilarity,
                }
            );

    /// <summary>The score for a caller, of one of the engine.</summary>
    public double FromEngine(float score) =>
        Name switch
        {
            DistanceFunction.CosineDistance => 1.0 - score,
            DistanceFunction.NegativeDotProductSimilarity or DistanceFunction.EuclideanDistance => 0.0 - score,
            DistanceFunction.EuclideanSquaredDistance => (double)score * score,
            _ => score,
        };

    /// <summary>The least score of the engine that meets the threshold of a caller.</summary>
    public float ToEngine(double threshold) =>
        (float)(
            Name switch
            {
                DistanceFunction.CosineDistance => 1 - threshold,
                DistanceFunction.NegativeDotProductSimilarity or DistanceFunction.EuclideanDistance => 0 - threshold,
                DistanceFunction.EuclideanSquaredDistance => 0 - Math.Sqrt(Math.Max(0, threshold)),
                _ => threshold,
            }
        );

    /// <summary>The score of two given vectors.</summary>
    public double Compute(ReadOnlySpan<float> query, ReadOnlySpan<float> vector)
    {
        switch (Name)
        {
            case DistanceFunction.ManhattanDistance:
                double sum = 0;
                for (int i = 0; i < query.Length; i++)
                    sum += Math.Abs((double)query[i] - vector[i]);
                return sum;
            case DistanceFunction.HammingDistance:
                return TensorPrimitives.HammingDistance(query, vector);
            default:
                return FromEngine(
                    Metric switch
                    {
                        SimilarityMetric.Dot => VectorMath.Dot(query, vector),
                        SimilarityMetric.Euclidean => 0 - VectorMath.Euclidean(query, vector),
                        _ => VectorMath.Cosine(query, vector),
                    }
                );
        }
    }

    /// <summary>Whether a score meets the threshold of a caller.</summary>
    public bool Meets(double score, double? threshold) => threshold is not { } limit || (IsAscending ? score <= limit : score >= limit);
}
