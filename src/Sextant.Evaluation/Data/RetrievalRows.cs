using Sextant.Evaluation.Tasks;

namespace Sextant.Evaluation.Data;

/// <summary>
/// Retrieval as the hub has it: corpus and queries (_id, title, text) and judgments (query-id, corpus-id, score) as tables in any format,
/// each possibly in several parts.
/// </summary>
internal static class RetrievalRows
{
    private static readonly string[] JudgmentFolders = ["qrels", "data", "default", ""];

    /// <summary>The retrieval task in a folder, or <see langword="null"/> when it is not of this form.</summary>
    public static TaskSource? FindIn(string folder, string name)
    {
        string[] corpus = Parts(folder, "corpus"),
            queries = Parts(folder, "queries");
        if (corpus.Length == 0 || queries.Length == 0)
            return null;
        string[] judgments =
            RowFiles
                .Splits.SelectMany(_ => JudgmentFolders, (split, inner) => RowFiles.Parts(Path.Combine(folder, inner), split))
                .FirstOrDefault(parts => parts.Length > 0)
            ?? throw new InputException($"{folder}: no judgments; add them in qrels/test");
        return new TaskSource(
            name,
            TaskKind.Retrieval,
            [.. corpus, .. queries, .. judgments],
            () => new RetrievalTask(new RetrievalData(Texts(queries), Texts(corpus), Judgments(judgments)))
        );
    }

    private static string[] Parts(string folder, string name) =>
        RowFiles.Parts(folder, name) is { Length: > 0 } parts ? parts : RowFiles.Parts(Path.Combine(folder, name), name);

    /// <summary>Named texts; a title stands before the text.</summary>
    internal static NamedText[] Texts(string[] files)
    {
        Dictionary<string, NamedText> texts = new(StringComparer.Ordinal);
        foreach (TableRow row in files.SelectMany(file => TableReader.Read(file)))
        {
            string id = row.Fields.GetValueOrDefault("_id") ?? row.Required("id");
            string? title = row.Fields.GetValueOrDefault("title");
            string text = (title + " " + (title is null ? row.Required("text") : row.Fields.GetValueOrDefault("text"))).Trim();
            if (!texts.TryAdd(id, new NamedText(id, text)))
                throw new InputException($"{row.Location}: the id '{id}' is a duplicate; give each row its own id");
        }

        return [.. texts.Values];
    }

    private static Dictionary<string, IReadOnlyDictionary<string, double>> Judgments(string[] files)
    {
        Dictionary<string, IReadOnlyDictionary<string, double>> judgments = new(StringComparer.Ordinal);
        foreach (TableRow row in files.SelectMany(file => TableReader.Read(file)))
        {
            string query = row.Required("query-id");
            if (!judgments.TryGetValue(query, out IReadOnlyDictionary<string, double>? grades))
                judgments[query] = grades = new Dictionary<string, double>(StringComparer.Ordinal);
            ((Dictionary<string, double>)grades)[row.Required("corpus-id")] = TextLines.Number(row.Required("score"), row.Location);
        }

        return judgments;
    }
}
