using System.Runtime.InteropServices;
using CsCheck;
using Sextant.Tests.Shared;
using Sextant.Tests.Shared.Index;

namespace Sextant.Index.Tests;

/// <summary>Vectors that come many times neither hide others nor are hidden.</summary>
public sealed class DuplicateVectorTests
{
    private const int Dimensions = 64;

    public static TheoryData<VectorStorage, int> Copies
    {
        get
        {
            TheoryData<VectorStorage, int> data = [];
            foreach (VectorStorage storage in Enum.GetValues<VectorStorage>())
            {
                foreach (int copies in (int[])[10, 3_000, 20_000])
                    data.Add(storage, copies);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Copies))]
    public void Vector_among_copies_of_another_finds_itself_at_any_insertion_position(VectorStorage storage, int copies)
    {
        float[] rows = Rows(40, 1);
        for (int different = 1; different <= 4; different++)
        {
            using HnswIndex index = new(
                Dimensions,
                new()
                {
                    M = 16,
                    EfConstruction = 64,
                    EfSearch = 32,
                    Storage = storage,
                }
            );
            // Enough others for the graph to be searched, not scanned.
            index.AddRange(TestVectors.Ids(2_100, 1_000_000), Rows(2_100, 2));
            if (different % 2 == 0)
                index.Add(-1, Row(rows, different));
            index.AddRange(TestVectors.Ids(copies), Repeated(Row(rows, 0), copies));
            if (different % 2 == 1)
                index.Add(-1, Row(rows, different));

            Assert.Equal(-1, index.Search(Row(rows, different), 1)[0].Id);
            Assert.Equal(TestVectors.Ids(10), index.Search(Row(rows, 0), 10).Select(hit => hit.Id));
            Assert.Equal(0, index.Inspect().Unreachable);
            if (copies > 3_000)
                return;
        }
    }

    public static TheoryData<VectorStorage, float> Noise
    {
        get
        {
            TheoryData<VectorStorage, float> data = [];
            foreach (VectorStorage storage in Enum.GetValues<VectorStorage>())
            {
                foreach (float noise in (float[])[1e-7f, 1e-5f, 1e-3f, 1e-2f])
                    data.Add(storage, noise);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Noise))]
    public void Vectors_among_near_copies_of_another_find_themselves(VectorStorage storage, float noise)
    {
        const int Count = 3_000;
        float[] rows = Repeated(Rows(1, 1), Count),
            others = Rows(20, 9);
        Random random = new(4);
        for (int i = 0; i < rows.Length; i++)
            rows[i] += noise * (random.NextSingle() - 0.5f);
        using HnswIndex index = new(
            Dimensions,
            new()
            {
                M = 16,
                EfConstruction = 64,
                Storage = storage,
            }
        );
        index.AddRange(TestVectors.Ids(Count), rows);
        for (int i = 0; i < 20; i++)
            index.Add(-1 - i, Row(others, i));

        Assert.Equal(
            Enumerable.Range(0, 20).Select(i => -1L - i),
            Enumerable.Range(0, 20).Select(i => index.Search(Row(others, i), 1)[0].Id)
        );
    }

    [Fact]
    public void Remaining_copies_are_found_after_others_are_replaced_or_removed() =>
        Gen.Select(Gen.Int[0, 39], Gen.Int[0, 2])
            .Array[3_000]
            .Sample(
                steps =>
                {
                    float[] rows = Rows(40, 3);
                    using HnswIndex index = new(
                        Dimensions,
                        new()
                        {
                            M = 4,
                            EfConstruction = 24,
                            EfSearch = 48,
                        }
                    );
                    Dictionary<long, int> model = [];
                    index.AddRange(TestVectors.Ids(2_100, 1_000_000), Rows(2_100, 5));
                    Random random = new(steps[0].Item1);
                    foreach ((int row, int what) in steps)
                    {
                        int id = random.Next(400);
                        if (what == 0)
                        {
                            Assert.Equal(model.Remove(id), index.Remove(id));
                            continue;
                        }

                        // Half of all are the same.
                        int taken = what == 1 ? 0 : row;
                        index.Add(id, Row(rows, taken));
                        model[id] = taken;
                    }

                    using TempFolder folder = new();
                    index.Save(folder.File("index"));
                    using HnswIndex opened = HnswIndex.Open(folder.File("index"));
                    IdSet odd = new(TestVectors.Ids(200).Select(id => (id * 2) + 1));
                    foreach (HnswIndex each in (HnswIndex[])[index, opened])
                    {
                        Assert.Equal(model.Count + 2_100, each.Count);
                        Assert.Equal(0, each.Inspect().Unreachable);
                        for (int row = 0; row < 40; row++)
                        {
                            long[] equal = [.. model.Where(entry => entry.Value == row).Select(entry => entry.Key).Order()];
                            Assert.Equal(equal, each.Search(Row(rows, row), 500).Where(hit => hit.Score > 0.9999f).Select(hit => hit.Id));
                            Assert.Equal(
                                equal.Where(id => id % 2 == 1),
                                each.Search(Row(rows, row), 500, new() { Filter = odd })
                                    .Where(hit => hit.Score > 0.9999f)
                                    .Select(hit => hit.Id)
                            );
                            Assert.Equal(
                                equal.Take(3),
                                each.Search(Row(rows, row), 3, new() { Exact = true })
                                    .Where(hit => hit.Score > 0.9999f)
                                    .Select(hit => hit.Id)
                            );
                        }
                    }
                },
                iter: 6,
                threads: 1
            );

