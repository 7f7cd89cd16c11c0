using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sextant.Text.Formats;

namespace Sextant.Evaluation.Data;

/// <summary>A row of a table whose columns have names.</summary>
/// <param name="Fields">Its values by column, capitals aside.</param>
/// <param name="Place">File and line, for messages.</param>
internal sealed record TableRow(IReadOnlyDictionary<string, string> Fields, string Place)
{
    /// <summary>The value of a column that must be there.</summary>
    public string Required(string column) => Fields.TryGetValue(column, out string? value)
        ? value
        : throw new InputException($"{Place}: there is no column '{column}', only {string.Join(", ", Fields.Keys)}");
}

/// <summary>Rows of .csv, .tsv, .jsonl (also as .jsonl.gz) and .parquet, as files, and of the first two within an archive. Lists come as JSON.</summary>
internal static class TableReader
{
    /// <summary>Reads a file row by row.</summary>
    /// <param name="path">The file.</param>
    /// <param name="columns">The names of the columns, where the first row is not that.</param>
    public static IEnumerable<TableRow> Read(string path, IReadOnlyList<string>? columns = null)
    {
        if (!File.Exists(path)) throw new InputException($"{path}: no such file; check the path");
        string name = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? path[..^3] : path;
        return Path.GetExtension(name).ToLowerInvariant() switch
        {
            ".jsonl" or ".ndjson" => TextLines.Of(path).Select(static line => Parse(line.Text, line.Place)),
            ".csv" => ReadDelimited(path, ',', columns),
            ".tsv" => ReadDelimited(path, '\t', columns),
            ".parquet" => ReadParquet(path),
            string other => throw new InputException($"{path}: rows are not read from '{other}'; convert it to .csv, .tsv, .jsonl or .parquet"),
        };
    }

    /// <summary>Reads delimited values row by row.</summary>
    public static IEnumerable<TableRow> Read(Stream stream, string name, char separator, IReadOnlyList<string>? columns = null)
    {
        using var text = new StreamReader(stream, Encoding.UTF8);
        var parser = new DelimitedParser(text, separator);
        string[]? header = columns?.ToArray();
        while (parser.Read() is { } row)
        {
            string place = string.Create(CultureInfo.InvariantCulture, $"{name}:{parser.Line}");
            if (parser.Fault is { } fault) throw new InputException($"{place}: {fault}");
            if (row is [{ Text.Length: 0, Quoted: false }]) continue;
            if (header is null)
            {
                header = [.. row.Select(static field => field.Text.Trim())];
                continue;
            }

            if (row.Count != header.Length)
            {
                throw new InputException($"{place}: the row has {row.Count} fields, where {header.Length} are expected; "
                    + "put quotes around fields that contain the separator");
            }

            var fields = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            for (int i = 0; i < header.Length; i++) fields[header[i]] = row[i].Text;
            yield return new TableRow(fields, place);
        }
    }

    private static IEnumerable<TableRow> ReadDelimited(string path, char separator, IReadOnlyList<string>? columns)
    {
        using FileStream stream = LfsPointer.Refuse(File.OpenRead(path), path);
        foreach (TableRow row in Read(stream, path, separator, columns)) yield return row;
    }

    private static IEnumerable<TableRow> ReadParquet(string path)
    {
        int number = 0;
        SourceScope scope = new(path, new(), static () => { });
        foreach (JsonObject row in ParquetRows.FieldsAsync(new(path, Folder: null), scope, lists: true, CancellationToken.None).ToBlockingEnumerable())
        {
            var fields = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            foreach ((string column, JsonNode? value) in row)
                if (value is not null) fields[column] = value is JsonArray ? value.ToJsonString() : value.ToString();
            yield return new TableRow(fields, string.Create(CultureInfo.InvariantCulture, $"{path}: row {++number}"));
        }
    }

    private static TableRow Parse(string line, string place)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            var fields = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            foreach (JsonProperty property in document.RootElement.EnumerateObject())
                if (property.Value.ValueKind is not JsonValueKind.Null) fields[property.Name] = property.Value.ToString();
            return new TableRow(fields, place);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new InputException($"{place}: not a JSON object on one line", e);
        }
    }
}
