using CsCheck;
using Sextant.Numerics;
using Sextant.Tests.Shared;
using Sextant.Tests.Shared.Index;

namespace Sextant.Index.Tests;

/// <summary>The guarantees of an index under any additions and removals.</summary>
public sealed class HnswIndexTests
{
    private const int Dimensions = 24;

    [Theory]
    [InlineData(SimilarityMetric.Cosine)]
    [InlineData(SimilarityMetric.Dot)]
    [InlineData(SimilarityMetric.Euclidean)]
    public void Recall_is_high_for_every_metric(SimilarityMetric metric)
    {
        using HnswIndex index = Build(
            12_000,
            new()
            {
                M = 16,
                EfConstruction = 100,
                Metric = metric,
                Storage = VectorStorage.Float32,
            }
        );
        double recall = Recall(index, efSearch: 128);
        Assert.True(recall >= 0.99, $"{recall}");
    }

    [Theory]
    [InlineData(VectorStorage.Int8, SimilarityMetric.Cosine, 0.99)]
    [InlineData(VectorStorage.Int8, SimilarityMetric.Euclidean, 0.99)]
    [InlineData(VectorStorage.Int4, SimilarityMetric.Cosine, 0.98)]
    [InlineData(VectorStorage.Int4, SimilarityMetric.Dot, 0.98)]
    [InlineData(VectorStorage.Packed, SimilarityMetric.Cosine, 0.98)]
    [InlineData(VectorStorage.Packed, SimilarityMetric.Dot, 0.98)]
    [InlineData(VectorStorage.Packed, SimilarityMetric.Euclidean, 0.98)]
    [InlineData(VectorStorage.Bit, SimilarityMetric.Cosine, 0.7)]
    [InlineData(VectorStorage.Bit, SimilarityMetric.Euclidean, 0.7)]
    public void Quantized_search_has_nearly_the_same_recall(VectorStorage storage, SimilarityMetric metric, double least)
    {
        using HnswIndex index = Build(
            6_000,
            new()
            {
                M = 16,
                EfConstruction = 100,
                Metric = metric,
                Storage = storage,
            }
        );
        double recall = Recall(index, efSearch: 128);
        Assert.True(recall >= least, $"{recall}");
    }

    [Fact]
    public void Scores_match_the_vectors_and_are_sorted()
    {
        float[] rows = TestVectors.Clustered(500, Dimensions, 1),
            query = TestVectors.Clustered(1, Dimensions, 2);
        foreach (
            (SimilarityMetric metric, VectorStorage storage) in Enum.GetValues<SimilarityMetric>()
                .SelectMany(_ => Enum.GetValues<VectorStorage>(), static (metric, storage) => (metric, storage))
        )
        {
            using HnswIndex index = new(Dimensions, new() { Metric = metric, Storage = storage });
            index.AddRange(TestVectors.Ids(500), rows);
            Neighbor[] found = index.Search(query, 500);
            Assert.Equal(500, found.Length);
            Assert.Equal([.. found.OrderByDescending(hit => hit.Score).ThenBy(hit => hit.Id)], found);
            foreach (Neighbor hit in found)
            {
                ReadOnlySpan<float> row = rows.AsSpan((int)hit.Id * Dimensions, Dimensions);
                float expected = metric switch
                {
                    SimilarityMetric.Cosine => VectorMath.Cosine(query, row),
                    SimilarityMetric.Dot => VectorMath.Dot(query, row),
                    _ => -VectorMath.Euclidean(query, row),
                };
                Assert.Equal(expected, hit.Score, 1e-3f * Math.Max(1, Math.Abs(expected)));
            }
        }
    }

    [Fact]
    public void Search_returns_at_most_as_many_results_as_vectors()
    {
        using HnswIndex index = new(2);
        Assert.Empty(index.Search([1, 0], 5));
        index.Add(-7, [1, 0]);
        index.Add(long.MaxValue, [0, 1]);
        Assert.Equal([-7, long.MaxValue], index.Search([1, 0.5f], 5).Select(hit => hit.Id));
        Assert.Empty(index.Search([1, 0], 0));
        Assert.Empty(index.Search([1, 0], 5, new() { Filter = new([3]) }));
    }

