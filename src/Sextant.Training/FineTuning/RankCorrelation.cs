using Sextant.Evaluation.Metrics;

namespace Sextant.Training.FineTuning;

/// <summary>Spearman's rank correlation; 0 where it is not defined, because one list is constant.</summary>
internal static class RankCorrelation
{
    public static double Spearman(double[] a, double[] b) =>
        Correlation.Spearman(a, b) is var correlation && double.IsNaN(correlation) ? 0 : correlation;
}
