using System.Diagnostics;
using System.Globalization;
using Sextant.Tests.Shared.Search;

namespace Sextant.Core.Tests.Search.Storage;

/// <summary>
/// A real second process that writes to a collection: this test program, started again with an environment variable
/// and a startup hook that turn it into a writer before its own entry point runs.
/// </summary>
internal static class WriterProcess
{
    private const string Variable = "SEXTANT_TEST_WRITER";

    /// <summary>Starts the writer, which prints a line before each batch and one when it was acknowledged.</summary>
    public static Process Start(string collection, int seed) =>
        Process.Start(
            new ProcessStartInfo(Environment.ProcessPath!)
            {
                Environment =
                {
                    [Variable] = string.Create(CultureInfo.InvariantCulture, $"{seed}|{collection}"),
                    ["DOTNET_STARTUP_HOOKS"] = typeof(WriterProcess).Assembly.Location,
                },
                RedirectStandardOutput = true,
                RedirectStandardInput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
            }
        )!;

    /// <summary>The text that document <paramref name="id"/> has after the batch that <paramref name="version"/> counts.</summary>
    public static string TextOf(string id, int version) => string.Create(CultureInfo.InvariantCulture, $"document {id} version {version}");

    /// <summary>Does the work that the environment names, if it names any, and ends the process.</summary>
    public static void RunIfAsked()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } task)
            return;
        string[] parts = task.Split('|', 2);
        try
        {
            WriteAsync(parts[1], int.Parse(parts[0], CultureInfo.InvariantCulture)).GetAwaiter().GetResult();
            Environment.Exit(0);
        }
        catch (SextantException e)
        {
            Console.Error.WriteLine(e.Message);
            Environment.Exit(1);
        }
    }

    // Adds, replaces and deletes until it is killed or its input closes. "put VERSION IDS" and "del VERSION IDS" are promises.
    private static async Task WriteAsync(string collection, int seed)
    {
        Task inputEnds = Task.Run(Console.In.ReadToEnd);
        Random random = new(seed);
        await using SemanticSearchEngine engine = await SemanticSearchEngine.OpenAsync(collection, WordModel.Options());
        for (int version = seed * 1000; !inputEnds.IsCompleted; version++)
        {
            int[] numbers = [.. Enumerable.Range(0, random.Next(1, 8)).Select(_ => random.Next(60)).Distinct()];
            string[] ids = Array.ConvertAll(numbers, n => n.ToString(CultureInfo.InvariantCulture));
            // First what it is about to do, then that it is done: between the two, all of it may be there or nothing.
            string kind = random.Next(4) == 0 ? "del" : "put";
            string write = string.Create(CultureInfo.InvariantCulture, $"{kind} {version} {string.Join(' ', ids)}");
            Say($"try {write}");
            if (kind == "del")
                await engine.DeleteAsync(ids);
            else
                await engine.AddDocumentsAsync(ids.Select(id => new Document(TextOf(id, version)) { Id = id }));
            Say(write);
            if (random.Next(30) == 0)
                await engine.Maintenance.CompactAsync();
        }
    }

    private static void Say(string line)
    {
        Console.Out.WriteLine(line);
        Console.Out.Flush();
    }
}