    [Fact]
    public void Add_rejects_NaN_and_wrong_dimensions()
    {
        using HnswIndex index = new(2);
        Assert.Throws<ArgumentException>(() => index.Add(1, [1, float.NaN]));
        Assert.Throws<ArgumentException>(() => index.Add(1, [1, 2, 3]));
        Assert.Throws<ArgumentException>(() => index.AddRange(new long[] { 1, 2 }, new float[] { 1, 2, 3, float.PositiveInfinity }));
        Assert.Throws<ArgumentException>(() => index.AddRange(new long[] { 1 }, new float[] { 1 }));
        Assert.Throws<ArgumentException>(() => index.Search([float.NegativeInfinity, 0], 1));
        Assert.Equal(0, index.Count);
        Assert.Throws<ArgumentOutOfRangeException>(() => new HnswIndex(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new HnswIndex(2, new() { M = 1 }));
    }

    [Fact]
    public void Random_history_of_changes_matches_a_dictionary() =>
        Gen.Select(Gen.Enum<VectorStorage>(), Gen.Select(Gen.Int[0, 2], Gen.Int[0, 40], Gen.Float[-1f, 1f].Array[3]).Array[0, 400])
            .Sample(
                (storage, history) =>
                {
                    using HnswIndex index = new(
                        3,
                        new()
                        {
                            M = 4,
                            EfConstruction = 10,
                            Metric = SimilarityMetric.Euclidean,
                            Storage = storage,
                        }
                    );
                    Dictionary<long, float[]> model = [];
                    foreach ((int what, int id, float[] vector) in history)
                    {
                        if (what == 0)
                        {
                            Assert.Equal(model.Remove(id), index.Remove(id));
                            continue;
                        }

                        index.Add(id, vector);
                        model[id] = vector;
                    }

                    Assert.Equal(model.Count, index.Count);
                    Neighbor[] found = index.Search([0, 0, 0], 100);
                    Assert.Equal(model.Keys.Order(), found.Select(hit => hit.Id).Order());
                    foreach (Neighbor hit in found)
                        Assert.Equal(-VectorMath.Euclidean(model[hit.Id], [0, 0, 0]), hit.Score, 4);
                },
                iter: 100
            );

    [Fact]
    public void A_thousand_equal_vectors_do_not_hide_the_others()
    {
        using HnswIndex index = new(Dimensions, new() { M = 8, EfConstruction = 40 });
        float[] rows = TestVectors.Clustered(4_000, Dimensions, 3);
        for (int i = 0; i < 1_500; i++)
            rows.AsSpan(0, Dimensions).CopyTo(rows.AsSpan(i * Dimensions));
        index.AddRange(TestVectors.Ids(4_000), rows);
        double recall = Recall(index, efSearch: 128);
        Assert.True(recall >= 0.95, $"{recall}");
        Assert.Equal(1f, index.Search(rows.AsSpan(0, Dimensions), 1)[0].Score, 4);
    }

    [Fact]
    public void Consolidating_deletes_keeps_recall()
    {
        const int Count = 8_000,
            EfSearch = 16;
        HnswOptions options = new() { M = 12, EfConstruction = 80 };
        // Without clusters, of which a walk with few candidates finds all or nothing.
        Random random = new(8);
        float[] rows = [.. Enumerable.Range(0, (Count + (Count / 2)) * Dimensions).Select(_ => random.NextSingle() - 0.5f)];
        using HnswIndex churned = new(Dimensions, options),
            fresh = new(Dimensions, options);
        churned.AddRange(TestVectors.Ids(Count), rows.AsMemory(0, Count * Dimensions));
        for (int i = 0; i < Count / 2; i++)
        {
            Assert.True(churned.Remove(i));
            churned.Add(Count + i, rows.AsSpan((Count + i) * Dimensions, Dimensions));
            // Earlier than automatic consolidation, so that no search has to widen by the fraction of removed nodes.
            if ((i + 1) % (Count / 10) == 0)
                _ = churned.ToGraph();
        }

        fresh.AddRange(TestVectors.Ids(Count, Count / 2), rows.AsMemory(Count / 2 * Dimensions));

        double after = Recall(churned, EfSearch, queries: 1_000),
            anew = Recall(fresh, EfSearch, queries: 1_000);
        Assert.True(after >= anew - 0.025, $"{after} after, {anew} fresh");
    }

    [Fact]
    public void Replacing_half_of_the_vectors_keeps_recall()
    {
        HnswOptions options = new() { M = 12, EfConstruction = 80 };
        // One thread throughout: which of several comes first decides the graph, and with it the last thousandths of the recall.
        using HnswIndex churned = Build(8_000, options, maxDegreeOfParallelism: 1);
        Random random = new(5);
        float[] more = TestVectors.Clustered(4_000, Dimensions, 6);
        for (int i = 0; i < 4_000; i++)
        {
            Assert.True(churned.Remove(i * 2));
            churned.Add(random.Next(2) == 0 ? i * 2 : 100_000 + i, more.AsSpan(i * Dimensions, Dimensions));
        }

        using HnswIndex fresh = new(Dimensions, options);
        fresh.AddRange(TestVectors.Ids(4_000), more, maxDegreeOfParallelism: 1);
        fresh.AddRange(
            TestVectors.Ids(4_000, 100_000),
            TestVectors.Clustered(8_000, Dimensions, 1).Chunk(Dimensions).Where((_, i) => i % 2 == 1).SelectMany(row => row).ToArray(),
            maxDegreeOfParallelism: 1
        );

        Assert.Equal(8_000, churned.Count);
        Assert.True(Recall(churned, 64) >= Recall(fresh, 64) - 0.005, $"{Recall(churned, 64)} after, {Recall(fresh, 64)} fresh");
    }

    [Theory]
    [InlineData(VectorStorage.Float32)]
    [InlineData(VectorStorage.Int4)]
    public void Equal_vectors_are_ordered_by_id_regardless_of_number_and_insertion_order(VectorStorage storage)
    {
        using HnswIndex index = new(
            Dimensions,
            new()
            {
                M = 4,
                EfConstruction = 20,
                Storage = storage,
            }
        );
        float[] near = TestVectors.Clustered(1, Dimensions, 1),
            far = TestVectors.Clustered(1, Dimensions, 2);
        // From the highest id down, so that the order of places is the wrong one.
        for (int id = 400; id-- > 0; )
            index.Add(id, id % 100 == 99 ? near : far);

        Neighbor[] hits = index.Search(near, 10, new() { Exact = true });

        Assert.Equal([99, 199, 299, 399, 0, 1, 2, 3, 4, 5], hits.Select(hit => hit.Id));
    }

    [Fact]
    public void File_stays_within_twice_its_size_after_repeated_replacement()
    {
        using TempFolder folder = new();
        using HnswIndex index = Build(2_000, new() { M = 8, EfConstruction = 40 });
        index.Save(folder.File("once"));
        for (int time = 1; time <= 8; time++)
        {
            float[] rows = TestVectors.Clustered(2_000, Dimensions, time);
            for (int id = 0; id < 2_000; id++)
                index.Add(id, rows.AsSpan(id * Dimensions, Dimensions));
        }

        index.Save(folder.File("often"));

        Assert.InRange(new FileInfo(folder.File("often")).Length, 1, new FileInfo(folder.File("once")).Length * 2.2);
        Assert.Equal(0, index.Inspect().Unreachable);
        Assert.Equal(2_000, index.Count);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(10)]
    [InlineData(100)]
    [InlineData(1_000)]
    public void Filter_returns_all_matching_results(int keepOneIn)
    {
        using HnswIndex index = Build(12_000, new() { M = 16, EfConstruction = 100 });
        IdSet filter = new(TestVectors.Ids(12_000).Where(id => id % keepOneIn == 1));
        double recall = Recall(index, efSearch: 128, filter);
        Assert.True(recall >= 0.95, $"{recall}");
    }

    [Fact]
    public void One_thread_with_one_seed_builds_the_same_graph()
    {
        float[] rows = TestVectors.Clustered(3_000, Dimensions, 1);
        Neighbor[][] found =
        [
            .. Enumerable
                .Range(0, 2)
                .Select(_ =>
                {
                    using HnswIndex index = new(
                        Dimensions,
                        new()
                        {
                            M = 8,
                            EfConstruction = 40,
                            EfSearch = 10,
                        }
                    );
                    index.AddRange(TestVectors.Ids(3_000), rows, maxDegreeOfParallelism: 1);
                    return index.Search(rows.AsSpan(30, Dimensions), 10);
                }),
        ];
        Assert.Equal(found[0], found[1]);
    }

    // On one thread by default: where a machine has too much to do, a build on several can cost recall, which these tests do not measure.
    private static HnswIndex Build(int count, HnswOptions options, int maxDegreeOfParallelism = 1)
    {
        HnswIndex index = new(Dimensions, options);
        index.AddRange(TestVectors.Ids(count), TestVectors.Clustered(count, Dimensions, 1), maxDegreeOfParallelism);
        return index;
    }

    private static double Recall(HnswIndex index, int efSearch, IdSet? filter = null, int queries = 100)
    {
        const int TopK = 10;
        float[] asked = TestVectors.Clustered(queries, Dimensions, 77);
        int right = 0,
            possible = 0;
        for (int i = 0; i < queries; i++)
        {
            ReadOnlySpan<float> query = asked.AsSpan(i * Dimensions, Dimensions);
            Neighbor[] exact = index.Search(query, TopK, new() { Exact = true, Filter = filter });
            Neighbor[] found = index.Search(query, TopK, new() { EfSearch = efSearch, Filter = filter });
            Assert.Equal(exact.Length, found.Length);
            Assert.Equal(found.Length, found.DistinctBy(hit => hit.Id).Count());
            // Equal vectors stand for each other.
            right += found.Count(hit => hit.Score >= exact[^1].Score);
            possible += exact.Length;
        }

        return (double)right / possible;
    }
}
