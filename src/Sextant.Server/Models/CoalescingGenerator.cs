using Microsoft.Extensions.AI;
using Sextant.Embedding;
using Sextant.Tokenizers;

namespace Sextant.Server.Models;

/// <summary>
/// Coalesces requests of many clients into batches. A request is sent immediately if the model is idle; requests that arrive while it works
/// form its next batch, so no request waits for others to arrive. Batches respect the model's limits, and texts of different roles or
/// dimensions never share one.
/// </summary>
internal sealed class CoalescingGenerator(IEmbeddingGenerator<string, Embedding<float>> model)
    : DelegatingEmbeddingGenerator<string, Embedding<float>>(model)
{
    private readonly EmbeddingLimits _limits = model.GetService<EmbeddingLimits>() ?? new();
    private readonly ITokenCounter? _counter = model.GetService<ITokenCounter>();
    private readonly Lock _lock = new();
    private readonly LinkedList<Job> _waiting = [];
    private int _working;

    /// <summary>How many requests wait.</summary>
    public int Waiting
    {
        get
        {
            lock (_lock)
                return _waiting.Count;
        }
    }

    public override async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values,
        EmbeddingGenerationOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        IReadOnlyList<string> texts = values as IReadOnlyList<string> ?? [.. values];
        Job job = new(texts, options, TokensOf(texts));
        lock (_lock)
        {
            job.Node = _waiting.AddLast(job);
            if (_working < _limits.MaxConcurrency)
            {
                _working++;
                _ = Task.Run(WorkAsync, CancellationToken.None);
            }
        }

        // A canceled request removes its job if that has not started; a started job may already be paid for, and others may wait for it.
        await using CancellationTokenRegistration leaving = cancellationToken.Register(() => Leave(job, cancellationToken));
        return await job.Done.Task;
    }

    private void Leave(Job job, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (job.Node.List is not null)
                _waiting.Remove(job.Node);
        }

        job.Done.TrySetCanceled(cancellationToken);
    }

    private async Task WorkAsync()
    {
        while (true)
        {
            List<Job> batch;
            lock (_lock)
            {
                batch = TakeBatch();
                if (batch.Count == 0)
                {
                    _working--;
                    return;
                }
            }

            await RunAsync(batch);
        }
    }

    private List<Job> TakeBatch()
    {
        List<Job> batch = [];
        int texts = 0;
        long tokens = 0;
        for (LinkedListNode<Job>? node = _waiting.First, next; node is not null; node = next)
        {
            next = node.Next;
            Job job = node.Value;
            if (
                batch.Count > 0
                && (
                    !job.MayJoin(batch[0])
                    || texts + job.Texts.Count > _limits.MaxTexts
                    || tokens + job.Tokens > (_limits.MaxTokens ?? long.MaxValue)
                )
            )
            {
                continue;
            }

            _waiting.Remove(node);
            batch.Add(job);
            texts += job.Texts.Count;
            tokens += job.Tokens;
            if (texts >= _limits.MaxTexts)
                break;
        }

        return batch;
    }

    private async Task RunAsync(List<Job> batch)
    {
        try
        {
            GeneratedEmbeddings<Embedding<float>> all = await InnerGenerator.GenerateAsync(
                [.. batch.SelectMany(job => job.Texts)],
                batch[0].Options
            );
            int at = 0;
            long[] tokens = Share(all.Usage?.InputTokenCount ?? 0, batch);
            for (int i = 0; i < batch.Count; i++)
            {
                Job job = batch[i];
                UsageDetails? usage = all.Usage is null ? null : new() { InputTokenCount = tokens[i], TotalTokenCount = tokens[i] };
                job.Done.TrySetResult(new(all.Skip(at).Take(job.Texts.Count)) { Usage = batch.Count == 1 ? all.Usage : usage });
                at += job.Texts.Count;
            }
        }
        catch (Exception) when (batch.Count > 1)
        {
            // One client's text may be to blame, and the others must not hear of it.
            foreach (Job job in batch)
                await RunAsync([job]);
        }
        catch (Exception e)
        {
            batch[0].Done.TrySetException(e);
        }
    }

    // A service reports the tokens of the whole batch. Shares are by length, and their sum is what it reports.
    private static long[] Share(long tokens, List<Job> batch)
    {
        long[] lengths = [.. batch.Select(static job => job.Texts.Sum(static text => (long)text.Length))];
        long length = Math.Max(1, lengths.Sum()),
            before = 0;
        long[] shares = new long[batch.Count];
        for (int i = 0; i < shares.Length; i++)
        {
            long until = before + lengths[i];
            // Not tokens * until, which would overflow for large batches.
            shares[i] = (long)((Int128)tokens * until / length) - (long)((Int128)tokens * before / length);
            before = until;
        }

        return shares;
    }

    private long TokensOf(IReadOnlyList<string> texts) =>
        _limits.MaxTokens is null ? 0 : texts.Sum(text => _counter is null ? (text.Length + 2) / 3 : (long)_counter.Count(text));

    private sealed class Job(IReadOnlyList<string> texts, EmbeddingGenerationOptions? options, long tokens)
    {
        public IReadOnlyList<string> Texts => texts;

        public EmbeddingGenerationOptions? Options => options;

        public long Tokens => tokens;

        public LinkedListNode<Job> Node { get; set; } = null!;

        public TaskCompletionSource<GeneratedEmbeddings<Embedding<float>>> Done { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool MayJoin(Job other) => options.GetRole() == other.Options.GetRole() && options?.Dimensions == other.Options?.Dimensions;
    }
}
