using System.CommandLine;
using Sextant.Numerics;

namespace Sextant.Cli.Commands;

/// <summary><c>--metric</c> of the commands that compare vectors or create collections.</summary>
internal static class MetricOption
{
    public static Option<SimilarityMetric?> Create(string description = "How a new collection compares its vectors [default: cosine]") =>
        ChoiceOption.Create(
            "--metric",
            description,
            ("cosine", SimilarityMetric.Cosine),
            ("dot", SimilarityMetric.Dot),
            ("euclidean", SimilarityMetric.Euclidean)
        );

    /// <summary>A metric as <c>--metric</c> takes it.</summary>
    public static string Name(SimilarityMetric metric) => metric.ToString().ToLowerInvariant();
}
