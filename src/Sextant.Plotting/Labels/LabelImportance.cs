using SkiaSharp;

namespace Sextant.Plotting.Labels;

/// <summary>
/// Orders points by how much of the picture their labels would describe: the next is always the one with the most points around it that
/// no earlier one is near. When all points are covered, the distance that counts as near is halved.
/// </summary>
internal static class LabelImportance
{
    /// <summary>More points than this are sampled.</summary>
    private const int MostPoints = 4000;

    private const int SampleSeed = 2;

    /// <param name="frame">The area of the picture.</param>
    /// <param name="points">The centers of the points.</param>
    /// <param name="near">The distance within which a label describes a point.</param>
    /// <param name="most">How many points to return at most.</param>
    /// <returns>The numbers of points, the most important first.</returns>
    public static List<int> Order(SKRect frame, SKPoint[] points, float near, int most)
    {
        int[] chosen = [.. Enumerable.Range(0, points.Length)];
        if (points.Length > MostPoints)
        {
            new Random(SampleSeed).Shuffle(chosen);
            chosen = chosen[..MostPoints];
        }

        SKPoint[] sample = Array.ConvertAll(chosen, i => points[i]);
        bool[] taken = new bool[sample.Length];
        List<int> order = [];
        for (float distance = near; order.Count < Math.Min(most, sample.Length) && distance > 0.5f; distance /= 2)
            Cover(new PointGrid(frame, sample, Math.Max(8, distance)), sample, distance, taken, order, most);
        order.AddRange(Enumerable.Range(0, sample.Length).Where(i => !taken[i]).Take(most - order.Count));
        return order.ConvertAll(i => chosen[i]);
    }

    // The number of uncovered points only decreases, so an old count is an upper bound and is renewed only at the top of the queue.
    private static void Cover(PointGrid grid, SKPoint[] points, float distance, bool[] taken, List<int> order, int most)
    {
        bool[] covered = (bool[])taken.Clone();
        PriorityQueue<int, (int Count, int Point)> queue = new();
        for (int i = 0; i < points.Length; i++)
        {
            if (!taken[i])
                queue.Enqueue(i, (int.MinValue, i));
        }

        List<int> around = [];
        while (order.Count < most && queue.TryDequeue(out int point, out (int Count, int Point) rank))
        {
            around.Clear();
            grid.Collect(points[point], distance, around);
            int count = around.Count(i => !covered[i]);
            if (count == 0 || covered[point])
                continue;
            if (-count > rank.Count)
            {
                queue.Enqueue(point, (-count, point));
                continue;
            }

            taken[point] = true;
            order.Add(point);
            foreach (int i in around)
                covered[i] = true;
        }
    }
}
