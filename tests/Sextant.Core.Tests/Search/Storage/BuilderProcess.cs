using System.Diagnostics;
using System.Globalization;
using Sextant.Tests.Shared.Search;

namespace Sextant.Core.Tests.Search.Storage;

/// <summary>
/// A second process that adds to a collection until it is killed, and writes its snapshot often; started as <see cref="WriterProcess"/> is.
/// </summary>
internal static class BuilderProcess
{
    public const int Interval = 200,
        Batch = 50;

    private const string Variable = "SEXTANT_TEST_BUILDER";

    /// <summary>Starts it; it prints how many documents are in after each batch.</summary>
    public static Process Start(string collection) =>
        Process.Start(
            new ProcessStartInfo(Environment.ProcessPath!)
            {
                Environment = { [Variable] = collection, ["DOTNET_STARTUP_HOOKS"] = typeof(BuilderProcess).Assembly.Location },
                RedirectStandardOutput = true,
                RedirectStandardInput = true,
                UseShellExecute = false,
            }
        )!;

    /// <summary>Does the work that the environment names, if it names any, and ends the process.</summary>
    public static void RunIfAsked()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } collection)
            return;
        BuildAsync(collection).GetAwaiter().GetResult();
        Environment.Exit(0);
    }

    /// <summary>A batch, from its first number on.</summary>
    public static IEnumerable<Document> Documents(int first) =>
        Enumerable.Range(first, Batch).Select(i => new Document(Text(i)) { Id = Id(i) });

    public static string Id(int i) => i.ToString(CultureInfo.InvariantCulture);

    public static string Text(int i) => string.Create(CultureInfo.InvariantCulture, $"w{i % 97} x{i} y{i % 31}");

    private static async Task BuildAsync(string collection)
    {
        Task inputEnds = Task.Run(Console.In.ReadToEnd);
        await using SemanticSearchEngine engine = await SemanticSearchEngine.OpenAsync(collection, WordModel.Options());
        engine.Collection.Graph.SnapshotInterval = Interval;
        for (int i = 0; !inputEnds.IsCompleted; i += Batch)
        {
            await engine.AddDocumentsAsync(Documents(i));
            Console.Out.WriteLine(Id(i + Batch));
            Console.Out.Flush();
        }
    }
}
