namespace Sextant.Umap.Graphs;

/// <summary>
/// The strength of the connection between a row and each of its neighbors: 1 for the nearest, decreasing with the row's scale, which is
/// chosen so that the strengths sum to log2(k). Section 3.1 and algorithm 3 of McInnes, Healy and Melville (2018).
/// </summary>
internal static class MembershipStrengths
{
    private const int Bisections = 64;
    private const double Tolerance = 1e-5;
    private const double SmallestScale = 1e-3;

    /// <summary>Fills <paramref name="strengths"/>.</summary>
    /// <param name="distances">The distances to the neighbors, ascending.</param>
    /// <param name="neighbors">k, which counts the row itself.</param>
    /// <param name="connected">Whether the nearest other row has strength 1, so that no row is isolated; false for new rows.</param>
    /// <param name="meanDistance">The mean over all rows: the minimum scale is a thousandth of it, for rows with only duplicates.</param>
    /// <param name="strengths">Receives the strengths; as long as <paramref name="distances"/>.</param>
    public static void Compute(ReadOnlySpan<float> distances, int neighbors, bool connected, double meanDistance, Span<float> strengths)
    {
        float nearest = 0;
        double sum = 0;
        foreach (float distance in distances)
        {
            if (nearest == 0 && connected)
                nearest = distance;
            sum += distance;
        }

        double scale = Scale(distances, nearest, Math.Log2(neighbors));
        double floor = SmallestScale * (nearest > 0 ? sum / (distances.Length + 1) : meanDistance);
        scale = Math.Max(scale, floor);
        for (int j = 0; j < distances.Length; j++)
        {
            double beyond = distances[j] - nearest;
            strengths[j] = beyond <= 0 || scale == 0 ? 1 : (float)Math.Exp(-beyond / scale);
        }
    }

    private static double Scale(ReadOnlySpan<float> distances, float nearest, double target)
    {
        double low = 0,
            high = double.PositiveInfinity,
            middle = 1;
        for (int i = 0; i < Bisections; i++)
        {
            double sum = 0;
            foreach (float distance in distances)
            {
                double beyond = distance - nearest;
                sum += beyond > 0 ? Math.Exp(-beyond / middle) : 1;
            }

            if (Math.Abs(sum - target) < Tolerance)
                break;
            if (sum > target)
                (high, middle) = (middle, (low + middle) / 2);
            else
                (low, middle) = (middle, double.IsInfinity(high) ? middle * 2 : (middle + high) / 2);
        }

        return middle;
    }
}
