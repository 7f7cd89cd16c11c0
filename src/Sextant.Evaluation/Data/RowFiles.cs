using System.Text.Json;
using Sextant.Evaluation.Tasks;

namespace Sextant.Evaluation.Data;

/// <summary>
/// Tasks in files of rows, distinguished by their columns: two sentences and a score (STS) or a label of 0 and 1 (pair classification);
/// a query with lists of positives and negatives (reranking); a text and a label (clustering, or classification if train and test files
/// exist). Rows whose columns hold lists, as MTEB keeps some sets, are unrolled.
/// </summary>
internal static class RowFiles
{
    /// <summary>The splits to evaluate; the first existing one is used.</summary>
    internal static readonly string[] Splits = ["test", "validation", "dev"];

    private static readonly string[] Extensions = [".csv", ".tsv", ".jsonl", ".csv.gz", ".tsv.gz", ".jsonl.gz", ".parquet"];

    /// <summary>The subfolders in which a data set may keep its rows, after the folder itself.</summary>
    private static readonly string[] Inner = ["", "data", "default", "en"];

    private static readonly string[] First = ["sentence1", "sent1", "sentence_a", "text1", "s1"];
    private static readonly string[] Second = ["sentence2", "sent2", "sentence_b", "text2", "s2"];
    private static readonly string[] Score = ["score", "similarity_score", "relatedness_score", "similarity"];
    private static readonly string[] PairLabel = ["labels", "label", "is_duplicate"];
    private static readonly string[] Text = ["text", "sentences", "sentence"];
    private static readonly string[] Label = ["label_text", "label", "labels", "category", "intent", "class"];

    /// <summary>Whether a file's name is that of rows.</summary>
    public static bool Reads(string path) =>
        Array.Exists(Extensions, extension => path.EndsWith(extension, StringComparison.OrdinalIgnoreCase));

    /// <summary>The task of one file.</summary>
    /// <exception cref="InputException">No kind of task has such columns.</exception>
    public static TaskSource Open(string path)
    {
        TableRow first = TableReader.Read(path).FirstOrDefault() ?? throw new InputException($"{path}: no rows");
        TaskKind kind =
            Kind(first)
            ?? throw new InputException(
                $"{path}: no task type has the columns {string.Join(", ", first.Fields.Keys)}; "
                    + "rename them as documented, or give questions and answers as pairs"
            )
            {
                RelatedOptions = ["pairs"],
            };
        return new TaskSource(Name(path), kind, [path], () => Load([path], kind));
    }

    /// <summary>
    /// A classification in a folder with train and test, or the task of its test file; <see langword="null"/> without them.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="name">
    /// The name of the task for a data set of the hub, whose rows may be in subfolders; by default the folder's own name.
    /// </param>
    public static TaskSource? FindIn(string folder, string? name = null)
    {
        bool isHub = name is not null;
        string[] test =
            Splits.Take(isHub ? Splits.Length : 1).Select(split => Find(folder, split, isHub)).FirstOrDefault(parts => parts.Length > 0)
            ?? [];
        if (test.Length == 0 || TableReader.Read(test[0]).FirstOrDefault() is not { } first || Kind(first) is not { } kind)
            return null;
        name ??= Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        if (kind == TaskKind.Clustering && Find(folder, "train", isHub) is { Length: > 0 } train)
        {
            return new TaskSource(
                name,
                TaskKind.Classification,
                [.. train, .. test],
                () => new ClassificationTask(Labeled(train), Labeled(test))
            );
        }

        return new TaskSource(name, kind, test, () => Load(test, kind));
    }

    /// <summary>The file of that name, or its parts as the hub divides large tables; none when it is not there.</summary>
    internal static string[] Parts(string folder, string name)
    {
        if (!Directory.Exists(folder))
            return [];
        string? whole = Extensions.Select(extension => Path.Combine(folder, name + extension)).FirstOrDefault(File.Exists);
        return whole is not null ? [whole] : [.. Directory.GetFiles(folder, name + "-*-of-*.parquet").Order(StringComparer.Ordinal)];
    }

    private static string[] Find(string folder, string name, bool isHub) =>
        Inner
            .Take(isHub ? Inner.Length : 1)
            .Select(inner => Parts(Path.Combine(folder, inner), name))
            .FirstOrDefault(parts => parts.Length > 0)
        ?? [];

    private static TaskKind? Kind(TableRow row)
    {
        bool two = Column(row, First) is not null && Column(row, Second) is not null;
        if (two && Column(row, Score) is not null)
            return TaskKind.Sts;
        if (two && Column(row, PairLabel) is not null)
            return TaskKind.PairClassification;
        if (row.Fields.ContainsKey("query") && row.Fields.ContainsKey("positive") && row.Fields.ContainsKey("negative"))
            return TaskKind.Reranking;
        return Column(row, Text) is not null && Column(row, Label) is not null ? TaskKind.Clustering : null;
    }

    private static EvaluationTask Load(string[] paths, TaskKind kind) =>
        kind switch
        {
            TaskKind.Sts => new StsTask(Pairs(paths, Score)),
            TaskKind.PairClassification => new PairClassificationTask(Pairs(paths, PairLabel)),
            TaskKind.Reranking => RerankingRows.Read(paths),
            _ => new ClusteringTask(Labeled(paths)),
        };

    private static List<ScoredPair> Pairs(string[] paths, string[] score)
    {
        var pairs = new List<ScoredPair>();
        foreach (TableRow row in paths.SelectMany(path => TableReader.Read(path)))
        {
            string[] first = Values(row, First),
                second = Values(row, Second),
                right = Values(row, score);
            if (first.Length != second.Length || first.Length != right.Length)
            {
                throw new InputException(
                    $"{row.Location}: {first.Length} first texts, {second.Length} second ones and {right.Length} scores; give "
                        + $"one of each for each pair"
                );
            }

            for (int i = 0; i < first.Length; i++)
                pairs.Add(new ScoredPair(first[i], second[i], TextLines.Number(right[i], row.Location)));
        }

        return pairs;
    }

    private static List<LabeledText> Labeled(string[] paths)
    {
        var texts = new List<LabeledText>();
        foreach (TableRow row in paths.SelectMany(path => TableReader.Read(path)))
        {
            string[] some = Values(row, Text),
                labels = Values(row, Label);
            if (some.Length != labels.Length)
                throw new InputException($"{row.Location}: {some.Length} texts and {labels.Length} labels; give one label per text");
            for (int i = 0; i < some.Length; i++)
                texts.Add(new LabeledText(some[i], labels[i]));
        }

        return texts;
    }

    private static string? Column(TableRow row, string[] names) => Array.Find(names, row.Fields.ContainsKey);

    private static string[] Values(TableRow row, string[] names)
    {
        string value = row.Required(Column(row, names) ?? names[0]);
        return value.StartsWith('[') ? List(value) ?? [value] : [value];
    }

    /// <summary>The strings and numbers of a JSON list; <see langword="null"/> for a text that only begins like one.</summary>
    internal static string[]? List(string value)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(value);
            return [.. document.RootElement.EnumerateArray().Select(static item => item.ToString())];
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Name(string path)
    {
        string name = Path.GetFileName(path);
        return name[..^Extensions.First(extension => name.EndsWith(extension, StringComparison.OrdinalIgnoreCase)).Length];
    }
}
