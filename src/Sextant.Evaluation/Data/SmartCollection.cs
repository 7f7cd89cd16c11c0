using System.Globalization;
using System.Text;
using Sextant.Evaluation.Tasks;

namespace Sextant.Evaluation.Data;

/// <summary>
/// The Cranfield collection in SMART's form: documents and queries as fields (.I id, .T title, .W text), judgments as query, document and
/// grade. Judgments number queries by their position, not by their .I. Grade 1 is best and 4 least; -1 and 5 are not relevant.
/// </summary>
internal static class SmartCollection
{
    private const int LeastGrade = 4;

    public static RetrievalTask Read(string documentFile, string queryFile, string judgmentFile)
    {
        NamedText[] documents =
        [
            .. Entries(documentFile).Select(static entry => new NamedText(entry['I'], $"{entry['T']} {entry['W']}".Trim())),
        ];
        NamedText[] queries =
        [
            .. Entries(queryFile)
                .Select(static (entry, place) => new NamedText((place + 1).ToString(CultureInfo.InvariantCulture), entry['W'])),
        ];
        var judgments = new Dictionary<string, Dictionary<string, double>>(StringComparer.Ordinal);
        foreach ((string line, string place) in TextLines.ReadNonBlank(judgmentFile))
        {
            string[] fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length != 3)
                throw new InputException($"{place}: expected query, document and grade");
            double grade = TextLines.Number(fields[2], place);
            if (!judgments.TryGetValue(fields[0], out Dictionary<string, double>? grades))
                judgments[fields[0]] = grades = new(StringComparer.Ordinal);
            grades[fields[1]] = grade is >= 1 and <= LeastGrade ? LeastGrade + 1 - grade : 0;
        }

        return new RetrievalTask(
            new RetrievalData(
                queries,
                documents,
                judgments.ToDictionary(static q => q.Key, static q => (IReadOnlyDictionary<string, double>)q.Value)
            )
        );
    }

    private static IEnumerable<Dictionary<char, string>> Entries(string path)
    {
        Dictionary<char, StringBuilder>? entry = null;
        char field = '\0';
        foreach ((string line, string place) in TextLines.ReadNonBlank(path))
        {
            if (line.StartsWith(".I ", StringComparison.Ordinal))
            {
                if (entry is not null)
                    yield return Finish(entry);
                entry = new() { ['I'] = new StringBuilder(line[3..].Trim()) };
            }
            else if (line is ['.', >= 'A' and <= 'Z'])
            {
                field = line[1];
            }
            else if (entry is null)
            {
                throw new InputException($"{place}: expected .I and an id");
            }
            else
            {
                if (!entry.TryGetValue(field, out StringBuilder? text))
                    entry[field] = text = new StringBuilder();
                if (text.Length > 0)
                    text.Append(' ');
                text.Append(line.Trim());
            }
        }

        if (entry is not null)
            yield return Finish(entry);
    }

    private static Dictionary<char, string> Finish(Dictionary<char, StringBuilder> entry)
    {
        Dictionary<char, string> texts = entry.ToDictionary(static pair => pair.Key, static pair => pair.Value.ToString());
        texts.TryAdd('W', "");
        texts.TryAdd('T', "");
        return texts;
    }
}
