using System.Diagnostics;
using System.Globalization;

namespace Sextant.Benchmarks.Faults.Kills;

/// <summary>
/// A process that adds, replaces and deletes documents until it is killed. It prints each write before it begins and <c>ok</c> after it was
/// acknowledged.
/// </summary>
internal static class WriterProcess
{
    public const string Verb = "kill-writer";

    /// <summary>The two models between which a collection moves.</summary>
    public const string FirstModel = TextVectors.DefaultName,
        SecondModel = "other-vectors";

    public static Process Start(string collection, int seed, bool moves) =>
        Process.Start(
            new ProcessStartInfo(
                Environment.ProcessPath!,
                [Verb, collection, seed.ToString(CultureInfo.InvariantCulture), moves ? "moves" : "stays"]
            )
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                RedirectStandardInput = true,
                UseShellExecute = false,
            }
        )!;

    /// <summary>Opens the collection with the model that it has.</summary>
    public static async Task<SemanticSearchEngine> OpenAsync(string collection)
    {
        try
        {
            return await SemanticSearchEngine.OpenAsync(collection, TextVectors.Options());
        }
        catch (InputException) when (SemanticSearchEngine.Exists(collection))
        {
            return await SemanticSearchEngine.OpenAsync(collection, TextVectors.Options(SecondModel));
        }
    }

    public static async Task<int> RunAsync(string[] args)
    {
        (string collection, int seed, bool moves) = (args[0], int.Parse(args[1], CultureInfo.InvariantCulture), args[2] == "moves");
        // The parent process closes this input when it ends.
        Task inputEnds = Task.Run(Console.In.ReadToEnd);
        Random random = new(seed);
        SemanticSearchEngine engine = await OpenAsync(collection);
        for (int version = seed * 1000; !inputEnds.IsCompleted; version++)
        {
            await WriteAsync(engine, random, version);
            if (random.Next(30) == 0)
                await engine.Maintenance.CompactAsync();
            if (moves && random.Next(6) == 0)
                engine = await MoveAsync(engine, collection, random);
        }

        await engine.DisposeAsync();
        return 0;
    }

    private static async Task WriteAsync(SemanticSearchEngine engine, Random random, int version)
    {
        const int Ids = 60,
            MostOfBatch = 8;
        string[] ids =
        [
            .. Enumerable
                .Range(0, random.Next(1, MostOfBatch))
                .Select(_ => random.Next(Ids))
                .Distinct()
                .Select(id => id.ToString(CultureInfo.InvariantCulture)),
        ];
        bool deletes = random.Next(4) == 0;
        Say(string.Create(CultureInfo.InvariantCulture, $"{(deletes ? "del" : "put")} {version} {string.Join(' ', ids)}"));
        if (deletes)
            await engine.DeleteAsync(ids);
        else
            await engine.AddDocumentsAsync(ids.Select(id => new Document(Ledger.TextOf(id, version)) { Id = id }));
        Say("ok");
    }

    // The documents stay the same: the collection moves to the other model, or is restored from a fresh backup.
    private static async Task<SemanticSearchEngine> MoveAsync(SemanticSearchEngine engine, string collection, Random random)
    {
        if (random.Next(2) == 0)
        {
            string next = engine.Model.Name == FirstModel ? SecondModel : FirstModel;
            try
            {
                await engine.Maintenance.ReembedAsync(TextVectors.Options(next));
            }
            catch (InputException)
            {
                // The vectors of the model before are still kept, from a process that was killed before it dropped them.
            }

            await engine.Maintenance.DropPreviousModelAsync();
            await engine.DisposeAsync();
            return await OpenAsync(collection);
        }

        string backup = collection + ".backup";
        File.Delete(backup);
        await engine.Maintenance.BackupAsync(backup);
        await engine.DisposeAsync();
        await CollectionMaintenance.RestoreAsync(backup, collection);
        return await OpenAsync(collection);
    }

    private static void Say(string line)
    {
        Console.Out.WriteLine(line);
        Console.Out.Flush();
    }
}
