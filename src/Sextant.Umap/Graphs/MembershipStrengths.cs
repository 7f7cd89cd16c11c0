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
    /// <param name="connectivity">
    /// How many of the nearest other rows have strength 1, so that no row is isolated; between two whole numbers, the distance up to which
    /// they have is interpolated.
    /// </param>
    /// <param name="meanDistance">The mean over all rows: the minimum scale is a thousandth of it, for rows with only duplicates.</param>
    /// <param name="strengths">Receives the strengths; as long as <paramref name="distances"/>.</param>
    public static void Compute(
        ReadOnlySpan<float> distances,
        int neighbors,
        double connectivity,
        double meanDistance,
        Span<float> strengths
    )
    {
        double sum = 0;
        foreach (float distance in distances)
            sum += distance;
        float nearest = Reach(distances[FirstAbove0(distances)..], connectivity);
        double scale = Scale(distances, nearest, Math.Log2(neighbors));
        double floor = SmallestScale * (nearest > 0 ? sum / (distances.Length + 1) : meanDistance);
        scale = Math.Max(scale, floor);
        for (int j = 0; j < distances.Length; j++)
        {
            double beyond = distances[j] - nearest;
            strengths[j] = beyond <= 0 || scale == 0 ? 1 : (float)Math.Exp(-beyond / scale);
        }
    }

    /// <summary>The distance up to which neighbors have strength 1; copies of the row are not counted.</summary>
    private static float Reach(ReadOnlySpan<float> distances, double connectivity)
    {
        if (distances.Length == 0)
            return 0;
        if (distances.Length < connectivity)
            return distances[^1];
        int whole = (int)connectivity;
        float below = whole == 0 ? 0 : distances[whole - 1],
            part = (float)(connectivity - whole);
        return part > 0 ? below + (part * (distances[whole] - below)) : below;
    }

    private static int FirstAbove0(ReadOnlySpan<float> distances)
    {
        int first = distances.IndexOfAnyExcept(0f);
        return first < 0 ? distances.Length : first;
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
