using Sextant.Evaluation.Tasks;

namespace Sextant.Evaluation.Data;

/// <summary>
/// The form of BEIR: corpus.jsonl (_id, title, text), queries.jsonl (_id, text) and qrels/test.tsv (query-id, corpus-id, score).
/// </summary>
internal static class BeirFolder
{
    /// <summary>The files of judgments, in order of preference; the first existing one is used.</summary>
    private static readonly string[] Splits = ["test.tsv", "dev.tsv", "train.tsv"];

    /// <summary>The retrieval task in a folder, or <see langword="null"/> when it is not of this form.</summary>
    public static TaskSource? FindIn(string folder)
    {
        string corpus = Path.Combine(folder, "corpus.jsonl"),
            queries = Path.Combine(folder, "queries.jsonl");
        string qrels = Path.Combine(folder, "qrels");
        if (!File.Exists(corpus) || !File.Exists(queries) || !Directory.Exists(qrels))
            return null;
        string? judgments =
            Splits.Select(name => Path.Combine(qrels, name)).FirstOrDefault(File.Exists)
            ?? Directory.GetFiles(qrels, "*.tsv").Order(StringComparer.Ordinal).FirstOrDefault();
        if (judgments is null)
            throw new InputException($"{qrels}: no judgments; add a test.tsv with query-id, corpus-id and score");
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        return new TaskSource(
            name,
            TaskKind.Retrieval,
            [corpus, queries, judgments],
            () => new RetrievalTask(new RetrievalData(RetrievalRows.Texts([queries]), RetrievalRows.Texts([corpus]), Judgments(judgments)))
        );
    }

    private static Dictionary<string, IReadOnlyDictionary<string, double>> Judgments(string path)
    {
        var judgments = new Dictionary<string, IReadOnlyDictionary<string, double>>(StringComparer.Ordinal);
        bool first = true;
        foreach ((string line, string place) in TextLines.ReadNonBlank(path))
        {
            string[] fields = line.Split('\t');
            bool header =
                first
                && fields.Length > 1
                && fields[0].Contains("query", StringComparison.OrdinalIgnoreCase)
                && !TextLines.IsNumber(fields[^1]);
            first = false;
            if (header)
                continue;
            // TREC's own form has an unused second column.
            if (fields.Length == 4)
                fields = [fields[0], fields[2], fields[3]];
            if (fields.Length != 3)
                throw new InputException($"{place}: expected query-id, corpus-id and score, separated by tabs");
            if (!judgments.TryGetValue(fields[0], out IReadOnlyDictionary<string, double>? grades))
                judgments[fields[0]] = grades = new Dictionary<string, double>(StringComparer.Ordinal);
            ((Dictionary<string, double>)grades)[fields[1]] = TextLines.Number(fields[2], place);
        }

        return judgments;
    }
}
