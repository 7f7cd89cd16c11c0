using System.Globalization;
using System.Text.Json.Nodes;
using Sextant.Cli.Terminal;

namespace Sextant.Cli.Commands;

/// <summary>Search results for a person: rank, score and text, and below them what else is known.</summary>
internal static class SearchReport
{
    private const int TextWidth = 160;
    private const int ValueWidth = 60;

    public static void Write(Shell shell, IReadOnlyList<SearchResult> results)
    {
        if (results.Count == 0)
        {
            shell.Note("nothing found");
            return;
        }
        foreach (SearchResult result in results)
        {
            shell.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{result.Rank,2}. {result.Score,6:F3}  {Snippet.Of(result.Text, TextWidth)}"));
            shell.Out.WriteLine($"             {result.Id}{string.Concat(result.Metadata.Select(Describe))}");
        }
    }

    private static string Describe(KeyValuePair<string, JsonNode?> entry) =>
        $" · {entry.Key}: {Snippet.Of(JsonLine.Show(entry.Value), ValueWidth)}";
}
