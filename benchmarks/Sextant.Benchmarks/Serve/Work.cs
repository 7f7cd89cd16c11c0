using Sextant.Benchmarks.Static;

namespace Sextant.Benchmarks.Serve;

/// <summary>The requests, in process and over HTTP in the same order.</summary>
/// <param name="Texts">The texts of the collection, which are also its queries.</param>
/// <param name="Clients">The number of concurrent searches.</param>
internal sealed record Work(string[] Texts, int Clients)
{
    public const int EmbeddedAtOnce = 32;
    public const string Name = "bench";

    private const int WrittenAtOnce = 20;
    private static readonly TimeSpan BetweenWrites = TimeSpan.FromMilliseconds(100);

    /// <summary>The texts of each embedding request.</summary>
    public string[][] Batches { get; } = [.. Texts.Chunk(EmbeddedAtOnce).Where(static batch => batch.Length == EmbeddedAtOnce).Take(2000)];

    /// <summary>Reads <c>--texts FILE</c>, <c>--count</c> and <c>--clients</c>.</summary>
    public static Work Parse(Arguments given)
    {
        int count = given.Number("--count", 100_000),
            clients = given.Number("--clients", 64);
        return new(given.Text("--texts") is { } file ? [.. File.ReadLines(file).Take(count)] : SyntheticModel.Sentences(count), clients);
    }

    public static T Pick<T>(T[] all, int client, int i) => all[((client * 7919) + i) % all.Length];

    /// <summary>
    /// Runs a load while one writer adds documents at a steady pace, the same on both sides; otherwise the faster one would write more.
    /// </summary>
    public static async Task<LoadResult> WhileWritingAsync(Func<Task<LoadResult>> load, Func<string[], Task> write)
    {
        using CancellationTokenSource end = new();
        var writing = Task.Run(async () =>
        {
            using PeriodicTimer timer = new(BetweenWrites);
            while (!end.IsCancellationRequested)
            {
                await write([.. Enumerable.Range(0, WrittenAtOnce).Select(i => $"A text written meanwhile, number {Guid.NewGuid()}.")]);
                await timer.WaitForNextTickAsync();
            }
        });
        LoadResult result = await load();
        await end.CancelAsync();
        await writing;
        return result;
    }
}
