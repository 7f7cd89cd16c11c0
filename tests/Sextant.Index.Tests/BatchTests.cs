using Sextant.Numerics;
using Sextant.Tests.Shared.Index;

namespace Sextant.Index.Tests;

/// <summary>Many queries at once, 16-bit vectors, and the vectors of another index.</summary>
public sealed class BatchTests
{
    private const int Dimensions = 16;

    [Fact]
    public void Batch_returns_what_each_query_alone_returns()
    {
        float[] queries = TestVectors.Clustered(300, Dimensions, 2);
        using HnswIndex index = Build(5_000, VectorStorage.Int4);

        Neighbor[][] found = index.SearchBatch(queries, 7, new() { EfSearch = 20 });

        Assert.Equal(300, found.Length);
        for (int q = 0; q < found.Length; q++)
            Assert.Equal(index.Search(queries.AsSpan(q * Dimensions, Dimensions), 7, new() { EfSearch = 20 }), found[q]);
        Assert.Empty(index.SearchBatch(default, 7));
        Assert.Throws<ArgumentException>(() => index.SearchBatch(new float[Dimensions + 1], 7));
        Assert.Throws<ArgumentException>(() => index.SearchBatch(Enumerable.Repeat(float.NaN, Dimensions).ToArray(), 7));
    }

    [Fact]
    public void Cancelled_batch_stops()
    {
        using HnswIndex index = Build(100, VectorStorage.Float32);
        using CancellationTokenSource source = new();
        source.Cancel();
        Assert.Throws<OperationCanceledException>(() => index.SearchBatch(new float[Dimensions * 10], 1, ct: source.Token));
    }

    [Fact]
    public void Half_precision_vectors_are_those_of_their_values()
    {
        Half[] half = [.. TestVectors.Clustered(2, Dimensions, 5).Select(value => (Half)value)];
        float[] wide = [.. half.Select(value => (float)value)];
        using HnswIndex index = Build(100, VectorStorage.Float32),
            other = Build(100, VectorStorage.Float32);

        index.AddRange((long[])[500, 501], half);
        other.AddRange((long[])[500, 501], wide);

        Assert.Equal(500, index.Search(wide.AsSpan(0, Dimensions), 1)[0].Id);
        Assert.Equal(other.SearchBatch(wide, 10), index.SearchBatch(wide, 10));
    }

    [Fact]
    public void Merged_index_has_the_vectors_of_both_and_takes_those_of_the_other_where_ids_are_equal()
    {
        using HnswIndex index = Build(3_000, VectorStorage.Packed),
            other = new(Dimensions, new() { Storage = VectorStorage.Int4 });
        float[] rows = TestVectors.Clustered(6_000, Dimensions, 9);
        other.AddRange(TestVectors.Ids(6_000, first: 2_900), rows);
        other.Remove(3_000);
        List<int> progress = [];

        int added = index.MergeFrom(other, progress: new Recorder(progress));

        Assert.Equal(5_999, added);
        Assert.Equal([.. Enumerable.Range(0, 8_900).Where(id => id != 3_000).Select(id => (long)id)], index.GetIds());
        Assert.Equal([4_096, 5_999], progress);
        float[] mine = new float[Dimensions],
            theirs = new float[Dimensions];
        foreach (int id in (int[])[2_900, 2_999, 5_000, 8_899])
        {
            Assert.True(index.TryGetVector(id, mine) && other.TryGetVector(id, theirs));
            Assert.Equal(theirs, mine, (a, b) => Math.Abs(a - b) < 1e-6f);
        }

        Assert.Equal(5_999, other.Count);
        Assert.Throws<ArgumentException>(() => index.MergeFrom(index));
        using HnswIndex euclidean = new(Dimensions, new() { Metric = SimilarityMetric.Euclidean });
        Assert.Throws<ArgumentException>(() => index.MergeFrom(euclidean));
    }

    private static HnswIndex Build(int count, VectorStorage storage)
    {
        HnswIndex index = new(Dimensions, new() { Storage = storage });
        index.AddRange(TestVectors.Ids(count), TestVectors.Clustered(count, Dimensions, 1));
        return index;
    }

    private sealed class Recorder(List<int> into) : IProgress<int>
    {
        public void Report(int value) => into.Add(value);
    }
}
