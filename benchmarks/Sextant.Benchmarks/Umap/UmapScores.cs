using System.Numerics.Tensors;
using Sextant.Index.Interchange;
using Sextant.Numerics;
using Sextant.Umap;

namespace Sextant.Benchmarks.Umap;

/// <summary>How good a layout is, by the same measures for every system; of a large set a fixed sample of rows is looked at.</summary>
internal sealed record UmapScores(double Trustworthiness, double Continuity, double? KnnAccuracy)
{
    private const int Sample = 5000,
        Neighbors = 15,
        Voters = 5;

    public static UmapScores Of(UmapData data, VectorTable layout)
    {
        int[] chosen = Choose(data.Rows.Count);
        float[] rows = Gather(data.Rows, chosen),
            points = Gather(layout, chosen);
        return new(
            ProjectionQuality.Trustworthiness(rows, data.Rows.Dimensions, points, layout.Dimensions, Neighbors, SimilarityMetric.Cosine),
            ProjectionQuality.Continuity(rows, data.Rows.Dimensions, points, layout.Dimensions, Neighbors, SimilarityMetric.Cosine),
            data.Labels is { } labels ? LeaveOneOut(layout, labels, chosen) : null
        );
    }

    private static int[] Choose(int count)
    {
        int[] all = [.. Enumerable.Range(0, count)];
        if (count <= Sample)
            return all;
        new Random(0).Shuffle(all);
        return all[..Sample];
    }

    private static float[] Gather(VectorTable table, int[] chosen)
    {
        float[] rows = new float[chosen.Length * table.Dimensions];
        for (int i = 0; i < chosen.Length; i++)
            table.Row(chosen[i]).CopyTo(rows.AsSpan(i * table.Dimensions));
        return rows;
    }

    /// <summary>The share of the chosen points whose label is that of most of the five points nearest to them, among all.</summary>
    private static double LeaveOneOut(VectorTable layout, int[] labels, int[] chosen)
    {
        int right = 0;
        Parallel.For(
            0,
            chosen.Length,
            at =>
            {
                int i = chosen[at];
                int[] nearest = Nearest(layout, i);
                int voted = nearest.CountBy(j => labels[j]).OrderByDescending(votes => votes.Value).ThenBy(votes => votes.Key).First().Key;
                if (voted == labels[i])
                    Interlocked.Increment(ref right);
            }
        );
        return (double)right / chosen.Length;
    }

    private static int[] Nearest(VectorTable layout, int point)
    {
        PriorityQueue<int, float> nearest = new();
        for (int j = 0; j < layout.Count; j++)
        {
            if (j == point)
                continue;
            float distance = TensorPrimitives.Distance(layout.Row(point), layout.Row(j));
            if (nearest.Count < Voters)
                nearest.Enqueue(j, -distance);
            else if (nearest.TryPeek(out _, out float farthest) && -distance > farthest)
                nearest.DequeueEnqueue(j, -distance);
        }

        return [.. nearest.UnorderedItems.Select(item => item.Element)];
    }
}
