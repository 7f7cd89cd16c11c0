using System.Diagnostics;
using Sextant.Index.Interchange;
using Sextant.Numerics;

namespace Sextant.Benchmarks.Ann;

/// <summary>
/// The minimum cost of a comparison: the kernel over rows in random order, which are loaded from memory as in a graph search. A search with
/// n comparisons takes at least n times this, unless it compares fewer bytes.
/// </summary>
internal static class KernelTime
{
    private const int Comparisons = 200_000;

    public static double Nanoseconds(VectorTable vectors, int rounds)
    {
        Random random = new(7);
        int[] order = [.. Enumerable.Range(0, Comparisons).Select(_ => random.Next(vectors.Count))];
        double best = double.MaxValue;
        float sum = 0;
        for (int round = 0; round < rounds + 2; round++)
        {
            long began = Stopwatch.GetTimestamp();
            foreach (int row in order)
                sum += VectorMath.Dot(vectors.Row(0), vectors.Row(row));
            best = Math.Min(best, Stopwatch.GetElapsedTime(began).TotalNanoseconds / Comparisons);
        }

        return float.IsNaN(sum) ? double.NaN : best;
    }
}
