using System.Globalization;
using Sextant.Evaluation.Tasks;

namespace Sextant.Evaluation.Data;

/// <summary>Reranking as MTEB's older sets have it: a query with a list of positive and one of negative texts a row.</summary>
internal static class RerankingRows
{
    public static RetrievalTask Read(string[] paths)
    {
        List<NamedText> queries = [],
            documents = [];
        var ids = new Dictionary<string, string>(StringComparer.Ordinal);
        var judgments = new Dictionary<string, IReadOnlyDictionary<string, double>>(StringComparer.Ordinal);
        var candidates = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (TableRow row in paths.SelectMany(path => TableReader.Read(path)))
        {
            string id = "q" + queries.Count.ToString(CultureInfo.InvariantCulture);
            queries.Add(new NamedText(id, row.Required("query")));
            var grades = new Dictionary<string, double>(StringComparer.Ordinal);
            foreach (string text in Texts(row, "negative"))
                grades[Document(text)] = 0;
            foreach (string text in Texts(row, "positive"))
                grades[Document(text)] = 1;
            judgments[id] = grades;
            candidates[id] = [.. grades.Keys];
        }

        return new RetrievalTask(new RetrievalData(queries, documents, judgments, candidates));

        string Document(string text)
        {
            if (ids.TryGetValue(text, out string? id))
                return id;
            ids[text] = id = "d" + documents.Count.ToString(CultureInfo.InvariantCulture);
            documents.Add(new NamedText(id, text));
            return id;
        }
    }

    private static string[] Texts(TableRow row, string column) =>
        RowFiles.List(row.Required(column)) ?? throw new InputException($"{row.Location}: '{column}' is not a JSON list of texts");
}
