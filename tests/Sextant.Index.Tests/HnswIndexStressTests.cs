using Sextant.Tests.Shared;
using Sextant.Tests.Shared.Index;

namespace Sextant.Index.Tests;

public sealed class HnswIndexStressTests
{
    private const int Dimensions = 8;
    private const int Owned = 3_000;
    private const int Shared = 40;
    private const int Writers = 3;

    [Theory]
    [InlineData(VectorStorage.Int4)]
    [InlineData(VectorStorage.Packed)]
    public async Task Sustained_concurrent_changes_and_searches_lose_nothing_and_find_nothing_removed(VectorStorage storage)
    {
        // Few vectors for many ids: most have equals.
        float[] rows = TestVectors.Clustered(200, Dimensions, 4);
        using HnswIndex index = new(
            Dimensions,
            new()
            {
                M = 6,
                EfConstruction = 32,
                EfSearch = 24,
                Storage = storage,
            }
        );
        Presence presence = new(Owned);

        await StressTime.RunAsync([
            .. Enumerable.Range(0, Writers).Select(writer => (Func<CancellationToken, Task>)(over => WriteAsync(writer, over))),
            SearchAsync,
            SearchAsync,
        ]);

        for (int id = 0; id < Owned; id++)
            Assert.Equal(presence.IsPresent(id), index.Contains(id));
        Neighbor[] all = index.Search(rows.AsSpan(0, Dimensions), Owned + Shared, new() { Exact = true });
        Assert.Equal(index.Count, all.Length);
        Assert.Equal(all.Length, all.Select(hit => hit.Id).Distinct().Count());

        Task WriteAsync(int writer, CancellationToken over)
        {
            Random random = new(writer);
            while (!over.IsCancellationRequested)
            {
                // Own ids, whose state is known, and ids shared by all writers.
                int id = (random.Next(Owned / Writers) * Writers) + writer,
                    shared = Owned + random.Next(Shared);
                if (random.Next(3) == 0)
                {
                    index.Remove(id);
                    presence.Removed(id);
                    index.Remove(shared);
                }
                else
                {
                    presence.Adding(id);
                    index.Add(id, Row(random));
                    index.Add(shared, Row(random));
                }
            }

            return Task.CompletedTask;
        }

        Task SearchAsync(CancellationToken over)
        {
            Random random = new(99);
            while (!over.IsCancellationRequested)
            {
                int[] before = presence.Now();
                foreach (Neighbor hit in index.Search(Row(random), 20, new() { Exact = random.Next(4) == 0 }))
                    Assert.False(hit.Id < Owned && presence.WasAbsent(before, (int)hit.Id), $"{hit.Id} was removed before the search");
            }

            return Task.CompletedTask;
        }

        ReadOnlySpan<float> Row(Random random) => rows.AsSpan(random.Next(rows.Length / Dimensions) * Dimensions, Dimensions);
    }
}
