namespace Sextant.Evaluation.Statistics;

/// <summary>Two rows compared on the same resamples of the same items.</summary>
/// <param name="First">The row with the better mean.</param>
/// <param name="Second">The other.</param>
/// <param name="Difference">The first's mean less the second's.</param>
/// <param name="Low">The lower end of the difference with 95 % confidence.</param>
/// <param name="High">Its upper end.</param>
/// <param name="PValue">How likely so large a difference would be, both ways, if the two were equally good.</param>
public sealed record PairedTest(EvaluationRow First, EvaluationRow Second, double Difference, double Low, double High, double PValue)
{
    /// <summary>Compares two rows; the better one comes first.</summary>
    public static PairedTest Compare(EvaluationRow a, EvaluationRow b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        (EvaluationRow first, EvaluationRow second) = b.Mean > a.Mean ? (b, a) : (a, b);
        (double low, double high) = Bootstrap.Interval([.. first.Replicates.Zip(second.Replicates, static (x, y) => x - y)]);
        return new PairedTest(first, second, first.Mean - second.Mean, low, high, Bootstrap.PValue(first.Replicates, second.Replicates));
    }

    /// <summary>Compares the best rows of every two models.</summary>
    public static IEnumerable<PairedTest> BetweenModels(IReadOnlyList<EvaluationRow> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        EvaluationRow[] best =
        [
            .. rows.Where(static row => !double.IsNaN(row.Mean))
                .GroupBy(static row => row.Model)
                .Select(static group => group.MaxBy(static row => row.Mean)!)
                .OrderByDescending(static row => row.Mean),
        ];
        for (int i = 0; i < best.Length; i++)
        {
            for (int j = i + 1; j < best.Length; j++)
                yield return Compare(best[i], best[j]);
        }
    }
}
