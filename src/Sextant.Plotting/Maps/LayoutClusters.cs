namespace Sextant.Plotting.Maps;

/// <summary>Divides a layout into regions by k-means, begun as k-means++ does, with a fixed seed.</summary>
internal static class LayoutClusters
{
    private const int Rounds = 25;
    private const int Seed = 42;

    /// <summary>The region of each point, from 0. There are about √(n/20) of them, 2 to 24.</summary>
    public static int[] Divide(ReadOnlySpan<float> positions)
    {
        int count = positions.Length / 2;
        int[] groups = new int[count];
        float[] centers = Begin(positions, Math.Clamp((int)Math.Sqrt(count / 20.0), 2, 24));
        for (int round = 0; round < Rounds; round++)
        {
            bool moved = false;
            for (int point = 0; point < count; point++)
            {
                int nearest = Nearest(centers, positions[2 * point], positions[(2 * point) + 1]).Center;
                moved |= groups[point] != nearest;
                groups[point] = nearest;
            }

            if (!moved && round > 0)
                break;
            Recenter(positions, groups, centers);
        }

        return groups;
    }

    private static float[] Begin(ReadOnlySpan<float> positions, int wanted)
    {
        Random random = new(Seed);
        int count = positions.Length / 2,
            first = random.Next(count);
        List<float> centers = [positions[2 * first], positions[(2 * first) + 1]];
        double[] far = new double[count];
        while (centers.Count < 2 * wanted)
        {
            double sum = 0;
            float[] known = [.. centers];
            for (int i = 0; i < count; i++)
                sum += far[i] = Nearest(known, positions[2 * i], positions[(2 * i) + 1]).Distance;
            if (sum == 0)
                break;
            double target = random.NextDouble() * sum;
            int chosen = 0;
            while (chosen < count - 1 && (target -= far[chosen]) > 0)
                chosen++;
            centers.Add(positions[2 * chosen]);
            centers.Add(positions[(2 * chosen) + 1]);
        }

        return [.. centers];
    }

    private static (int Center, float Distance) Nearest(ReadOnlySpan<float> centers, float x, float y)
    {
        (int center, float distance) = (0, float.MaxValue);
        for (int i = 0; i < centers.Length; i += 2)
        {
            float dx = centers[i] - x,
                dy = centers[i + 1] - y,
                d = (dx * dx) + (dy * dy);
            if (d < distance)
                (center, distance) = (i / 2, d);
        }

        return (center, distance);
    }

    private static void Recenter(ReadOnlySpan<float> positions, int[] groups, float[] centers)
    {
        double[] sums = new double[centers.Length];
        int[] counts = new int[centers.Length / 2];
        for (int point = 0; point < groups.Length; point++)
        {
            sums[2 * groups[point]] += positions[2 * point];
            sums[(2 * groups[point]) + 1] += positions[(2 * point) + 1];
            counts[groups[point]]++;
        }

        for (int i = 0; i < centers.Length; i++)
        {
            if (counts[i / 2] > 0)
                centers[i] = (float)(sums[i] / counts[i / 2]);
        }
    }
}
