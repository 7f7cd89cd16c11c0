using System.IO.Compression;
using System.Text;
using Sextant.Evaluation.Tasks;

namespace Sextant.Evaluation.Data;

/// <summary>
/// SciFact as its authors released it: claims and abstracts as tables in a zip. The claims of the development part are BEIR's test,
/// the documents that they cite are relevant.
/// </summary>
internal static class SciFactArchive
{
    private const long MostBytes = 256L << 20;

    public static RetrievalTask Read(string path)
    {
        using ZipArchive archive = Open(path);
        var documents = new List<NamedText>();
        foreach (TableRow row in Rows(archive, path, "corpus_train.csv"))
        {
            documents.Add(
                new NamedText(row.Required("doc_id"), row.Required("title") + " " + string.Join(' ', Strings(row.Required("abstract"))))
            );
        }

        var queries = new List<NamedText>();
        var judgments = new Dictionary<string, IReadOnlyDictionary<string, double>>(StringComparer.Ordinal);
        foreach (TableRow row in Rows(archive, path, "claims_validation.csv"))
        {
            string id = row.Required("id");
            // A claim stands once for each of its pieces of evidence.
            if (judgments.ContainsKey(id))
                continue;
            queries.Add(new NamedText(id, row.Required("claim")));
            judgments[id] = row.Required("cited_doc_ids")
                .Split([' ', ',', '[', ']', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries)
                .Distinct()
                .ToDictionary(static document => document, static _ => 1.0);
        }

        return new RetrievalTask(new RetrievalData(queries, documents, judgments));
    }

    private static ZipArchive Open(string path)
    {
        try
        {
            return ZipFile.OpenRead(path);
        }
        catch (InvalidDataException e)
        {
            throw new InputException($"{path}: not a zip archive ({e.Message}); download it again", e);
        }
    }

    private static IEnumerable<TableRow> Rows(ZipArchive archive, string path, string name)
    {
        ZipArchiveEntry entry = archive.GetEntry(name) ?? throw new InputException($"{path}: no {name} in it; is it SciFact's archive?");
        if (entry.Length > MostBytes)
            throw new InputException($"{path}: {name} has {entry.Length >> 20} MiB, which is not SciFact's file");
        using Stream stream = entry.Open();
        foreach (TableRow row in TableReader.Read(stream, $"{path}/{name}", ','))
            yield return row;
    }

    /// <summary>The strings of a list as Python prints it: in single or double quotes, with backslashes.</summary>
    internal static IEnumerable<string> Strings(string list)
    {
        var text = new StringBuilder();
        char quote = '\0';
        for (int i = 0; i < list.Length; i++)
        {
            char c = list[i];
            if (quote == '\0')
            {
                if (c is '\'' or '"')
                    quote = c;
            }
            else if (c == '\\' && i + 1 < list.Length)
            {
                c = list[++i];
                text.Append(
                    c switch
                    {
                        'n' => '\n',
                        't' => '\t',
                        _ => c,
                    }
                );
            }
            else if (c == quote)
            {
                yield return text.ToString().Trim();
                text.Clear();
                quote = '\0';
            }
            else
            {
                text.Append(c);
            }
        }
    }
}
