using System.Numerics.Tensors;
using Sextant.Benchmarks.Ann;
using Sextant.Index.Interchange;
using Sextant.Tests.Shared.Index;

namespace Sextant.Index.Tests;

/// <summary>The defaults, on the vectors that the benchmark measures.</summary>
public sealed class LargeGraphTests
{
    private const int Dimensions = 384;
    private const int Depth = 10;

    [Fact]
    public void Default_recall_over_100_000_vectors_is_99_percent()
    {
        ClusteredVectors source = new(Dimensions);
        VectorTable rows = source.Draw(100_000, stream: 1),
            queries = source.Draw(100, stream: 2);
        using HnswIndex index = new(Dimensions);
        index.AddRange(TestVectors.Ids(rows.Count), rows.Rows, ct: TestContext.Current.CancellationToken);

        int found = 0;
        Parallel.For(
            0,
            queries.Count,
            q =>
            {
                HashSet<long> exact = [.. Nearest(rows, queries.Row(q))];
                int both = index.Search(queries.Row(q), Depth).Count(hit => exact.Contains(hit.Id));
                Interlocked.Add(ref found, both);
            }
        );

        Assert.InRange(found / (double)(Depth * queries.Count), 0.99, 1);
    }

    private static IEnumerable<long> Nearest(VectorTable rows, ReadOnlySpan<float> query)
    {
        float[] scores = new float[rows.Count];
        for (int row = 0; row < rows.Count; row++)
            scores[row] = TensorPrimitives.Dot(rows.Row(row), query);
        return Enumerable.Range(0, rows.Count).OrderByDescending(row => scores[row]).Take(Depth).Select(static row => (long)row);
    }
}
