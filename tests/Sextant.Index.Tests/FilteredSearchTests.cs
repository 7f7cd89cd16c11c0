using Sextant.Tests.Shared.Index;

namespace Sextant.Index.Tests;

/// <summary>Every filter returns the k correct results if at least k vectors match, wherever they are.</summary>
public sealed class FilteredSearchTests : IDisposable
{
    private const int Count = 12_000,
        Dimensions = 16,
        TopK = 10;

    private readonly float[] _rows = TestVectors.Clustered(Count, Dimensions, 1);
    private readonly HnswIndex _index = new(Dimensions, new() { M = 16, EfConstruction = 80 });

    public FilteredSearchTests() => _index.AddRange(TestVectors.Ids(Count), _rows);

    public void Dispose() => _index.Dispose();

    [Theory]
    [InlineData(0.9)]
    [InlineData(0.5)]
    [InlineData(0.1)]
    [InlineData(0.01)]
    [InlineData(0.001)]
    public void Filtered_search_finds_the_nearest_matches_at_any_selectivity(double share)
    {
        int passing = (int)(Count * share);
        long[] shuffled = TestVectors.Ids(Count),
            sorted = TestVectors.Ids(Count);
        new Random(4).Shuffle(shuffled);
        // The matching vectors are on one side, and so far from most queries.
        Array.Sort([.. sorted.Select(id => _rows[id * Dimensions])], sorted);
        foreach (long[] order in (long[][])[shuffled, sorted])
        {
            IdSet filter = new(order.Take(passing));
            int right = 0,
                possible = 0;
            foreach (float[] query in Queries())
            {
                Neighbor[] exact = Exact(query, filter),
                    found = _index.Search(query, TopK, new() { EfSearch = 48, Filter = filter });
                Assert.Equal(Math.Min(TopK, passing), found.Length);
                Assert.All(found, hit => Assert.True(filter.Contains(hit.Id)));
                right += found.Count(hit => hit.Score >= exact[^1].Score - 1e-5f);
                possible += exact.Length;
            }

            Assert.True(right >= 0.95 * possible, $"{right} of {possible}");
        }
    }

    [Theory]
    [InlineData(100)]
    [InlineData(1_000)]
    public void Filtered_search_works_with_float32_vectors_in_memory(int passing)
    {
        using HnswIndex whole = new(
            Dimensions,
            new()
            {
                M = 8,
                EfConstruction = 40,
                Storage = VectorStorage.Float32,
            }
        );
        whole.AddRange(TestVectors.Ids(3_000), _rows.AsMemory(0, 3_000 * Dimensions));
        IdSet filter = new(TestVectors.Ids(3_000).Where(id => id * 7 % 3_000 < passing));
        foreach (float[] query in Queries())
        {
            Neighbor[] exact = whole.Search(query, TopK, new() { Exact = true, Filter = filter });
            Assert.Equal(exact.Select(hit => hit.Id), whole.Search(query, TopK, new() { Filter = filter }).Select(hit => hit.Id));
        }
    }

    [Fact]
    public void Reused_filter_sees_later_changes()
    {
        IdSet filter = new(TestVectors.Ids(Count / 2).Append(Count + 5));
        float[] query = [.. _rows.Take(Dimensions)];
        Assert.Equal(0, Best());

        _index.Add(Count + 5, query);
        _index.Remove(0);
        Assert.Equal(Count + 5, Best());
        _index.Add(1, query);
        Assert.True(_index.Remove(Count + 5));
        Assert.Equal(1, Best());
        // No member of the filter: the same vector under another id.
        _index.Remove(1);
        _index.Add(Count + 6, query);
        Assert.NotEqual(Count + 6, Best());

        long Best() => _index.Search(query, TopK, new() { Filter = filter })[0].Id;
    }

    [Fact]
    public void Unknown_ids_and_empty_filters_are_harmless()
    {
        Assert.Empty(_index.Search(new float[Dimensions], TopK, new() { Filter = new([]) }));
        Assert.Empty(_index.Search(new float[Dimensions], TopK, new() { Filter = new([-1, long.MaxValue]) }));
        Assert.Equal([7L], _index.Search(new float[Dimensions], TopK, new() { Filter = new([-1, 7]) }).Select(hit => hit.Id));
        Assert.Equal([7L], _index.Search(new float[Dimensions], TopK, new() { Filter = new([-1, 7]), Exact = true }).Select(hit => hit.Id));
    }

    private Neighbor[] Exact(float[] query, IdSet filter)
    {
        Neighbor[] exact = _index.Search(query, TopK, new() { Exact = true, Filter = filter });
        // Not by the index's word alone.
        float best = Enumerable
            .Range(0, Count)
            .Where(id => filter.Contains(id))
            .Max(id => Sextant.Numerics.VectorMath.Cosine(query, _rows.AsSpan(id * Dimensions, Dimensions)));
        Assert.Equal(best, exact[0].Score, 1e-4f);
        return exact;
    }

    private static IEnumerable<float[]> Queries() => TestVectors.Clustered(40, Dimensions, 9).Chunk(Dimensions);
}
