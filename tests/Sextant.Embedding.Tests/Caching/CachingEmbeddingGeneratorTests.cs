using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using CsCheck;
using Microsoft.Extensions.AI;
using Sextant.Embedding.Caching;
using Sextant.Tests.Shared.Models;

namespace Sextant.Embedding.Tests.Caching;

public sealed class CachingEmbeddingGeneratorTests
{
    [Fact]
    public async Task Concurrent_requests_compute_a_text_once()
    {
        var gate = new TaskCompletionSource();
        using var model = new FakeGenerator { Before = (_, _) => gate.Task };
        using IEmbeddingGenerator<string, Embedding<float>> pipeline = Wrap(model);
        Task<GeneratedEmbeddings<Embedding<float>>>[] tasks =
        [
            .. Enumerable.Range(0, 20).Select(i => pipeline.GenerateAsync(["same", $"own {i}"])),
        ];
        gate.SetResult();
        GeneratedEmbeddings<Embedding<float>>[] all = await Task.WhenAll(tasks);
        Assert.Single(model.Asked, "same");
        Assert.Equal(21, model.Asked.Count());
        Assert.All(all, generated => Assert.Equal(all[0][0].Vector.ToArray(), generated[0].Vector.ToArray()));
    }

    [Fact]
    public async Task Waiting_requests_compute_the_text_when_the_first_fails()
    {
        var gate = new TaskCompletionSource();
        int calls = 0;
        using var model = new FakeGenerator
        {
            Before = async (_, _) =>
            {
                if (Interlocked.Increment(ref calls) == 1)
                {
                    await gate.Task;
                    throw new SextantException("first only");
                }
            },
        };
        using IEmbeddingGenerator<string, Embedding<float>> pipeline = Wrap(model);
        Task<GeneratedEmbeddings<Embedding<float>>> first = pipeline.GenerateAsync(["x"]);
        Task<GeneratedEmbeddings<Embedding<float>>>[] others = [.. Enumerable.Range(0, 5).Select(_ => pipeline.GenerateAsync(["x"]))];
        gate.SetResult();
        await Assert.ThrowsAsync<SextantException>(() => first);
        await Task.WhenAll(others);
        Assert.Equal(2, calls);
    }

    [Fact]
    public async Task Canceling_the_first_request_does_not_cancel_the_others()
    {
        using var stop = new CancellationTokenSource();
        var asked = new TaskCompletionSource();
        int calls = 0;
        using var model = new FakeGenerator
        {
            Before = async (_, cancellation) =>
            {
                if (Interlocked.Increment(ref calls) == 1)
                {
                    asked.SetResult();
                    await Task.Delay(Timeout.Infinite, cancellation);
                }
            },
        };
        using IEmbeddingGenerator<string, Embedding<float>> pipeline = Wrap(model);
        Task<GeneratedEmbeddings<Embedding<float>>> first = pipeline.GenerateAsync(["x"], cancellationToken: stop.Token);
        await asked.Task;
        Task<GeneratedEmbeddings<Embedding<float>>> second = pipeline.GenerateAsync(["x"]);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.Single(await second);
    }

    [Fact]
    public async Task Canceled_waiter_does_not_cancel_the_first_request()
    {
        using var stop = new CancellationTokenSource();
        var gate = new TaskCompletionSource();
        using var model = new FakeGenerator { Before = (_, _) => gate.Task };
        using IEmbeddingGenerator<string, Embedding<float>> pipeline = Wrap(model);
        Task<GeneratedEmbeddings<Embedding<float>>> first = pipeline.GenerateAsync(["x"]);
        Task<GeneratedEmbeddings<Embedding<float>>> waiter = pipeline.GenerateAsync(["x"], cancellationToken: stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiter);
        gate.SetResult();
        Assert.Single(await first);
    }

