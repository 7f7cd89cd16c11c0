using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sextant.Text;
using Sextant.Text.Formats;

namespace Sextant.Training.Data;

/// <summary>
/// Reads pairs, triplets and scored pairs from .parquet, and from .jsonl, .csv and .tsv, each also as .gz. Fields are found by name
/// (<see cref="PairColumns"/>); tables without such a header are read by <see cref="PairTable"/>.
/// </summary>
internal static class PairReader
{
    /// <summary>Reads a file row by row.</summary>
    /// <exception cref="InputException">The file is missing, damaged or of another kind, or a row is bad; the message names file and line.</exception>
    public static IEnumerable<PairRow> Read(string path)
    {
        string name = IsPacked(path) ? path[..^3] : path;
        return Path.GetExtension(name).ToLowerInvariant() switch
        {
            ".jsonl" or ".ndjson" => Guard(ReadJsonLines(path), path),
            ".csv" => Guard(PairTable.Read(Commas(path), path), path),
            ".tsv" => Guard(PairTable.Read(Tabs(path), path), path),
            ".parquet" => ReadParquet(path),
            string other => throw new InputException(
                $"{path}: cannot read pairs from '{other}'; use .jsonl, .csv, .tsv (or one of them as .gz) or .parquet"),
        };
    }

    /// <summary>Opens a file as text, unpacking .gz.</summary>
    public static StreamReader Open(string path)
    {
        if (!File.Exists(path))
        {
            throw new InputException($"{path}: no such file");
        }

        Stream stream = LfsPointer.Refuse(File.OpenRead(path), path);
        return SourceEncoding.Open(IsPacked(path) ? PackedFile.Unpack(stream) : stream);
    }

    private static bool IsPacked(string path) => path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<PairRow> ReadJsonLines(string path)
    {
        using StreamReader reader = Open(path);
        LineReader lines = new(reader);
        while (lines.Read() is { } text)
        {
            Check(text, lines.TooLong, path, lines.Line);
            if (!string.IsNullOrWhiteSpace(text))
            {
                foreach (PairRow row in PairColumns.ToRows(ParseJson(text, path, lines.Line), path, lines.Line))
                {
                    yield return row;
                }
            }
        }
    }

    private static PairField[] ParseJson(string text, string path, int line)
    {
        try
        {
            // What is decoded later would fail without its place.
            if (Surrogates.MayBeEscapedIn(text) && Surrogates.AreIn(JsonNode.Parse(text)))
            {
                throw new InputException($"{path}:{line}: the row holds {Surrogates.Description}; write whole characters");
            }

            return JsonNode.Parse(text) switch
            {
                JsonObject fields => [.. fields.Select(static field => PairField.FromJson(field.Key, field.Value))],
                JsonArray values => PairTable.Name([.. values.Select(static value => PairField.FromJson("", value))], path, line),
                _ => throw new InputException($"{path}:{line}: not a JSON object on one line"),
            };
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            throw new InputException($"{path}:{line}: not a JSON object on one line", e);
        }
    }

    private static IEnumerable<(IReadOnlyList<string> Fields, int Line)> Commas(string path)
    {
        using StreamReader reader = Open(path);
        DelimitedParser parser = new(reader, ',');
        while (parser.Read() is { } row)
        {
            if (parser.Fault is { } fault)
            {
                throw new InputException($"{path}:{parser.Line}: {fault}");
            }

            if (row is not [{ Text.Length: 0, Quoted: false }])
            {
                string[] fields = [.. row.Select(static field => field.Text)];
                Array.ForEach(fields, field => Check(field, tooLong: false, path, parser.Line));
                yield return (fields, parser.Line);
            }
        }
    }

    private static IEnumerable<(IReadOnlyList<string> Fields, int Line)> Tabs(string path)
    {
        using StreamReader reader = Open(path);
        LineReader lines = new(reader);
        while (lines.Read() is { } text)
        {
            Check(text, lines.TooLong, path, lines.Line);
            if (text.Length > 0)
            {
                yield return (text.Split('\t'), lines.Line);
            }
        }
    }

    private static IEnumerable<PairRow> ReadParquet(string path)
    {
        if (!File.Exists(path))
        {
            throw new InputException($"{path}: no such file");
        }

        var scope = new SourceScope(path, new SourceReaderOptions(), static () => { });
        int number = 0;
        foreach (JsonObject fields in ParquetRows.FieldsAsync(new SourceFile(path, Folder: null), scope, lists: true, CancellationToken.None).ToBlockingEnumerable())
        {
            number++;
            foreach (PairRow row in PairColumns.ToRows([.. fields.Select(static field => PairField.FromJson(field.Key, field.Value))], path, number))
            {
                yield return row;
            }
        }
    }

    /// <summary>Turns damage in a packed file into an error that names the file and how far it was sound.</summary>
    private static IEnumerable<PairRow> Guard(IEnumerable<PairRow> rows, string path)
    {
        using IEnumerator<PairRow> all = rows.GetEnumerator();
        int line = 0;
        while (true)
        {
            try
            {
                if (!all.MoveNext())
                {
                    yield break;
                }
            }
            catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
            {
                string place = line == 0 ? path : string.Create(CultureInfo.InvariantCulture, $"{path}, after line {line}");
                throw new InputException(
                    e is InvalidDataException or EndOfStreamException
                        ? $"{place}: the .gz file is damaged ({e.Message.TrimEnd('.')}); fetch or pack it again"
                        : $"{place}: reading failed ({e.Message.TrimEnd('.')}); check the disk and the permissions",
                    e);
            }

            line = all.Current.Line;
            yield return all.Current;
        }
    }

    private static void Check(string text, bool tooLong, string path, int line)
    {
        if ((tooLong ? $"the line is longer than {SourceScope.MaxCharacters / 1024 / 1024} Mi characters" : SourceEncoding.Fault(text)) is { } fault)
        {
            throw new InputException($"{path}:{line}: {fault}");
        }
    }
}
