using Sextant.Tests.Shared;
using Sextant.Tests.Shared.Index;

namespace Sextant.Index.Tests;

/// <summary>Every vector stays reachable, with any number of links and concurrent insertions.</summary>
public sealed class ReachabilityTests
{
    private const int Dimensions = 8;

    [Theory]
    [InlineData(VectorStorage.Float32, 3_000, 3_000)]
    [InlineData(VectorStorage.Int4, 3_000, 3_000)]
    [InlineData(VectorStorage.Bit, 3_000, 3_000)]
    [InlineData(VectorStorage.Packed, 3_000, 3_000)]
    // Hundreds of equals of each, whose nearest are all equals.
    [InlineData(VectorStorage.Int8, 3_000, 12)]
    public void Every_vector_is_reachable_after_a_parallel_build_with_few_links(VectorStorage storage, int count, int different)
    {
        for (int seed = 0; seed < 3; seed++)
        {
            using HnswIndex index = new(
                Dimensions,
                new()
                {
                    M = 2,
                    EfConstruction = 6,
                    Storage = storage,
                    Seed = (ulong)seed,
                }
            );
            index.AddRange(TestVectors.Ids(count), Rows(count, different, seed));
            Assert.Equal(0, index.Inspect().Unreachable);
        }
    }

    [Fact]
    public void Pruning_makes_vectors_unreachable_and_a_snapshot_has_none()
    {
        const int Count = 1_500;
        using TempFolder folder = new();
        using HnswIndex index = new(Dimensions, new() { M = 2, EfConstruction = 6 });
        float[] rows = Rows(Count, Count, 4);
        for (int i = 0; i < Count; i++)
            index.Add(i, rows.AsSpan(i * Dimensions, Dimensions));
        // Otherwise the test would not exercise the repair.
        Assert.NotEqual(0, index.Inspect().Unreachable);

        string file = folder.File("index.hnsw");
        index.Save(file);
        using HnswIndex saved = HnswIndex.Open(file);
        Assert.Equal(0, saved.Inspect().Unreachable);
        Assert.Equal(0, index.Inspect().Unreachable);
        Assert.Equal(0, index.RelinkUnreachable());
    }

    [Fact]
    public void Every_vector_stays_reachable_after_most_are_replaced_or_removed()
    {
        const int Count = 2_000;
        using HnswIndex index = new(Dimensions, new() { M = 3, EfConstruction = 10 });
        index.AddRange(TestVectors.Ids(Count), Rows(Count, Count, 1));
        for (int id = 0; id < Count; id += 3)
            index.Remove(id);
        index.AddRange(TestVectors.Ids(Count / 2, Count / 4), Rows(Count / 2, Count / 2, 2));
        Assert.Equal(0, index.Inspect().Unreachable);
    }

    private static float[] Rows(int count, int different, int seed)
    {
        float[] rows = TestVectors.Clustered(different, Dimensions, seed, clusters: 5);
        return [.. Enumerable.Range(0, count).SelectMany(i => rows.AsSpan(i % different * Dimensions, Dimensions).ToArray())];
    }
}
