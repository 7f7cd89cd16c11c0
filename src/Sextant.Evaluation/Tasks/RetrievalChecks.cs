using System.Globalization;

namespace Sextant.Evaluation.Tasks;

/// <summary>Finds useless judgments, whose documents do not exist or which every ranking satisfies.</summary>
internal static class RetrievalChecks
{
    /// <summary>Warnings about the data that do not make its score meaningless.</summary>
    /// <exception cref="TaskDataException">Every score would be 0, or every score would be 1.</exception>
    public static IReadOnlyList<string> Check(RetrievalData data)
    {
        if (data.Documents.Count == 0)
            throw new TaskDataException("the corpus is empty; add documents");
        if (data.Queries.Count == 0)
            throw new TaskDataException("there are no queries");
        if (data.Judgments.Count == 0)
            throw new TaskDataException("there are no judgments; say which document is relevant to which query");
        HashSet<string> queries = [.. data.Queries.Select(static query => query.Id)],
            documents = [.. data.Documents.Select(static document => document.Id)];
        string[] strange = [.. data.Judgments.Keys.Where(id => !queries.Contains(id))];
        if (strange.Length == data.Judgments.Count)
        {
            throw new TaskDataException(
                $"the judgments are for none of the {Count(queries.Count, "query", "queries")} (the first is for '{strange[0]}'); use "
                    + "the same ids in both"
            );
        }

        KeyValuePair<string, double>[] judged =
        [
            .. data.Judgments.Where(entry => queries.Contains(entry.Key)).SelectMany(static entry => entry.Value),
        ];
        string[] relevant = [.. judged.Where(static grade => grade.Value > 0).Select(static grade => grade.Key)];
        if (relevant.Length == 0)
            throw new TaskDataException("no judgment is above 0, so nothing is relevant and every score would be 0");
        string[] missing = [.. relevant.Where(id => !documents.Contains(id)).Distinct()];
        if (missing.Length > 0 && relevant.All(id => !documents.Contains(id)))
        {
            throw new TaskDataException(
                $"the judgments are for none of the {Count(documents.Count, "document", "documents")} (the first is for '{missing[0]}'); "
                    + "use the same ids in both"
            );
        }

        int certain =
            data.Candidates?.Count(entry =>
                entry.Value.Count > 0
                && data.Judgments.TryGetValue(entry.Key, out IReadOnlyDictionary<string, double>? grades)
                && entry.Value.All(id => grades.GetValueOrDefault(id) > 0)
            )
            ?? 0;
        if (certain > 0 && certain == data.Candidates!.Count)
            throw new TaskDataException("every candidate is relevant, so every ranking scores 1; add other candidates");

        List<string> notes = [];
        if (strange.Length > 0)
            notes.Add($"{Count(strange.Length, "judged query is", "judged queries are")} not among the queries, such as '{strange[0]}'");
        if (missing.Length > 0)
        {
            notes.Add(
                $"{Count(missing.Length, "relevant document is", "relevant documents are")} not in the corpus, such as '{missing[0]}', "
                    + "and can never be found"
            );
        }

        if (certain > 0)
            notes.Add($"{Count(certain, "query has", "queries have")} only relevant candidates, so every ranking of them is correct");
        return notes;
    }

    private static string Count(int count, string one, string many) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:N0} {(count == 1 ? one : many)}");
}
