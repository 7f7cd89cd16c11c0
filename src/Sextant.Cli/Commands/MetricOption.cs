using System.CommandLine;
using Sextant.Numerics;

namespace Sextant.Cli.Commands;

/// <summary><c>--metric</c> of the commands that create collections.</summary>
internal static class MetricOption
{
    public static Option<SimilarityMetric?> Create() =>
        ChoiceOption.Create(
            "--metric",
            "How a new collection compares its vectors [default: cosine]",
            ("cosine", SimilarityMetric.Cosine),
            ("dot", SimilarityMetric.Dot),
            ("euclidean", SimilarityMetric.Euclidean)
        );

    /// <summary>A metric as <c>--metric</c> takes it.</summary>
    public static string Name(SimilarityMetric metric) => metric.ToString().ToLowerInvariant();
}