    [Fact]
    public void Graph_of_equal_vectors_stays_reachable_after_a_different_vector_is_added()
    {
        using HnswIndex index = new(Dimensions, new() { M = 8, EfConstruction = 40 });
        index.AddRange(TestVectors.Ids(3_000), Repeated(Rows(1, 1), 3_000));
        index.Add(-1, Rows(1, 2));
        Assert.Equal(0, index.Inspect().Unreachable);
        Assert.Equal(3_001, index.Search(Rows(1, 2), 5_000).Length);
    }

    [Fact]
    public void Searches_concurrent_with_writers_of_equal_vectors_return_no_duplicates_and_nothing_removed()
    {
        float[] rows = Rows(5, 1);
        using HnswIndex index = new(Dimensions, new() { M = 8, EfConstruction = 40 });
        index.AddRange(TestVectors.Ids(2_100, 1_000_000), Rows(2_100, 5));
        Parallel.For(
            0,
            8,
            worker =>
            {
                Random random = new(worker);
                for (int i = 0; i < 1_500; i++)
                {
                    int id = (random.Next(100) * 8) + worker;
                    if (random.Next(3) == 0)
                    {
                        index.Remove(id);
                        Assert.DoesNotContain(id, index.Search(Row(rows, random.Next(5)), 800).Select(hit => hit.Id));
                    }
                    else
                    {
                        index.Add(id, Row(rows, random.Next(5)));
                    }

                    Neighbor[] hits = index.Search(Row(rows, random.Next(5)), 50);
                    Assert.Equal(hits.Length, hits.DistinctBy(hit => hit.Id).Count());
                }
            }
        );
        Assert.Equal(index.Count, index.Search(Row(rows, 0), 5_000, new() { Exact = true }).Length);
        Assert.Equal(0, index.Inspect().Unreachable);
    }

    [Fact]
    public void Copied_graph_links_each_duplicate_to_the_next()
    {
        float[] rows = Rows(2_200, 1);
        using HnswIndex index = new(
            Dimensions,
            new()
            {
                M = 8,
                EfConstruction = 40,
                EfSearch = 400,
            }
        );
        index.AddRange(TestVectors.Ids(2_200), rows);
        index.AddRange(TestVectors.Ids(150, 5_000), Repeated(Row(rows, 7), 150));
        Assert.True(index.Remove(7));

        (HnswGraph graph, long[] ids) = index.ToGraph();
        float[] vectors = new float[ids.Length * Dimensions];
        for (int i = 0; i < ids.Length; i++)
            Assert.True(index.TryGetVector(ids[i], vectors.AsSpan(i * Dimensions, Dimensions)));
        using HnswIndex copy = HnswIndex.FromGraph(Dimensions, index.Options, graph, ids, vectors);

        Assert.Equal(2_349, copy.Count);
        Assert.Equal(0, copy.Inspect().Unreachable);
        Assert.Equal(TestVectors.Ids(150, 5_000), copy.Search(Row(rows, 7), 150).Select(hit => hit.Id));
    }

    [Fact]
    public void Only_a_file_with_duplicates_needs_the_new_version()
    {
        using TempFolder folder = new();
        float[] rows = Rows(10, 1);
        using HnswIndex index = new(Dimensions);
        index.AddRange(TestVectors.Ids(10), rows);
        index.Save(folder.File("without"));
        index.Add(10, Row(rows, 3));
        index.Save(folder.File("with"));
        Assert.Equal(
            [3, 4],
            ((string[])["without", "with"]).Select(name => MemoryMarshal.Read<int>(File.ReadAllBytes(folder.File(name)).AsSpan(4)))
        );

        using HnswIndex opened = HnswIndex.Open(folder.File("with"));
        Assert.Equal([3L, 10L], opened.Search(Row(rows, 3), 2).Select(hit => hit.Id));
        Assert.True(opened.Remove(3));
        Assert.Equal(10, opened.Search(Row(rows, 3), 1)[0].Id);
    }

    private static ReadOnlySpan<float> Row(float[] rows, int row) => rows.AsSpan(row * Dimensions, Dimensions);

    private static float[] Rows(int count, int seed)
    {
        Random random = new(seed);
        float[] rows = [.. Enumerable.Range(0, count * Dimensions).Select(_ => random.NextSingle() - 0.5f)];
        return rows;
    }

    private static float[] Repeated(ReadOnlySpan<float> row, int count)
    {
        float[] one = row.ToArray();
        return [.. Enumerable.Repeat(one, count).SelectMany(static values => values)];
    }
}
