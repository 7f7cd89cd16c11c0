using Sextant.Onnx.Inference;

namespace Sextant.Onnx.Tests.Inference;

/// <summary>How callers share a graph; the graph here only notes what it is given.</summary>
public sealed class SharedGraphTests : IDisposable
{
    private readonly List<int[]> _batches = [];
    private readonly SemaphoreSlim _started = new(0);
    private readonly ManualResetEventSlim _go = new();
    private bool _held;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _started.Dispose();
        _go.Dispose();
    }

    [Fact]
    public async Task Requests_during_a_run_are_batched_together()
    {
        using SharedGraph graph = Hold();
        Task first = graph.RunAsync(Texts(5), Stop);
        await _started.WaitAsync(Stop);

        Task[] others = [graph.RunAsync(Texts(7), Stop), graph.RunAsync(Texts(7, 7), Stop), graph.RunAsync(Texts(6), Stop)];
        _go.Set();
        await Task.WhenAll([first, .. others]);

        Assert.Equal(
            [
                [5],
                [7, 7, 7, 6],
            ],
            _batches
        );
    }

    [Fact]
    public async Task Query_does_not_wait_for_a_long_batch()
    {
        using SharedGraph graph = Hold();
        Task library = graph.RunAsync(Texts([.. Enumerable.Repeat(50, 2000)]), Stop);
        await _started.WaitAsync(Stop);
        Task question = graph.RunAsync(Texts(9), Stop);
        _go.Set();
        await question;

        Assert.False(library.IsCompleted && _batches.FindIndex(batch => batch.Contains(9)) > 20);
        await library;
    }

    [Fact]
    public async Task Texts_of_canceled_requests_are_not_run()
    {
        using SharedGraph graph = Hold();
        using var cancelled = new CancellationTokenSource();
        Task first = graph.RunAsync(Texts(5), Stop);
        await _started.WaitAsync(Stop);
        Task second = graph.RunAsync(Texts(8, 8), cancelled.Token);
        await cancelled.CancelAsync();
        _go.Set();
        await first;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        Assert.Equal(
            [
                [5],
            ],
            _batches
        );
    }

    [Fact]
    public async Task Failure_affects_only_the_requests_with_failed_texts()
    {
        using var graph = new SharedGraph(
            batch =>
            {
                if (batch.Any(static text => text.Ids.Length == 13))
                {
                    throw new SextantException("unlucky");
                }
            },
            maxTexts: 1
        );

        Task unlucky = graph.RunAsync(Texts(13), Stop),
            lucky = graph.RunAsync(Texts(7), Stop);

        Assert.Equal("unlucky", (await Assert.ThrowsAsync<SextantException>(() => unlucky)).Message);
        await lucky;
    }

    /// <summary>A graph whose first run waits until the test lets it continue.</summary>
    private SharedGraph Hold() =>
        new(
            batch =>
            {
                lock (_batches)
                {
                    _batches.Add([.. batch.Select(static text => text.Ids.Length)]);
                }

                if (!_held)
                {
                    _held = true;
                    _started.Release();
                    _go.Wait(Stop);
                }
            },
            int.MaxValue
        );

    private static EncodedText[] Texts(params int[] lengths) => Array.ConvertAll(lengths, Text);

    private static EncodedText Text(int length) => new(new int[length], 0);
}
