using System.IO.Compression;
using System.Text.RegularExpressions;

namespace Sextant.NuGetModels.Tests;

/// <summary>Parts of public tasks in the form of the original files, the same that <c>npm/subsets.py</c> scores.</summary>
internal static partial class TaskParts
{
    /// <summary>Characters of a row; no such abstract has more tokens than the models read, so that none is truncated.</summary>
    private const int Longest = 1_200;

    /// <summary>Every second claim whose documents are all short, these documents, and every eighth of the other short ones.</summary>
    /// <returns>How many claims and documents there are.</returns>
    public static (int Claims, int Documents) WriteSciFact(string data, string folder)
    {
        using ZipArchive original = ZipFile.OpenRead(Path.Combine(data, "eval", "scifact", "scifact.zip"));
        (string header, string[] documents) = Records(original, "corpus_train.csv");
        (string claimHeader, string[] claims) = Records(original, "claims_validation.csv");
        Dictionary<string, string> shortOnes = documents.Where(static record => record.Length <= Longest).ToDictionary(Id);
        string[] asked =
        [
            .. claims
                .GroupBy(Id)
                .Where(rows => CitedIds(rows.First()).All(shortOnes.ContainsKey))
                .Where(static (_, i) => i % 2 == 0)
                .Select(static rows => rows.First()),
        ];
        HashSet<string> kept = [.. asked.SelectMany(CitedIds)];
        kept.UnionWith([.. shortOnes.Keys.Where(id => !kept.Contains(id)).Where(static (_, i) => i % 8 == 0)]);
        using ZipArchive part = ZipFile.Open(Path.Combine(folder, "scifact.zip"), ZipArchiveMode.Create);
        Write(part, "corpus_train.csv", [header, .. shortOnes.Where(pair => kept.Contains(pair.Key)).Select(static pair => pair.Value)]);
        Write(part, "claims_validation.csv", [claimHeader, .. asked]);
        return (asked.Length, kept.Count);
    }

    /// <summary>The first 20 labels by name: their first 24 texts to learn from, every second one to test with.</summary>
    /// <returns>How many texts there are to learn from and to test with.</returns>
    public static (int Training, int Test) WriteBanking77(string data, string folder)
    {
        string source = Path.Combine(data, "eval", "banking77");
        Match[] training = LabeledRecords(Path.Combine(source, "train.csv")),
            test = LabeledRecords(Path.Combine(source, "test.csv"));
        string[] labels = [.. training.Select(Label).Distinct().Order(StringComparer.Ordinal).Take(20)];
        string[] learned =
        [
            .. labels.SelectMany(label => training.Where(record => Label(record) == label).Take(24)).Select(static record => record.Value),
        ];
        string[] tested =
        [
            .. test.Where(record => labels.Contains(Label(record)))
                .Where(static (_, i) => i % 2 == 0)
                .Select(static record => record.Value),
        ];
        File.WriteAllLines(Path.Combine(folder, "train.csv"), ["text,category", .. learned]);
        File.WriteAllLines(Path.Combine(folder, "test.csv"), ["text,category", .. tested]);
        File.Copy(Path.Combine(source, "categories.json"), Path.Combine(folder, "categories.json"));
        return (learned.Length, tested.Length);
    }

    private static (string Header, string[] Records) Records(ZipArchive archive, string name)
    {
        using StreamReader reader = new(archive.GetEntry(name)!.Open());
        string[] records = NextRecord().Split(reader.ReadToEnd().Trim());
        return (records[0], records[1..]);
    }

    private static void Write(ZipArchive archive, string name, string[] records)
    {
        using StreamWriter writer = new(archive.CreateEntry(name).Open());
        writer.Write(string.Join('\n', records));
    }

    private static string Id(string record) => record[..record.IndexOf(',', StringComparison.Ordinal)];

    private static IEnumerable<string> CitedIds(string claim) =>
        Number().Matches(claim[claim.LastIndexOf('[')..]).Select(static id => id.Value);

    private static Match[] LabeledRecords(string file) =>
        [.. LabeledRecord().Matches(File.ReadAllText(file).ReplaceLineEndings("\n")).Skip(1)];

    private static string Label(Match record) => record.Groups["label"].Value;

    // A document's abstract goes over several lines; only a record begins with a number and a comma.
    [GeneratedRegex(@"\r?\n(?=\d+,)")]
    private static partial Regex NextRecord();

    [GeneratedRegex(@"\d+")]
    private static partial Regex Number();

    [GeneratedRegex("""^(?:"(?:[^"]|"")*"|[^",\n]*),(?<label>[^",\n]+)$""", RegexOptions.Multiline)]
    private static partial Regex LabeledRecord();
}
