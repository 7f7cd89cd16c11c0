using Sextant.Numerics;
using Sextant.Tests.Shared.Index;

namespace Sextant.Index.Tests;

/// <summary>All vectors within a distance.</summary>
public sealed class RangeSearchTests
{
    private const int Dimensions = 24;
    private const int Count = 6_000;

    public static TheoryData<VectorStorage, SimilarityMetric> Kinds
    {
        get
        {
            TheoryData<VectorStorage, SimilarityMetric> data = [];
            foreach (VectorStorage storage in Enum.GetValues<VectorStorage>())
            {
                foreach (SimilarityMetric metric in Enum.GetValues<SimilarityMetric>())
                    data.Add(storage, metric);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_result_is_in_the_range_and_nearly_all_of_the_range_is_found(VectorStorage storage, SimilarityMetric metric)
    {
        float[] rows = TestVectors.Clustered(Count, Dimensions, 1),
            queries = TestVectors.Clustered(20, Dimensions, 2);
        using HnswIndex index = new(
            Dimensions,
            new()
            {
                M = 16,
                EfConstruction = 100,
                Metric = metric,
                Storage = storage,
            }
        );
        index.AddRange(TestVectors.Ids(Count), rows, maxDegreeOfParallelism: 1);
        int found = 0,
            all = 0;
        for (int q = 0; q < 20; q++)
        {
            ReadOnlySpan<float> query = queries.AsSpan(q * Dimensions, Dimensions);
            Neighbor[] nearest = index.Search(query, 300, new() { Exact = true });
            foreach (int size in (int[])[1, 30, 299])
            {
                float least = nearest[size - 1].Score;
                Neighbor[] expected = index.SearchRange(query, least, new() { Exact = true });
                Assert.Equal([.. nearest.Where(hit => hit.Score >= least)], expected);
                Neighbor[] range = index.SearchRange(query, least, new() { EfSearch = 64 });
                Assert.Empty(range.Except(expected));
                Assert.Equal([.. range.OrderByDescending(hit => hit.Score).ThenBy(hit => hit.Id)], range);
                (found, all) = (found + range.Length, all + expected.Length);
            }
        }

        Assert.True(found >= 0.98 * all, $"{found} of {all}");
    }

    [Fact]
    public void Removed_vectors_are_left_out_copies_are_all_there_and_filters_apply()
    {
        float[] rows = TestVectors.Clustered(3_000, Dimensions, 1);
        using HnswIndex index = new(Dimensions, new() { M = 16, EfConstruction = 60 });
        index.AddRange(TestVectors.Ids(3_000), rows);
        ReadOnlySpan<float> one = rows.AsSpan(7 * Dimensions, Dimensions);
        for (int id = 10_000; id < 10_050; id++)
            index.Add(id, one);
        index.Remove(10_013);

        long[] found = [.. index.SearchRange(one, 0.99999f).Select(hit => hit.Id)];

        Assert.Equal([7, .. Enumerable.Range(10_000, 50).Where(id => id != 10_013).Select(id => (long)id)], found);
        Assert.Equal([10_002], index.SearchRange(one, 0.99999f, new() { Filter = new([10_002, 10_013, 8]) }).Select(hit => hit.Id));
        Assert.Empty(index.SearchRange(one, 1.5f));
        Assert.Equal(index.Count, index.SearchRange(one, -1.5f, new() { Exact = true }).Length);
        Assert.Throws<ArgumentException>(() => index.SearchRange(new float[Dimensions], float.NaN));
    }
}
