namespace Sextant.Onnx.Inference;

/// <summary>
/// Lets many callers share one graph. What they ask for at the same time is put together and cut into batches of like length; each
/// caller has an equal part of every round, so that a question does not wait behind a library that is being indexed. Thread-safe.
/// </summary>
/// <param name="run">Sets the vectors of one batch; called by one thread at a time.</param>
/// <param name="maxTexts">The most texts of one batch.</param>
internal sealed class SharedGraph(Action<IReadOnlyList<EncodedText>> run, int maxTexts) : IDisposable
{
    // The number of texts planned at once: enough to group texts of similar length, and few enough to let other requests in soon.
    private const int RoundTexts = 256;
    private const int SliceTexts = 32;

    private readonly Lock _lock = new();

    // Guarded by the lock.
    private readonly Queue<EncodingRequest> _waiting = new();
    private Task _worker = Task.CompletedTask;
    private bool _working;
    private bool _disposed;

    /// <summary>Sets the vectors of <paramref name="texts"/>.</summary>
    /// <exception cref="SextantException">The graph failed.</exception>
    public Task RunAsync(IReadOnlyList<EncodedText> texts, CancellationToken cancellationToken)
    {
        if (texts.Count == 0)
        {
            return Task.CompletedTask;
        }

        var request = new EncodingRequest(texts, cancellationToken);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(SharedGraph));
            _waiting.Enqueue(request);
            if (!_working)
            {
                _working = true;
                _worker = Task.Run(Work, CancellationToken.None);
            }
        }

        return request.Completion;
    }

    /// <summary>Fails what waits, and returns when the batch that is being run has ended: the graph must not be freed under it.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
        }

        _worker.Wait();
    }

    private void Work()
    {
        while (TakeRound() is { Length: > 0 } round)
        {
            foreach (ArraySegment<EncodedText> batch in BatchPlan.Cut(round, maxTexts))
            {
                RunBatch(batch);
            }
        }
    }

    private EncodedText[] TakeRound()
    {
        lock (_lock)
        {
            var round = new List<EncodedText>(RoundTexts);
            while (_waiting.TryDequeue(out EncodingRequest? request))
            {
                if (_disposed)
                {
                    request.Fail(new ObjectDisposedException(nameof(SharedGraph)));
                    continue;
                }

                if (!request.IsExhausted)
                {
                    round.AddRange(request.Take(Math.Min(SliceTexts, RoundTexts - round.Count)));
                    _waiting.Enqueue(request);
                }

                if (round.Count == RoundTexts)
                {
                    break;
                }
            }

            _working = round.Count > 0;
            return [.. round];
        }
    }

    private void RunBatch(ArraySegment<EncodedText> batch)
    {
        EncodedText[] wanted = _disposed ? [] : [.. batch.Where(static text => !text.Request!.IsOver)];
        try
        {
            if (wanted.Length > 0)
            {
                run(wanted);
            }

            foreach (EncodedText text in wanted)
            {
                text.Request!.CountDown();
            }
        }
#pragma warning disable CA1031 // Any exception goes to the waiting callers, and must not end the thread that serves the others.
        catch (Exception e)
#pragma warning restore CA1031
        {
            foreach (EncodedText text in batch)
            {
                text.Request!.Fail(e);
            }
        }
    }
}
