using System.Globalization;
using Microsoft.Extensions.AI;
using Sextant.Embedding;
using Sextant.Server.Models;

namespace Sextant.Server.Tests.Models;

/// <summary>The queue before a model that takes its time: a transformer, or one that is hosted elsewhere.</summary>
public sealed class CoalescingTests
{
    [Fact]
    public async Task Requests_during_a_run_form_the_next_batch_and_get_their_own_vectors()
    {
        Slow model = new();
        using CoalescingGenerator queue = new(model);
        Task<GeneratedEmbeddings<Embedding<float>>> first = queue.GenerateAsync(["0"]);
        await model.BeganAsync();
        Task<GeneratedEmbeddings<Embedding<float>>>[] others =
        [
            .. Enumerable.Range(1, 20).Select(i => queue.GenerateAsync([$"{i}", $"{-i}"])),
        ];

        Assert.Equal(20, queue.Waiting);
        model.Finish();
        await model.BeganAsync();
        Assert.Equal(0, queue.Waiting);
        model.Finish();
        GeneratedEmbeddings<Embedding<float>>[] answers = await Task.WhenAll(others);

        Assert.Equal(0, (await first)[0].Vector.Span[0]);
        Assert.All(answers, (answer, i) => Assert.Equal([i + 1, -i - 1], answer.Select(one => one.Vector.Span[0])));
        Assert.Equal([1, 40], model.Batches.Select(batch => batch.Length));
    }

    [Fact]
    public async Task Batch_respects_the_limit_and_has_one_role()
    {
        Slow model = new();
        using CoalescingGenerator queue = new(model);
        Task first = queue.GenerateAsync(["0"]);
        await model.BeganAsync();
        EmbeddingGenerationOptions query = new EmbeddingGenerationOptions().WithRole(EmbeddingRole.Query);
        Task[] others = [.. Enumerable.Range(1, 60).Select(i => queue.GenerateAsync(["1", "2"], i % 2 == 0 ? query : null))];
        model.Open();
        await first;
        await Task.WhenAll(others);

        Assert.Equal([1, 50, 50, 10, 10], model.Batches.Select(batch => batch.Length));
    }

    [Fact]
    public async Task Text_rejected_by_the_model_fails_only_its_request()
    {
        Slow model = new();
        using CoalescingGenerator queue = new(model);
        Task first = queue.GenerateAsync(["0"]);
        await model.BeganAsync();
        Task<GeneratedEmbeddings<Embedding<float>>> good = queue.GenerateAsync(["1"]),
            bad = queue.GenerateAsync(["nonsense"]),
            other = queue.GenerateAsync(["2"]);
        model.Open();

        await first;
        Assert.Equal(1, (await good)[0].Vector.Span[0]);
        Assert.Equal(2, (await other)[0].Vector.Span[0]);
        await Assert.ThrowsAsync<FormatException>(() => bad);
    }

    [Fact]
    public async Task Canceled_request_is_not_sent_to_the_model()
    {
        Slow model = new();
        using CoalescingGenerator queue = new(model);
        using CancellationTokenSource leaving = new();
        Task first = queue.GenerateAsync(["0"]);
        await model.BeganAsync();
        Task gone = queue.GenerateAsync(["1"], cancellationToken: leaving.Token);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        model.Open();
        await first;

        Assert.Equal(2, (await queue.GenerateAsync(["2"]))[0].Vector.Span[0]);
        Assert.DoesNotContain(model.Batches, batch => batch.Contains("1"));
    }

    /// <summary>A model that works until the test lets it finish. The vector of a text is the number in the text.</summary>
    private sealed class Slow : IEmbeddingGenerator<string, Embedding<float>>
    {
        public const int MostTexts = 50;

        private readonly SemaphoreSlim _began = new(0),
            _finish = new(0);
        private volatile bool _open;

        public List<string[]> Batches { get; } = [];

        public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
            IEnumerable<string> values,
            EmbeddingGenerationOptions? options = null,
            CancellationToken cancellationToken = default
        )
        {
            string[] texts = [.. values];
            lock (Batches)
                Batches.Add(texts);
            _began.Release();
            if (!_open)
                await _finish.WaitAsync(cancellationToken);
            return new(texts.Select(text => new Embedding<float>(new[] { float.Parse(text, CultureInfo.InvariantCulture) })));
        }

        /// <summary>Waits until the model has started the next batch.</summary>
        public Task BeganAsync() => _began.WaitAsync();

        public void Finish() => _finish.Release();

        /// <summary>From now on the model takes no time.</summary>
        public void Open()
        {
            _open = true;
            _finish.Release(1000);
        }

        public object? GetService(Type serviceType, object? serviceKey = null) =>
            serviceType == typeof(EmbeddingLimits) ? new EmbeddingLimits { MaxTexts = MostTexts } : null;

        public void Dispose()
        {
            _began.Dispose();
            _finish.Dispose();
        }
    }
}
