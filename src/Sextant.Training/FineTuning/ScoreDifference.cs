using System.Globalization;

namespace Sextant.Training.FineTuning;

/// <summary>
/// How certain the difference of two models' scores on the same held-out pairs is: an approximate 95 % interval. Two imaginary pairs, one
/// won and one lost entirely, keep the interval from vanishing where a few pairs happen to agree.
/// </summary>
internal sealed record ScoreDifference(int Pairs, string Score, double Mean, double HalfWidth)
{
    private const double Deviations = 1.96;

    /// <summary>An interval this narrow settles that there is no difference worth having.</summary>
    private const double Negligible = 0.02;

    /// <summary>
    /// What to say where chance alone explains the difference; <see langword="null"/> where it does not, or nothing was held out.
    /// </summary>
    public string? Warning
    {
        get
        {
            if (Pairs == 0 || Math.Abs(Mean) > HalfWidth || HalfWidth < Negligible)
            {
                return null;
            }

            string start = string.Create(
                CultureInfo.InvariantCulture,
                $"{Pairs:N0} held-out pairs are too few to tell whether the model improved: the 95 % interval of the difference in "
                    + $"{Score} is {Mean - HalfWidth:F2} to {Mean + HalfWidth:F2}"
            );
            // The interval narrows with the square root of the pairs.
            double needed = Pairs * Math.Pow(HalfWidth / Math.Abs(Mean), 2);
            return needed < 1e6
                ? string.Create(CultureInfo.InvariantCulture, $"{start}; a difference of {Mean:F3} needs about {RoundUp(needed):N0}")
                : $"{start}; no difference was measured";
        }
    }

    /// <param name="before">The first model's scores.</param>
    /// <param name="after">The second's.</param>
    /// <param name="ranksBefore">1 / rank of each pair by the first model; empty for scored pairs.</param>
    /// <param name="ranksAfter">The same by the second.</param>
    public static ScoreDifference Between(
        ValidationScores before,
        ValidationScores after,
        IReadOnlyList<double> ranksBefore,
        IReadOnlyList<double> ranksAfter
    )
    {
        double mean = after.Decisive - before.Decisive;
        int pairs = after.Pairs;
        if (after.Spearman is { } correlation)
        {
            // Fisher's transformation, as if the two correlations were independent: at worst too wide.
            double deviation = Math.Sqrt(2.0 / Math.Max(1, pairs - 3)) * (1 - (correlation * correlation));
            return new(pairs, "Spearman", mean, Deviations * Math.Max(deviation, 1.0 / pairs));
        }

        double squares = 2 + ranksAfter.Zip(ranksBefore, (now, then) => Math.Pow(now - then - mean, 2)).Sum();
        return new(pairs, "MRR", mean, Deviations * Math.Sqrt(squares / (pairs + 2) / (pairs + 2)));
    }

    // Two significant digits, because it is an estimate.
    private static double RoundUp(double number)
    {
        double unit = Math.Pow(10, Math.Max(0, Math.Floor(Math.Log10(number)) - 1));
        return Math.Ceiling(number / unit) * unit;
    }
}
