using System.Diagnostics;
using System.Globalization;

namespace Sextant.Core.Tests;

/// <summary>
/// The library example of the documentation, in a separate process, because it writes to the current and the cache folder.
/// </summary>
internal static class LibraryExample
{
    private const string Variable = "SEXTANT_TEST_EXAMPLE";

    public static Process Start(string folder) =>
        Process.Start(
            new ProcessStartInfo(Environment.ProcessPath!)
            {
                WorkingDirectory = folder,
                Environment =
                {
                    [Variable] = "1",
                    ["SEXTANT_CACHE"] = Path.Combine(folder, "cache"),
                    ["DOTNET_STARTUP_HOOKS"] = typeof(LibraryExample).Assembly.Location,
                },
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
            }
        )!;

    public static void RunIfAsked()
    {
        if (Environment.GetEnvironmentVariable(Variable) is null)
            return;
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        RunAsync().GetAwaiter().GetResult();
        Environment.Exit(0);
    }

    private static async Task RunAsync()
    {
        string[] texts =
        [
            "You can send an item back within 30 days, and we return the money to your card.",
            "The library opens at nine in the morning.",
            "Python is a programming language.",
        ];
        var metadata = texts.Select((_, i) => new { line = i + 1 });

        await using SemanticSearchEngine engine = await SemanticSearchEngine.OpenAsync("docs.sextant"); // built-in model
        await engine.AddDocumentsAsync(texts, metadata);
        foreach (SearchResult hit in await engine.SearchAsync("how do refunds work?", topK: 5))
            Console.WriteLine($"{hit.Score:F2}  {hit.Text}");
    }
}
