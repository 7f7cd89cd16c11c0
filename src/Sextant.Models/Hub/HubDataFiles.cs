using System.Text.RegularExpressions;

namespace Sextant.Models.Hub;

/// <summary>Which of a data set's files an evaluation needs: its rows, and the corpus, queries and judgments of retrieval.</summary>
internal static partial class HubDataFiles
{
    /// <exception cref="InputException">The data set has no files in a supported format.</exception>
    public static IReadOnlyList<HubFile> Select(HubListing listing, HubModelName name)
    {
        HubFile[] files = [.. listing.Files.Where(f => RowsPattern().IsMatch(f.Path))];
        // Training and test splits; development splits only if nothing else exists.
        HubFile[] wanted = [.. files.Where(f => !DevelopmentPattern().IsMatch(f.Path))];
        bool tests = wanted.Any(f => f.Path.Contains("test", StringComparison.Ordinal));
        HubFile[] chosen = tests ? wanted : files;
        return chosen.Length > 0
            ? chosen
            : throw new InputException(
                $"{name.Name} has no supported files (train and test, or corpus, queries and qrels, as .jsonl, .csv, "
                    + $".tsv or .parquet); "
                    + "convert it, and give the folder"
            );
    }

    /// <summary>Whether a snapshot on the disk has rows.</summary>
    public static bool AreIn(string folder) =>
        Directory
            .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Any(path => RowsPattern().IsMatch(Path.GetRelativePath(folder, path).Replace('\\', '/')));

    [GeneratedRegex(
        @"\A((data|default|en)/)?(train|test|validation|dev)(-\d{5}-of-\d{5})?\.(jsonl|jsonl\.gz|csv|tsv|parquet)\z"
            + @"|\A(corpus|queries)\.jsonl(\.gz)?\z|\Aqrels/(train|test|validation|dev)\.(tsv|jsonl)\z"
            + @"|\A(corpus|queries|qrels)/[a-z]+-\d{5}-of-\d{5}\.parquet\z",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex RowsPattern();

    [GeneratedRegex(@"(\A|/)(validation|dev)[.-]", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex DevelopmentPattern();
}
