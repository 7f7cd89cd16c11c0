using System.Diagnostics;
using System.Globalization;
using Sextant.Embedding;
using Sextant.Tests.Shared;

namespace Sextant.Core.Tests.Embedding;

public sealed class EmbeddingCacheProcessTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Concurrent_processes_lose_no_cache_entries()
    {
        // The second half of each range is the first half of the next one's: the same keys come from two sides at once.
        const int Processes = 3,
            Batches = 20,
            Step = Batches * CacheChild.BatchLength / 2;
        Process[] children = [.. Enumerable.Range(0, Processes).Select(i => CacheChild.Start(_folder.Path, i * Step, Batches))];
        foreach (Process child in children)
        {
            await child.StandardOutput.ReadToEndAsync();
            await child.WaitForExitAsync();
            Assert.Equal(0, child.ExitCode);
            child.Dispose();
        }

        AssertHolds(0, (Processes + 1) * Step);
    }

    [Fact]
    public async Task Killed_process_keeps_its_written_entries()
    {
        int done = 0;
        var random = new Random(5);
        for (int round = 0; round < 4; round++)
        {
            using Process child = CacheChild.Start(_folder.Path, done, batches: 100_000);
            for (int lines = random.Next(1, 30); lines > 0; lines--)
            {
                done = int.Parse((await child.StandardOutput.ReadLineAsync())!, CultureInfo.InvariantCulture);
            }

            child.Kill();
            await child.WaitForExitAsync();
            AssertHolds(0, done);
        }
    }

    private void AssertHolds(int from, int to)
    {
        using var cache = new EmbeddingCache(_folder.Path);
        float[]?[] vectors = cache.Read([.. Enumerable.Range(from, to - from).Select(CacheChild.Key)]);
        for (int i = from; i < to; i++)
        {
            Assert.Equal(CacheChild.Vector(i), vectors[i - from]);
        }

        Assert.True(cache.GetStatistics().Entries >= to - from);
    }
}
