using System.Globalization;
using System.Text;
using Sextant.Evaluation.Statistics;

namespace Sextant.Evaluation;

/// <summary>
/// Which model to take, and how to keep its vectors: of all rows that reach 99 % of the best mean, the one that costs least, then the one
/// with the smallest vectors, then the better one.
/// </summary>
/// <param name="Chosen">The row to take.</param>
/// <param name="Best">The row with the best mean.</param>
/// <param name="Against">The best row of the chosen model compared with those of the others, in the order of their means.</param>
public sealed record Recommendation(EvaluationRow Chosen, EvaluationRow Best, IReadOnlyList<PairedTest> Against)
{
    /// <summary>The share of the best mean that is enough.</summary>
    public const double Enough = 0.99;

    /// <summary>Chooses among rows; <see langword="null"/> when none has a mean above 0.</summary>
    public static Recommendation? Choose(IReadOnlyList<EvaluationRow> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        EvaluationRow[] scored = [.. rows.Where(static row => row.Mean > 0).OrderByDescending(static row => row.Mean)];
        if (scored.Length == 0)
            return null;
        EvaluationRow best = scored[0];
        EvaluationRow chosen = scored
            .Where(row => row.Mean >= Enough * best.Mean)
            .OrderBy(static row => row.UsdPerMillionTokens ?? decimal.MaxValue)
            .ThenBy(static row => row.BytesPerVector)
            .ThenByDescending(static row => row.Mean)
            .First();
        return new Recommendation(
            chosen,
            best,
            [.. PairedTest.BetweenModels(scored).Where(test => test.First.Model == chosen.Model || test.Second.Model == chosen.Model)]
        );
    }

    /// <summary>The choice and its reasons in a line.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"use {Chosen.Model} at {Chosen.Dimensions} dimensions");
        text.Append(
            CultureInfo.InvariantCulture,
            $", {Chosen.Storage.ToString().ToLowerInvariant()} ({Chosen.BytesPerVector} bytes a vector): "
        );
        text.Append(CultureInfo.InvariantCulture, $"{100 * Chosen.Mean:F2}");
        if (double.IsFinite(Chosen.Interval.Low))
            text.Append(CultureInfo.InvariantCulture, $" (95 %: {100 * Chosen.Interval.Low:F2} to {100 * Chosen.Interval.High:F2})");
        if (Best != Chosen)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $", {100 * Chosen.Mean / Best.Mean:F1} % of the best, which is {Best.Model} at {Best.Dimensions} ({100 * Best.Mean:F2})"
            );
        }

        foreach (PairedTest test in Against)
        {
            bool better = test.First.Model == Chosen.Model;
            string sure = test.PValue < 0.05 ? "" : ", which may be chance";
            text.Append(
                CultureInfo.InvariantCulture,
                $"; {(better ? "better" : "worse")} than {(better ? test.Second : test.First).Model} by {100 * test.Difference:F2} (p = "
                    + $"{test.PValue:0.000}{sure})"
            );
        }

        return text.ToString();
    }
}
