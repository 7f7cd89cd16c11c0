namespace Sextant;

/// <summary>The recall of an index, estimated from the share of its true neighbors that each of some queries found.</summary>
/// <param name="shares">The share of each query.</param>
/// <param name="k">The number of neighbors of a query.</param>
internal readonly struct RecallEstimate(double[] shares, int k)
{
    private const double Confidence95 = 1.959964;

    /// <summary>The mean share.</summary>
    public double Share => Math.Min(1, shares.Average());

    /// <summary>Wilson's interval at 95 %, over as many trials as the spread between queries corresponds to.</summary>
    public (double Low, double High) Interval()
    {
        double p = Share,
            n = Trials(),
            z2 = Confidence95 * Confidence95;
        double middle = (p + (z2 / (2 * n))) / (1 + (z2 / n));
        double half = Confidence95 / (1 + (z2 / n)) * Math.Sqrt((p * (1 - p) / n) + (z2 / (4 * n * n)));
        return (Math.Max(0, middle - half), Math.Min(1, middle + half));
    }

    private double Trials()
    {
        double mean = Share,
            variance = shares.Length < 2 ? 0 : shares.Sum(s => (s - mean) * (s - mean)) / (shares.Length - 1) / shares.Length;
        return variance == 0 ? shares.Length : Math.Clamp(mean * (1 - mean) / variance, shares.Length, (double)shares.Length * k);
    }
}