    [Fact]
    public async Task Overlapping_requests_do_not_deadlock()
    {
        using var model = new FakeGenerator { Before = async (_, _) => await Task.Yield() };
        using IEmbeddingGenerator<string, Embedding<float>> pipeline = Wrap(model);
        for (int round = 0; round < 50; round++)
        {
            string[] texts = [.. Enumerable.Range(0, 10).Select(i => $"{round} {i}")];
            string[] reversed = [.. texts.Reverse()];
            await Task.WhenAll(Task.Run(() => pipeline.GenerateAsync(texts)), Task.Run(() => pipeline.GenerateAsync(reversed)));
        }

        Assert.Equal(500, model.Asked.Count());
    }

    [Fact]
    public void Random_requests_compute_each_text_once_and_return_the_right_vectors() =>
        Gen.Select(Gen.Int[-1, 12].Array[0, 12].Array[1, 5], Gen.Int[1, 5], Gen.Int[1, 20], Gen.Int[1, 3])
            .Sample(
                (requests, maxTexts, maxTokens, concurrency) =>
                {
                    using var model = new FakeGenerator
                    {
                        Limits = new()
                        {
                            MaxTexts = maxTexts,
                            MaxTokens = maxTokens,
                            MaxConcurrency = concurrency,
                        },
                        Embed = text => [text.Length, text.Length == 1 ? 1 : 2, 0, 0],
                    };
                    using IEmbeddingGenerator<string, Embedding<float>> pipeline = Wrap(model);
                    foreach (int[] request in requests)
                    {
                        string[] texts = [.. request.Select(n => n < 0 ? "" : new string('x', n + 1))];
                        float[][] vectors = [.. pipeline.GenerateAsync(texts).Result.Select(e => e.Vector.ToArray())];
                        Assert.Equal(texts.Length, vectors.Length);
                        for (int i = 0; i < texts.Length; i++)
                        {
                            float[] whole = texts[i].Length == 0 ? [0, 0] : [texts[i].Length, texts[i].Length == 1 ? 1 : 2];
                            float length = MathF.Max(1, MathF.Sqrt((whole[0] * whole[0]) + (whole[1] * whole[1])));
                            Assert.Equal(whole[0] / length, vectors[i][0], 1e-6f);
                            Assert.Equal(whole[1] / length, vectors[i][1], 1e-6f);
                        }
                    }

                    Assert.Equal(requests.SelectMany(r => r).Where(n => n >= 0).Distinct().Count(), model.Asked.Count());
                },
                iter: 60,
                threads: 1
            );

    [Fact]
    public async Task Cached_and_computed_texts_are_counted_separately()
    {
        string name = $"metered {Guid.NewGuid()}";
        ConcurrentDictionary<string, long> counted = new();
        using MeterListener listener = new()
        {
            InstrumentPublished = (instrument, own) =>
            {
                if (instrument.Name == CacheMeter.CounterName)
                    own.EnableMeasurementEvents(instrument);
            },
        };
        // The meter is the process's own: other tests count here too, for other models.
        listener.SetMeasurementEventCallback<long>(
            (_, value, tags, _) =>
            {
                if ((string?)tags[0].Value == name)
                    counted.AddOrUpdate((string)tags[1].Value!, value, (_, before) => before + value);
            }
        );
        listener.Start();
        using FakeGenerator model = new()
        {
            Profile = new()
            {
                Name = name,
                Provider = "test",
                Dimensions = 4,
            },
        };
        using IEmbeddingGenerator<string, Embedding<float>> pipeline = Wrap(model);
        await pipeline.GenerateAsync(["one", "two", "one"]);
        await pipeline.GenerateAsync(["two", "three"]);

        Assert.Equal((1, 3), (counted["hit"], counted["miss"]));
    }

    private static IEmbeddingGenerator<string, Embedding<float>> Wrap(FakeGenerator model) =>
        EmbeddingPipeline.Wrap(model, new EmbeddingPipelineOptions { Cache = new MemoryCache() });
}
