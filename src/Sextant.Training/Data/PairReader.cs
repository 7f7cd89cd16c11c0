using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsvHelper;
using Sextant.Text;
using Sextant.Text.Formats;

namespace Sextant.Training.Data;

/// <summary>
/// Reads pairs, triplets and scored pairs from .parquet, and from .jsonl, .csv and .tsv, each also as .gz. Fields are found by name
/// (<see cref="PairColumns"/>); a .tsv or .csv without such a header holds anchor, positive and, in a third column,
/// a score where it is a number or else a negative.
/// </summary>
internal static class PairReader
{
    private static readonly CsvReaderOptions Options = new() { Separator = ',', HasHeader = false, TrackLineNumbers = true };

    /// <summary>Reads a file row by row.</summary>
    /// <exception cref="InputException">The file is not there or of another kind, or a row is bad; the message names file and line.</exception>
    public static IEnumerable<PairRow> Read(string path)
    {
        string name = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? path[..^3] : path;
        return Path.GetExtension(name).ToLowerInvariant() switch
        {
            ".jsonl" or ".ndjson" => ReadJsonLines(path),
            ".csv" => ReadCsv(path),
            ".tsv" => ReadTsv(path),
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

        Stream stream = File.OpenRead(path);
        return new StreamReader(
            path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(stream, CompressionMode.Decompress) : stream,
            Encoding.UTF8);
    }

    private static IEnumerable<PairRow> ReadJsonLines(string path)
    {
        using StreamReader reader = Open(path);
        for (int line = 1; reader.ReadLine() is { } text; line++)
        {
            if (!string.IsNullOrWhiteSpace(text))
            {
                yield return ParseJson(text, path, line);
            }
        }
    }

    private static PairRow ParseJson(string text, string path, int line)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            JsonProperty[] fields = [.. document.RootElement.EnumerateObject()];
            string?[] values = Array.ConvertAll(fields, static field => field.Value.ValueKind switch
            {
                JsonValueKind.String => field.Value.GetString(),
                JsonValueKind.Number => field.Value.GetRawText(),
                _ => null,
            });
            var found = PairColumns.Find(Array.ConvertAll(fields, static field => field.Name));
            return PairColumns.ToRow(At(values, found.Anchor), At(values, found.Positive), At(values, found.Negative), At(values, found.Score), path, line);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new InputException($"{path}:{line}: not a JSON object on one line", e);
        }
    }

    private static IEnumerable<PairRow> ReadCsv(string path)
    {
        using StreamReader reader = Open(path);
        using CsvReader csv = CsvReader.Create(reader, Options, leaveOpen: true);
        foreach (PairRow row in Rows(Records(), path))
        {
            yield return row;
        }

        IEnumerable<(string[] Fields, int Line)> Records()
        {
            while (Next(csv, path) is { } record)
            {
                yield return record;
            }
        }
    }

    private static (string[] Fields, int Line)? Next(CsvReader csv, string path)
    {
        int line = (int)csv.LineNumber;
        try
        {
            return csv.Read() ? (csv.Current.ToArray(), line) : null;
        }
        catch (CsvFormatException e)
        {
            throw new InputException($"{path}:{csv.LineNumber}: {e.Message}", e);
        }
    }

    private static IEnumerable<PairRow> ReadTsv(string path)
    {
        using StreamReader reader = Open(path);
        foreach (PairRow row in Rows(Records(), path))
        {
            yield return row;
        }

        IEnumerable<(string[] Fields, int Line)> Records()
        {
            for (int line = 1; reader.ReadLine() is { } text; line++)
            {
                if (text.Length > 0)
                {
                    yield return (text.Split('\t'), line);
                }
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
        int row = 0;
        foreach (JsonObject fields in ParquetRows.FieldsAsync(new SourceFile(path, InFolder: false), scope, lists: false, CancellationToken.None).ToBlockingEnumerable())
        {
            string[] names = [.. fields.Select(static field => field.Key)];
            string?[] values = [.. fields.Select(static field => field.Value?.ToString())];
            var found = PairColumns.Find(names);
            yield return PairColumns.ToRow(
                At(values, found.Anchor), At(values, found.Positive), At(values, found.Negative), At(values, found.Score), path, ++row);
        }
    }

    private static IEnumerable<PairRow> Rows(IEnumerable<(string[] Fields, int Line)> records, string path)
    {
        (int Anchor, int Positive, int Negative, int Score)? columns = null;
        foreach ((string[] fields, int line) in records)
        {
            if (columns is null)
            {
                var found = PairColumns.Find(fields);
                bool header = found.Anchor >= 0 && found.Positive >= 0;
                columns = header ? found : (0, 1, 2, -1);
                if (header)
                {
                    continue;
                }
            }

            var (anchor, positive, negative, score) = columns.Value;
            string? third = At(fields, negative);
            bool thirdIsScore = score < 0 && float.TryParse(third, NumberStyles.Float, CultureInfo.InvariantCulture, out _);
            yield return PairColumns.ToRow(
                At(fields, anchor), At(fields, positive), thirdIsScore ? null : third, thirdIsScore ? third : At(fields, score), path, line);
        }
    }

    private static string? At(string?[] values, int index) => (uint)index < (uint)values.Length ? values[index] : null;
}
