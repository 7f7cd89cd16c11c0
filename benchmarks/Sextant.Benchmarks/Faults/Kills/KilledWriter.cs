using System.Diagnostics;

namespace Sextant.Benchmarks.Faults.Kills;

/// <summary>
/// A process that writes with the library, and perhaps moves the collection to other models and restores it from backups.
/// </summary>
internal sealed class KilledWriter(string collection, bool moves) : IKilled
{
    private const int MostWrites = 40;

    public async Task KillAsync(int seed, Ledger ledger)
    {
        Random random = new(seed);
        using Process writer = WriterProcess.Start(collection, seed, moves);
        // From before its collection is open to well into its work; where in a write it dies is up to the scheduler.
        int lines = random.Next(5) == 0 ? 0 : random.Next(1, 2 * MostWrites),
            read = 0;
        Task<string> errors = writer.StandardError.ReadToEndAsync();
        while (read < lines)
        {
            Note(await writer.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException($"the writer ended: {await errors}"));
            read++;
        }

        // Up to some milliseconds later, or every kill would follow a line.
        Thread.SpinWait(random.Next(200_000));
        writer.Kill();
        while (await writer.StandardOutput.ReadLineAsync() is { } line)
            Note(line);
        await writer.WaitForExitAsync();

        void Note(string line)
        {
            if (line == "ok")
                ledger.Acknowledge();
            else
                ledger.Begin(line);
        }
    }

    public async Task CheckAsync(Ledger ledger)
    {
        if (!SemanticSearchEngine.Exists(collection) && ledger.Acknowledged == 0)
            return;
        await using SemanticSearchEngine engine = await WriterProcess.OpenAsync(collection);
        await ledger.CheckAsync(engine, text => ValueTask.FromResult(TextVectors.Unit(text, engine.Model.Name)), tolerance: 1e-5f);
    }

    public IKilled StartOver() => new KilledWriter(collection + "-next", moves);
}
