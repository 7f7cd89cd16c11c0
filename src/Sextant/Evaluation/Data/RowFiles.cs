using System.Text.Json;
using Sextant.Evaluation.Tasks;

namespace Sextant.Evaluation.Data;

/// <summary>
/// Tasks in files of rows, told apart by their columns: two sentences and a score (STS) or a label of 0 and 1 (pair classification);
/// a query with lists of positives and negatives (reranking); a text and a label (clustering, or classification where train and test lie
/// side by side). Rows whose columns hold lists, as MTEB keeps some sets, are unrolled.
/// </summary>
internal static class RowFiles
{
    private static readonly string[] Extensions = [".csv", ".tsv", ".jsonl", ".jsonl.gz"];
    private static readonly string[] First = ["sentence1", "sent1", "sentence_a", "text1", "s1"];
    private static readonly string[] Second = ["sentence2", "sent2", "sentence_b", "text2", "s2"];
    private static readonly string[] Score = ["score", "similarity_score", "relatedness_score", "similarity"];
    private static readonly string[] PairLabel = ["labels", "label", "is_duplicate"];
    private static readonly string[] Text = ["text", "sentences", "sentence"];
    private static readonly string[] Label = ["label_text", "label", "labels", "category", "intent", "class"];

    /// <summary>Whether a file's name is that of rows.</summary>
    public static bool Reads(string path) => Array.Exists(Extensions, extension => path.EndsWith(extension, StringComparison.OrdinalIgnoreCase));

    /// <summary>The task of one file.</summary>
    /// <exception cref="InputException">No kind of task has such columns.</exception>
    public static TaskSource Open(string path)
    {
        TableRow first = TableReader.Read(path).FirstOrDefault() ?? throw new InputException($"{path}: holds no rows");
        TaskKind kind = Kind(first)
            ?? throw new InputException($"{path}: no kind of task has the columns {string.Join(", ", first.Fields.Keys)}; "
                + "see the documentation for what they may be called, or use --pairs for questions and answers");
        return new TaskSource(Name(path), kind, [path], () => Load(path, kind));
    }

    /// <summary>A classification in a folder with train and test, or the task of its test file; <see langword="null"/> without them.</summary>
    public static TaskSource? In(string folder)
    {
        string? test = Find(folder, "test");
        if (test is null || TableReader.Read(test).FirstOrDefault() is not { } first || Kind(first) is not { } kind) return null;
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        if (kind == TaskKind.Clustering && Find(folder, "train") is { } train)
            return new TaskSource(name, TaskKind.Classification, [train, test], () => new ClassificationTask(Labelled(train), Labelled(test)));
        return new TaskSource(name, kind, [test], () => Load(test, kind));
    }

    private static string? Find(string folder, string name) =>
        Extensions.Select(extension => Path.Combine(folder, name + extension)).FirstOrDefault(File.Exists);

    private static TaskKind? Kind(TableRow row)
    {
        bool two = Column(row, First) is not null && Column(row, Second) is not null;
        if (two && Column(row, Score) is not null) return TaskKind.Sts;
        if (two && Column(row, PairLabel) is not null) return TaskKind.PairClassification;
        if (row.Fields.ContainsKey("query") && row.Fields.ContainsKey("positive") && row.Fields.ContainsKey("negative")) return TaskKind.Reranking;
        return Column(row, Text) is not null && Column(row, Label) is not null ? TaskKind.Clustering : null;
    }

    private static EvaluationTask Load(string path, TaskKind kind) => kind switch
    {
        TaskKind.Sts => new StsTask(Pairs(path, Score)),
        TaskKind.PairClassification => new PairClassificationTask(Pairs(path, PairLabel)),
        TaskKind.Reranking => RerankingRows.Read(path),
        _ => new ClusteringTask(Labelled(path)),
    };

    private static List<ScoredPair> Pairs(string path, string[] score)
    {
        var pairs = new List<ScoredPair>();
        foreach (TableRow row in TableReader.Read(path))
        {
            string[] first = Values(row, First), second = Values(row, Second), right = Values(row, score);
            if (first.Length != second.Length || first.Length != right.Length)
                throw new InputException($"{row.Place}: {first.Length} first texts, {second.Length} second ones and {right.Length} scores; each pair needs all three");
            for (int i = 0; i < first.Length; i++) pairs.Add(new ScoredPair(first[i], second[i], TextLines.Number(right[i], row.Place)));
        }

        return pairs;
    }

    private static List<LabelledText> Labelled(string path)
    {
        var texts = new List<LabelledText>();
        foreach (TableRow row in TableReader.Read(path))
        {
            string[] some = Values(row, Text), labels = Values(row, Label);
            if (some.Length != labels.Length) throw new InputException($"{row.Place}: {some.Length} texts and {labels.Length} labels; each text needs one");
            for (int i = 0; i < some.Length; i++) texts.Add(new LabelledText(some[i], labels[i]));
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
