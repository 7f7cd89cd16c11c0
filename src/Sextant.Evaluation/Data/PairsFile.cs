using System.Globalization;
using Sextant.Evaluation.Tasks;

namespace Sextant.Evaluation.Data;

/// <summary>
/// A user's own pairs of question and answer as a retrieval task: each question is to find its answer among all answers. A question
/// that stands several times has several right answers; equal answers are one document.
/// </summary>
public static class PairsFile
{
    private static readonly string[] QuestionNames = ["question", "query", "anchor", "prompt", "sentence1", "text1", "title", "a"];
    private static readonly string[] AnswerNames =
    [
        "answer",
        "positive",
        "document",
        "passage",
        "response",
        "reply",
        "text",
        "body",
        "context",
        "sentence2",
        "text2",
        "b",
    ];

    /// <summary>The task of a file.</summary>
    /// <param name="path">
    /// .csv, .tsv, .jsonl (each also as .gz) or .parquet with a column each for question and answer, found by their names; or of two
    /// columns, with or without names.
    /// </param>
    /// <exception cref="InputException">The file does not exist, or is of another kind.</exception>
    public static TaskSource Open(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (!File.Exists(path))
            throw new InputException($"{path}: no such file; give pairs as .csv, .tsv or .jsonl");
        return new TaskSource(Path.GetFileNameWithoutExtension(path), TaskKind.Retrieval, [path], () => Load(path));
    }

    private static RetrievalTask Load(string path)
    {
        List<NamedText> queries = [],
            documents = [];
        var queryIds = new Dictionary<string, string>(StringComparer.Ordinal);
        var documentIds = new Dictionary<string, string>(StringComparer.Ordinal);
        var judgments = new Dictionary<string, Dictionary<string, double>>(StringComparer.Ordinal);
        foreach ((string question, string answer) in Pairs(path))
        {
            string query = Id(queryIds, queries, question, "q");
            if (!judgments.TryGetValue(query, out Dictionary<string, double>? grades))
                judgments[query] = grades = new(StringComparer.Ordinal);
            grades[Id(documentIds, documents, answer, "d")] = 1;
        }

        if (documents.Count < 2)
            throw new InputException($"{path}: {documents.Count} answers; give at least two different answers");
        return new RetrievalTask(
            new RetrievalData(
                queries,
                documents,
                judgments.ToDictionary(static q => q.Key, static q => (IReadOnlyDictionary<string, double>)q.Value)
            )
        );
    }

    private static IEnumerable<(string Question, string Answer)> Pairs(string path)
    {
        (string question, string answer, IReadOnlyList<string>? columns) = Columns(path);
        foreach (TableRow row in TableReader.Read(path, columns))
        {
            (string q, string a) = (row.Required(question), row.Required(answer));
            if (string.IsNullOrWhiteSpace(q) || string.IsNullOrWhiteSpace(a))
                throw new InputException($"{row.Location}: the question or its answer is empty; give both, or remove the row");
            yield return (q, a);
        }
    }

    private static (string Question, string Answer, IReadOnlyList<string>? Columns) Columns(string path)
    {
        TableRow first =
            TableReader.Read(path).FirstOrDefault()
            ?? throw new InputException($"{path}: no pairs; give a row for each question and its answer");
        string[] names = [.. first.Fields.Keys];
        string? question = QuestionNames.FirstOrDefault(first.Fields.ContainsKey);
        string? answer = AnswerNames.FirstOrDefault(name => first.Fields.ContainsKey(name) && name != question);
        if (question is not null && answer is not null)
            return (question, answer, null);
        if (names.Length != 2)
        {
            throw new InputException(
                $"{path}: which columns are question and answer? Name them 'question' and 'answer'; there are " + string.Join(", ", names)
            );
        }

        // Names of columns are a word or two; a first row of sentences is a pair like the others.
        bool isPair =
            !path.Contains(".jsonl", StringComparison.OrdinalIgnoreCase)
            && names.Any(static name => name.Contains('?') || name.Split(' ').Length > 3);
        return isPair ? ("question", "answer", ["question", "answer"]) : (names[0], names[1], null);
    }

    private static string Id(Dictionary<string, string> ids, List<NamedText> texts, string text, string prefix)
    {
        if (ids.TryGetValue(text, out string? id))
            return id;
        id = prefix + texts.Count.ToString(CultureInfo.InvariantCulture);
        ids[text] = id;
        texts.Add(new NamedText(id, text));
        return id;
    }
}
