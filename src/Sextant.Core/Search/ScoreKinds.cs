using Sextant.Numerics;

namespace Sextant.Search;

/// <summary>The kind of score that a metric gives.</summary>
internal static class ScoreKinds
{
    public static ScoreKind Of(SimilarityMetric metric) =>
        metric switch
        {
            SimilarityMetric.Dot => ScoreKind.Dot,
            SimilarityMetric.Euclidean => ScoreKind.Euclidean,
            _ => ScoreKind.Cosine,
        };
}
