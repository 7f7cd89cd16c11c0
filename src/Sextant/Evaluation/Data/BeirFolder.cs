using System.Text.Json;
using Sextant.Evaluation.Tasks;

namespace Sextant.Evaluation.Data;

/// <summary>The form of BEIR: corpus.jsonl (_id, title, text), queries.jsonl (_id, text) and qrels/test.tsv (query-id, corpus-id, score).</summary>
internal static class BeirFolder
{
    /// <summary>The judgements that are taken, the first that is there.</summary>
    private static readonly string[] Splits = ["test.tsv", "dev.tsv", "train.tsv"];

    /// <summary>The retrieval task in a folder, or <see langword="null"/> when it is not of this form.</summary>
    public static TaskSource? In(string folder)
    {
        string corpus = Path.Combine(folder, "corpus.jsonl"), queries = Path.Combine(folder, "queries.jsonl");
        string qrels = Path.Combine(folder, "qrels");
        if (!File.Exists(corpus) || !File.Exists(queries) || !Directory.Exists(qrels)) return null;
        string? judgements = Splits.Select(name => Path.Combine(qrels, name)).FirstOrDefault(File.Exists)
            ?? Directory.GetFiles(qrels, "*.tsv").Order(StringComparer.Ordinal).FirstOrDefault();
        if (judgements is null) throw new InputException($"{qrels}: no judgements; put a test.tsv with query-id, corpus-id and score there");
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        return new TaskSource(name, TaskKind.Retrieval, [corpus, queries, judgements], () =>
            new RetrievalTask(new RetrievalData(Texts(queries), Texts(corpus), Judgements(judgements))));
    }

    /// <summary>Named texts, a JSON object a line; a title stands before the text.</summary>
    private static NamedText[] Texts(string path)
    {
        var texts = new List<NamedText>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach ((string line, string place) in TextLines.Of(path))
        {
            NamedText text = Parse(line, place);
            if (!seen.Add(text.Id)) throw new InputException($"{place}: the id '{text.Id}' is there twice; give each row its own");
            texts.Add(text);
        }

        return [.. texts];
    }

    private static NamedText Parse(string line, string place)
    {
        try
        {
            using JsonDocument row = JsonDocument.Parse(line);
            string id = row.RootElement.GetProperty("_id").ToString();
            string text = row.RootElement.GetProperty("text").GetString() ?? "";
            string title = row.RootElement.TryGetProperty("title", out JsonElement value) ? value.GetString() ?? "" : "";
            return new NamedText(id, (title + " " + text).Trim());
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new InputException($"{place}: not a JSON object with _id and text on one line", e);
        }
    }

    private static Dictionary<string, IReadOnlyDictionary<string, double>> Judgements(string path)
    {
        var judgements = new Dictionary<string, IReadOnlyDictionary<string, double>>(StringComparer.Ordinal);
        bool first = true;
        foreach ((string line, string place) in TextLines.Of(path))
        {
            string[] fields = line.Split('\t');
            bool header = first && fields.Length > 1 && fields[0].Contains("query", StringComparison.OrdinalIgnoreCase) && !TextLines.IsNumber(fields[^1]);
            first = false;
            if (header) continue;
            // TREC's own form has an unused second column.
            if (fields.Length == 4) fields = [fields[0], fields[2], fields[3]];
            if (fields.Length != 3) throw new InputException($"{place}: expected query-id, corpus-id and score, separated by tabs");
            if (!judgements.TryGetValue(fields[0], out var grades)) judgements[fields[0]] = grades = new Dictionary<string, double>(StringComparer.Ordinal);
            ((Dictionary<string, double>)grades)[fields[1]] = TextLines.Number(fields[2], place);
        }

        return judgements;
    }
}
