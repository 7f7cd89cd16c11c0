using System.Globalization;

namespace Sextant.Evaluation.Tasks;

/// <summary>Checks whether a correlation of the pairs is meaningful, and explains why it is not.</summary>
internal static class ScoredPairs
{
    /// <summary>Cosines within this of each other differ by rounding alone.</summary>
    private const double Rounding = 1e-6;

    /// <exception cref="TaskDataException">There are fewer than two pairs, or all have one score.</exception>
    public static IReadOnlyList<ScoredPair> Require(IReadOnlyList<ScoredPair> pairs)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        if (pairs.Count < 2)
        {
            throw new TaskDataException(string.Create(CultureInfo.InvariantCulture, $"{pairs.Count} pairs; give at least two"));
        }

        return pairs.All(pair => pair.Score.Equals(pairs[0].Score))
            ? throw new TaskDataException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"all {pairs.Count:N0} pairs have the score {pairs[0].Score}; give scores that differ"
                )
            )
            : pairs;
    }

    /// <summary>Why similarities correlate with nothing, or <see langword="null"/>.</summary>
    public static string? WhyConstant(ReadOnlySpan<double> cosines)
    {
        if (cosines.Length < 2)
        {
            return string.Create(CultureInfo.InvariantCulture, $"the model knows both texts of {cosines.Length} pairs; give at least two");
        }

        double least = cosines[0],
            most = cosines[0];
        foreach (double cosine in cosines)
            (least, most) = (Math.Min(least, cosine), Math.Max(most, cosine));
        return most - least > Rounding
            ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"all pairs have the cosine {Math.Round(most, 3)}, so there is no correlation with the scores"
            );
    }
}
