using Sextant.Numerics;
using Sextant.Tests.Shared;
using Sextant.Tests.Shared.Index;

namespace Sextant.Index.Tests;

public sealed class HnswIndexFilesTests : IDisposable
{
    private const int Dimensions = 20;

    private readonly TempFolder _folder = new();

    private string File1 => _folder.File("a.hnsw");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(VectorStorage.Float32)]
    [InlineData(VectorStorage.Int8)]
    [InlineData(VectorStorage.Int4)]
    [InlineData(VectorStorage.Bit)]
    [InlineData(VectorStorage.Packed)]
    public void Opened_index_equals_the_saved_one_and_accepts_changes(VectorStorage storage)
    {
        float[] rows = TestVectors.Clustered(3_000, Dimensions, 1),
            query = TestVectors.Clustered(1, Dimensions, 2);
        using HnswIndex index = new(
            Dimensions,
            new()
            {
                M = 8,
                EfConstruction = 40,
                Seed = 7,
                Storage = storage,
            }
        )
        {
            Stamp = 42,
            EfSearch = 50,
        };
        index.AddRange(TestVectors.Ids(3_000), rows);
        for (int i = 0; i < 30; i++)
            index.Remove(i);
        index.Save(File1);
        Neighbor[] before = index.Search(query, 10);

        using HnswIndex opened = HnswIndex.Open(File1);

        Assert.Equal((42, 50, 2_970, Dimensions), (opened.Stamp, opened.EfSearch, opened.Count, opened.Dimensions));
        Assert.Equal(index.Options with { EfSearch = 50 }, opened.Options);
        Assert.Equal(before, opened.Search(query, 10));
        Assert.False(opened.Contains(3));
        opened.AddRange(TestVectors.Ids(3_000, first: 10_000), TestVectors.Clustered(3_000, Dimensions, 3));
        opened.Add(10_000, query);
        Assert.Equal(10_000, opened.Search(query, 1)[0].Id);
        opened.Save(File1);
        Assert.Equal(before, index.Search(query, 10));
        using HnswIndex again = HnswIndex.Open(File1);
        Assert.Equal(5_970, again.Count);
        Assert.Equal(opened.Search(query, 10), again.Search(query, 10));
    }

    [Fact]
    public void Vectors_in_memory_in_a_file_and_in_a_snapshot_are_saved_unchanged()
    {
        const int Wide = 256,
            Count = 2_500;
        float[] rows = TestVectors.Clustered(2 * Count, Wide, 1),
            read = new float[Wide];
        HnswOptions options = new()
        {
            M = 4,
            EfConstruction = 10,
            Metric = SimilarityMetric.Dot,
        };
        using (HnswIndex index = new(Wide, options))
        {
            index.AddRange(TestVectors.Ids(Count), rows.AsMemory(0, Count * Wide));
            index.Save(File1);
        }

        using (HnswIndex more = HnswIndex.Open(File1))
        {
            more.Save(File1);
            more.AddRange(TestVectors.Ids(Count, first: Count), rows.AsMemory(Count * Wide));
            more.Add(7, rows.AsSpan(0, Wide));
            more.Save(File1);
        }

        using HnswIndex opened = HnswIndex.Open(File1);
        for (int i = 0; i < 2 * Count; i++)
        {
            Assert.True(opened.TryGetVector(i, read));
            Assert.True(rows.AsSpan((i == 7 ? 0 : i) * Wide, Wide).SequenceEqual(read), $"vector {i} changed");
        }
    }

    [Fact]
    public void Empty_index_is_saved_and_opened()
    {
        using (HnswIndex index = new(3))
            index.Save(File1);
        using HnswIndex opened = HnswIndex.Open(File1);
        Assert.Empty(opened.Search([1, 2, 3], 1));
        opened.Add(1, [1, 2, 3]);
        Assert.Single(opened.Search([1, 2, 3], 1));
    }

    [Theory]
    [InlineData(VectorStorage.Float32)]
    [InlineData(VectorStorage.Int4)]
    [InlineData(VectorStorage.Packed)]
    public void Any_changed_or_missing_byte_is_detected(VectorStorage storage)
    {
        using (
            HnswIndex index = new(
                Dimensions,
                new()
                {
                    M = 4,
                    EfConstruction = 10,
                    Storage = storage,
                }
            )
        )
        {
            index.AddRange(TestVectors.Ids(200), TestVectors.Clustered(200, Dimensions, 1));
            index.Save(File1);
        }

        byte[] whole = File.ReadAllBytes(File1);
        Random random = new(3);
        for (int round = 0; round < 300; round++)
        {
            byte[] broken = [.. whole];
            int at = random.Next(whole.Length);
            if (round % 5 == 0)
                broken = broken[..at];
            else
                broken[at] ^= (byte)(1 << random.Next(8));
            string file = _folder.File($"{round}.hnsw");
            File.WriteAllBytes(file, broken);
            Assert.Throws<InvalidDataException>(() => HnswIndex.Open(file));
        }
    }

    [Fact]
    public void Concurrent_searches_and_changes_lose_no_id_and_find_nothing_removed()
    {
        float[] rows = TestVectors.Clustered(600, Dimensions, 1);
        using HnswIndex index = new(Dimensions, new() { M = 6, EfConstruction = 20 });
        // Numbers of the last operation that removed an id; searches remember the ids removed before they started.
        const int Ids = 200,
            Threads = 4,
            Operations = 4_000;
        object[] locks = [.. Enumerable.Range(0, Ids).Select(_ => new object())];
        bool[] present = new bool[Ids];
        long[] frozen = [.. Enumerable.Range(0, Ids).Select(i => (long)i).Where(i => i % 5 == 0)];
        foreach (long id in frozen)
            index.Add(id, rows.AsSpan((int)id * Dimensions, Dimensions));
        foreach (long id in frozen.Where(id => id % 2 == 1))
            index.Remove(id);

        Parallel.For(
            0,
            Threads,
            thread =>
            {
                Random random = new(thread);
                for (int i = 0; i < Operations; i++)
                {
                    int id = random.Next(Ids);
                    ReadOnlySpan<float> row = rows.AsSpan((random.Next(3) * Ids + id) * Dimensions, Dimensions);
                    if (i % 4 == 3)
                    {
                        Neighbor[] found = index.Search(row, 8);
                        Assert.Equal(found.Length, found.DistinctBy(hit => hit.Id).Count());
                        Assert.DoesNotContain(found, hit => hit.Id % 5 == 0 && hit.Id % 2 == 1);
                        continue;
                    }

                    if (id % 5 == 0)
                        continue;
                    // Several threads work on one id, and one of them at a time is watched.
                    if (i % 4 == 0)
                    {
                        index.Add(id + Ids, row);
                        continue;
                    }

                    lock (locks[id])
                    {
                        if (present[id] && random.Next(2) == 0)
                            Assert.True(index.Remove(id));
                        else
                            index.Add(id, row);
                        present[id] = index.Contains(id);
                    }
                }
            }
        );

        for (int id = 0; id < Ids; id++)
        {
            if (id % 5 != 0)
                Assert.Equal(present[id], index.Contains(id));
        }

        Neighbor[] all = index.Search(rows.AsSpan(0, Dimensions), 10_000);
        Assert.Equal(index.Count, all.Length);
        Assert.All(all, hit => Assert.True(index.Contains(hit.Id)));
    }
}
