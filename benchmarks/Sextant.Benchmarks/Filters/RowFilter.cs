using Sextant.Index.Interchange;
using Sextant.Numerics;

namespace Sextant.Benchmarks.Filters;

/// <summary>Which rows pass, in order.</summary>
internal sealed record RowFilter(string Name, int[] Rows)
{
    private const int Centers = 200;

    public static RowFilter AtRandom(int count, double share)
    {
        int[] rows = [.. Enumerable.Range(0, count)];
        new Random(11).Shuffle(rows);
        return new("at random", [.. rows.Take((int)(count * share)).Order()]);
    }

    /// <summary>
    /// Whole neighborhoods of rows drawn at random, the last one partially: most queries have hardly any matching rows near them, a few
    /// have only matching ones.
    /// </summary>
    public static RowFilter ByCluster(VectorTable vectors, double share)
    {
        Random random = new(12);
        int[] centers = [.. Enumerable.Range(0, Centers).Select(_ => random.Next(vectors.Count))],
            nearest = new int[vectors.Count];
        Parallel.For(
            0,
            vectors.Count,
            row => nearest[row] = Enumerable.Range(0, Centers).MaxBy(c => VectorMath.Dot(vectors.Row(centers[c]), vectors.Row(row)))
        );
        int[] rows = [.. Enumerable.Range(0, vectors.Count).OrderBy(row => nearest[row])];
        return new("by cluster", [.. rows.Take((int)(vectors.Count * share)).Order()]);
    }

    /// <summary>The nearest of the rows that pass, by comparing all of them.</summary>
    public int[] Nearest(VectorTable vectors, ReadOnlySpan<float> query, int topK)
    {
        TopK best = new(topK);
        foreach (int row in Rows)
            best.Offer(row, VectorMath.Dot(query, vectors.Row(row)));
        return best.ToIndexes();
    }
}
