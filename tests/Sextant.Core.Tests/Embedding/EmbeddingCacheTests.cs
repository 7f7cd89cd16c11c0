using Microsoft.Data.Sqlite;
using Microsoft.Extensions.AI;
using Sextant.Embedding;
using Sextant.Tests.Shared;
using Sextant.Tests.Shared.Models;
using Sextant.Tests.Shared.Search;

namespace Sextant.Core.Tests.Embedding;

public sealed class EmbeddingCacheTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly FakeGenerator.Log _log = new();

    private string DatabasePath => _folder.File("embeddings.db");

    private EmbeddingPipelineOptions Options => new() { CacheDirectory = _folder.Path, LoggerFactory = _log };

    public void Dispose()
    {
        _folder.Dispose();
        _log.Dispose();
    }

    [Fact]
    public async Task Cached_text_is_not_embedded_again_by_another_process()
    {
        using var model = new FakeGenerator();
        float[] first = await EmbedAsync(model, "hello");
        float[] second = await EmbedAsync(model, "hello");
        Assert.Equal(first, second);
        Assert.Equal(["hello"], model.Asked);
        Assert.Empty(_log.Lines);
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 2)]
    public async Task Model_faster_than_the_file_cache_bypasses_it(bool useFileCache, int requests)
    {
        using var model = new FakeGenerator { Limits = new() { UseFileCache = useFileCache } };
        await EmbedAsync(model, "hello");
        await EmbedAsync(model, "hello");
        Assert.Equal(requests, model.Requests.Count);
        Assert.Equal(useFileCache, File.Exists(DatabasePath));
    }

    [Fact]
    public async Task Explicit_cache_is_used_even_for_a_fast_model()
    {
        using var model = new FakeGenerator { Limits = new() { UseFileCache = false } };
        using var cache = new EmbeddingCache(_folder.File("own"));
        using IEmbeddingGenerator<string, Embedding<float>> pipeline = EmbeddingPipeline.Wrap(model, Options with { Cache = cache });
        await pipeline.GenerateAsync(["hello"]);
        await pipeline.GenerateAsync(["hello"]);
        Assert.Equal(["hello"], model.Asked);
        Assert.False(File.Exists(DatabasePath));
    }

    [Fact]
    public async Task Only_cache_misses_are_embedded_and_order_is_kept()
    {
        using var model = new FakeGenerator();
        using IEmbeddingGenerator<string, Embedding<float>> pipeline = EmbeddingPipeline.Wrap(model, Options);
        GeneratedEmbeddings<Embedding<float>> before = await pipeline.GenerateAsync(["b", "d"]);
        GeneratedEmbeddings<Embedding<float>> after = await pipeline.GenerateAsync(["a", "b", "c", "d", "a"]);
        Assert.Equal(["b", "d", "a", "c"], model.Asked);
        Assert.Equal(before[0].Vector.ToArray(), after[1].Vector.ToArray());
        Assert.Equal(before[1].Vector.ToArray(), after[3].Vector.ToArray());
        Assert.Equal(after[0].Vector.ToArray(), after[4].Vector.ToArray());
        // Only requested texts were paid for.
        Assert.Equal(2, after.Usage!.InputTokenCount);
        Assert.Equal(0, (await pipeline.GenerateAsync(["a"])).Usage!.InputTokenCount);
    }

    [Theory]
    [InlineData("embeddings.db")]
    [InlineData("embeddings.db", "embeddings.db-wal", "embeddings.db-shm")]
    public void Cache_file_deleted_while_open_is_recreated(params string[] files)
    {
        CacheKey known = new(1, 0, 0, 0),
            fresh = new(2, 0, 0, 0);
        using var cache = new EmbeddingCache(_folder.Path, loggerFactory: _log);
        cache.Write("m", [new(known, new[] { 1f })]);
        foreach (string file in files)
            File.Delete(_folder.File(file));

        Assert.Null(cache.Read([known])[0]);
        cache.Write("m", [new(fresh, new[] { 2f })]);

        using var other = new EmbeddingCache(_folder.Path);
        Assert.Equal([2f], other.Read([fresh])[0]!);
        Assert.Equal(1, other.GetStatistics().Entries);
        Assert.Empty(_log.Lines);
    }

    [Fact]
    public void Cache_file_that_replaces_an_open_one_is_used()
    {
        CacheKey known = new(1, 0, 0, 0);
        Directory.CreateDirectory(_folder.File("next"));
        using (var next = new EmbeddingCache(_folder.File("next")))
            next.Write("m", [new(known, new[] { 2f })]);
        using var cache = new EmbeddingCache(_folder.Path, loggerFactory: _log);
        cache.Write("m", [new(known, new[] { 1f })]);
        foreach (string log in (string[])["-wal", "-shm"])
            File.Delete(DatabasePath + log);
        File.Move(_folder.File("next/embeddings.db"), DatabasePath, overwrite: true);

        Assert.Equal([2f], cache.Read([known])[0]!);
        Assert.Empty(_log.Lines);
    }

    [Fact]
    public async Task Each_combination_of_model_role_and_text_has_its_own_entry()
    {
        using var model = new FakeGenerator();
        using var other = new FakeGenerator { Profile = model.Profile! with { Revision = "2" } };
        using IEmbeddingGenerator<string, Embedding<float>> a = EmbeddingPipeline.Wrap(model, Options);
        using IEmbeddingGenerator<string, Embedding<float>> b = EmbeddingPipeline.Wrap(other, Options);
        await a.EmbedDocumentsAsync(["x"]);
        await a.EmbedQueryAsync("x");
        await a.EmbedDocumentsAsync(["x "]);
        await a.EmbedDocumentsAsync(["X"]);
        await b.EmbedDocumentsAsync(["x"]);
        Assert.Equal(4, model.Requests.Count);
        Assert.Single(other.Requests);
        using var cache = new EmbeddingCache(_folder.Path);
        EmbeddingCacheStatistics statistics = cache.GetStatistics();
        Assert.Equal(5, statistics.Entries);
        Assert.Equal([new(model.Profile!.Fingerprint, 4), new(other.Profile!.Fingerprint, 1)], statistics.Models);
    }

    [Fact]
    public async Task One_entry_serves_all_dimensions()
    {
        using var model = new FakeGenerator { Embed = _ => [3, 4, 12, 84] };
        using IEmbeddingGenerator<string, Embedding<float>> pipeline = EmbeddingPipeline.Wrap(model, Options);
        Assert.Equal(4, (await pipeline.EmbedQueryAsync("x")).Length);
        float[] cut = (await pipeline.EmbedQueryAsync("x", 2)).ToArray();
        Assert.Equal(0.6f, cut[0], 1e-6f);
        Assert.Equal(0.8f, cut[1], 1e-6f);
        Assert.Single(model.Requests);
    }

    [Fact]
    public async Task Earlier_batches_stay_cached_when_a_later_one_fails()
    {
        using var model = new FakeGenerator
        {
            Limits = new() { MaxTexts = 2 },
            Before = (texts, _) => texts.Contains("bad") ? throw new SextantException("no") : Task.CompletedTask,
        };
        using (IEmbeddingGenerator<string, Embedding<float>> pipeline = EmbeddingPipeline.Wrap(model, Options))
        {
            await Assert.ThrowsAsync<SextantException>(() => pipeline.GenerateAsync(["a", "b", "c", "d", "bad"]));
        }

        using var second = new FakeGenerator();
        using IEmbeddingGenerator<string, Embedding<float>> again = EmbeddingPipeline.Wrap(second, Options);
        await again.GenerateAsync(["a", "b", "c", "d", "bad"]);
        Assert.Equal(["bad"], second.Asked);
    }

    [Fact]
    public async Task Invalid_vectors_are_not_cached()
    {
        using var bad = new FakeGenerator { Embed = _ => [1, float.NaN, 0, 0] };
        await Assert.ThrowsAsync<SextantException>(() => EmbedAsync(bad, "x"));
        using var wrong = new FakeGenerator { Embed = _ => [1, 2] };
        await Assert.ThrowsAsync<SextantException>(() => EmbedAsync(wrong, "x"));
        using var good = new FakeGenerator();
        await EmbedAsync(good, "x");
        Assert.Single(good.Requests);
    }

    [Fact]
    public async Task Damaged_cache_is_moved_aside_recreated_and_reported_once()
    {
        File.WriteAllText(DatabasePath, "This was never a database, but it is long enough to look like one." + new string('x', 4096));
        using var model = new FakeGenerator();
        using (IEmbeddingGenerator<string, Embedding<float>> pipeline = EmbeddingPipeline.Wrap(model, Options))
        {
            await pipeline.GenerateAsync(["a"]);
            await pipeline.GenerateAsync(["b"]);
            await pipeline.GenerateAsync(["b"]);
        }

        Assert.Equal(["a", "b"], model.Asked);
        Assert.Contains("it was renamed", Assert.Single(_log.Lines), StringComparison.Ordinal);
        Assert.True(File.Exists(DatabasePath + ".damaged"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Flipped_and_truncated_pages_never_fail_a_run_or_return_a_wrong_vector(int seed)
    {
        string[] texts = [.. Enumerable.Range(0, 300).Select(i => $"text {i}")];
        using var model = new FakeGenerator();
        using (IEmbeddingGenerator<string, Embedding<float>> pipeline = EmbeddingPipeline.Wrap(model, Options))
        {
            await pipeline.GenerateAsync(texts);
        }

        byte[] whole = File.ReadAllBytes(DatabasePath);
        Assert.True(whole.Length > 20_000);
        var random = new Random(seed);
        for (int round = 0; round < 8; round++)
        {
            byte[] damaged = [.. whole.Take(round % 4 == 3 ? random.Next(whole.Length) : whole.Length)];
            for (int i = 0; i < 60 && damaged.Length > 0; i++)
            {
                damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            }

            File.WriteAllBytes(DatabasePath, damaged);
            using IEmbeddingGenerator<string, Embedding<float>> pipeline = EmbeddingPipeline.Wrap(model, Options);
            for (int pass = 0; pass < 2; pass++)
            {
                GeneratedEmbeddings<Embedding<float>> generated = await pipeline.GenerateAsync(texts);
                for (int i = 0; i < texts.Length; i++)
                {
                    float[] expected = FakeGenerator.VectorOf(texts[i]);
                    float length = MathF.Sqrt(expected.Sum(v => v * v));
                    Assert.Equal(expected[0] / length, generated[i].Vector.Span[0], 1e-6f);
                }
            }
        }
    }

    [Fact]
    public async Task Row_with_a_wrong_type_or_NULL_never_fails_a_run_or_returns_a_wrong_vector()
    {
        string[] texts = [.. Enumerable.Range(0, 20).Select(i => $"text {i}")];
        using var model = new FakeGenerator();
        string[] right = await WrittenAsync();
        byte[] whole = File.ReadAllBytes(DatabasePath);
        for (int seed = 0; seed < CacheDamage.Ways; seed++)
        {
            File.WriteAllBytes(DatabasePath, whole);
            string done = CacheDamage.DamageRow(DatabasePath, seed, texts.Length);
            for (int pass = 0; pass < 2; pass++)
            {
                Exception? error = await Record.ExceptionAsync(async () => Assert.Equal(right, await WrittenAsync()));
                Assert.True(error is null, $"{done}: {error}");
            }
        }

        async Task<string[]> WrittenAsync()
        {
            using IEmbeddingGenerator<string, Embedding<float>> pipeline = EmbeddingPipeline.Wrap(model, Options);
            return [.. (await pipeline.GenerateAsync(texts)).Select(one => string.Join(' ', one.Vector.ToArray()))];
        }
    }

    [Fact]
    public async Task Unwritable_cache_does_not_fail_the_run()
    {
        File.WriteAllText(_folder.File("file"), "");
        using var model = new FakeGenerator();
        using IEmbeddingGenerator<string, Embedding<float>> pipeline = EmbeddingPipeline.Wrap(
            model,
            Options with
            {
                CacheDirectory = _folder.File("file/cache"),
            }
        );
        await pipeline.GenerateAsync(["a"]);
        await pipeline.GenerateAsync(["a"]);
        Assert.Equal(["a", "a"], model.Asked);
        Assert.Contains("continuing without it", Assert.Single(_log.Lines), StringComparison.Ordinal);
        using var cache = new EmbeddingCache(_folder.File("file/cache"));
        Assert.Throws<SextantException>(() => cache.GetStatistics());
    }

    [Fact]
    public void Locked_cache_is_read_with_a_short_wait()
    {
        using var cache = new EmbeddingCache(_folder.Path, loggerFactory: _log) { BusySeconds = 1 };
        (CacheKey known, CacheKey fresh) = (new CacheKey(1, 0, 0, 0), new CacheKey(2, 0, 0, 0));
        cache.Write("m", [new(known, new[] { 1f })]);
        using (var holder = new SqliteConnection($"Data Source={DatabasePath};Pooling=False"))
        {
            holder.Open();
            using SqliteTransaction transaction = holder.BeginTransaction(deferred: false);
            Assert.Equal([1f], cache.Read([known])[0]!);
            cache.Write("m", [new(fresh, new[] { 2f })]);
            Assert.Contains("locked", Assert.Single(_log.Lines), StringComparison.Ordinal);
        }

        // What could not be written then can be written now.
        Assert.Null(cache.Read([fresh])[0]);
        cache.Write("m", [new(fresh, new[] { 2f })]);
        Assert.Equal([2f], cache.Read([fresh])[0]!);
    }

    [Fact]
    public void Full_disk_loses_only_the_entries_that_did_not_fit()
    {
        using var cache = new EmbeddingCache(_folder.Path, loggerFactory: _log);
        cache.Write("m", [new(new CacheKey(1, 0, 0, 0), new float[256])]);
        cache.LimitPages(20);
        cache.Write(
            "m",
            [.. Enumerable.Range(2, 500).Select(i => KeyValuePair.Create(new CacheKey(i, 0, 0, 0), (ReadOnlyMemory<float>)new float[256]))]
        );
        Assert.Contains("full", Assert.Single(_log.Lines), StringComparison.Ordinal);
        Assert.NotNull(cache.Read([new CacheKey(1, 0, 0, 0)])[0]);
        Assert.Null(cache.Read([new CacheKey(2, 0, 0, 0)])[0]);
    }

    [Fact]
    public void Colliding_key_is_a_miss_and_replaces_the_row()
    {
        using var cache = new EmbeddingCache(_folder.Path);
        var stored = new CacheKey(42, 1, 2, 3);
        var collides = new CacheKey(42, 1, 2, 4);
        cache.Write("m", [new(stored, new[] { 1f })]);
        Assert.Null(cache.Read([collides])[0]);
        cache.Write("m", [new(collides, new[] { 2f })]);
        Assert.Equal([2f], cache.Read([collides])[0]!);
        Assert.Null(cache.Read([stored])[0]);
    }

    [Fact]
    public void Pruning_keeps_recently_used_entries_and_frees_the_space()
    {
        var clock = new Clock();
        using var cache = new EmbeddingCache(_folder.Path, timeProvider: clock);
        float[] vector = new float[256];
        for (int i = 0; i < 1000; i++)
        {
            clock.Now += TimeSpan.FromMinutes(1);
            cache.Write("m", [new(new CacheKey(i * 7919, 0, 0, 0), vector)]);
        }

        clock.Now += TimeSpan.FromDays(1);
        Assert.NotNull(cache.Read([new CacheKey(0, 0, 0, 0)])[0]);
        long before = cache.GetStatistics().Bytes;
        long removed = cache.Prune(before / 2);
        EmbeddingCacheStatistics after = cache.GetStatistics();
        Assert.InRange(after.Bytes, 0, before / 2);
        Assert.InRange(removed, 400, 700);
        Assert.Equal(1000 - removed, after.Entries);
        Assert.NotNull(cache.Read([new CacheKey(0, 0, 0, 0)])[0]);
        Assert.Null(cache.Read([new CacheKey(7919, 0, 0, 0)])[0]);
        Assert.NotNull(cache.Read([new CacheKey(999 * 7919, 0, 0, 0)])[0]);
        Assert.Equal(after.Entries, cache.Clear());
        Assert.Equal(0, cache.GetStatistics().Entries);
        cache.Dispose();
        Assert.InRange(new FileInfo(DatabasePath).Length, 0, before / 4);
    }

    [Fact]
    public void Cache_stays_below_its_size_limit()
    {
        const int Cap = 400_000;
        using var cache = new EmbeddingCache(_folder.Path, maxBytes: Cap);
        for (int i = 0; i < 100; i++)
        {
            cache.Write(
                "m",
                [
                    .. Enumerable
                        .Range(0, 20)
                        .Select(j => KeyValuePair.Create(new CacheKey((i * 20) + j, 0, 0, 0), (ReadOnlyMemory<float>)new float[256])),
                ]
            );
        }

        // One part in 32 may be written between two looks at the size.
        Assert.InRange(cache.GetStatistics().Bytes, Cap / 2, Cap + (Cap / 16));
    }

    [Fact]
    public async Task Several_connections_share_one_file()
    {
        string[] texts = [.. Enumerable.Range(0, 200).Select(i => $"text {i}")];
        await Task.WhenAll(
            Enumerable
                .Range(0, 6)
                .Select(worker =>
                    Task.Run(async () =>
                    {
                        using var model = new FakeGenerator { Limits = new() { MaxTexts = 7 } };
                        using IEmbeddingGenerator<string, Embedding<float>> pipeline = EmbeddingPipeline.Wrap(model, Options);
                        string[] shuffled = [.. texts];
                        new Random(worker).Shuffle(shuffled);
                        GeneratedEmbeddings<Embedding<float>> generated = await pipeline.GenerateAsync(shuffled);
                        Assert.Equal(texts.Length, generated.Count);
                    })
                )
        );
        Assert.Empty(_log.Lines);
        using var cache = new EmbeddingCache(_folder.Path);
        Assert.Equal(200, cache.GetStatistics().Entries);
    }

    private async Task<float[]> EmbedAsync(FakeGenerator model, string text)
    {
        using IEmbeddingGenerator<string, Embedding<float>> pipeline = EmbeddingPipeline.Wrap(model, Options);
        return (await pipeline.GenerateAsync([text]))[0].Vector.ToArray();
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
