using System.Diagnostics;
using System.Globalization;
using Sextant.Search;
using Sextant.Tests.Shared.Stores;

namespace Sextant.Core.Tests.Search.Storage;

/// <summary>A second process that moves a collection to another model, started as <see cref="WriterProcess"/> is.</summary>
internal static class MoverProcess
{
    private const string Variable = "SEXTANT_TEST_MOVER";

    /// <summary>Starts the mover, which prints how many vectors it has kept after each batch, and a line when it is done.</summary>
    public static Process Start(string collection) =>
        Process.Start(
            new ProcessStartInfo(Environment.ProcessPath!)
            {
                Environment = { [Variable] = collection, ["DOTNET_STARTUP_HOOKS"] = typeof(MoverProcess).Assembly.Location },
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
            }
        )!;

    /// <summary>Does the work that the environment names, if it names any, and ends the process.</summary>
    public static void RunIfAsked()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } collection)
            return;
        MoveAsync(collection).GetAwaiter().GetResult();
        Environment.Exit(0);
    }

    private static async Task MoveAsync(string collection)
    {
        NamedModels models = new();
        await using SemanticSearchEngine engine = await SemanticSearchEngine.OpenAsync(collection, models.Options());
        await engine.Maintenance.ReembedAsync(models.Options(NamedModels.Second), new Lines());
        Say("done");
    }

    private static void Say(string line)
    {
        Console.Out.WriteLine(line);
        Console.Out.Flush();
    }

    private sealed class Lines : IProgress<ReembeddingProgress>
    {
        public void Report(ReembeddingProgress value) => Say(value.Done.ToString(CultureInfo.InvariantCulture));
    }
}
