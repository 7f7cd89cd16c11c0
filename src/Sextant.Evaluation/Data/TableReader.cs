using System.Text.Json;
using System.Text.Json.Nodes;
using Sextant.Sources;

namespace Sextant.Evaluation.Data;

/// <summary>A row of a table whose columns have names.</summary>
/// <param name="Fields">Its values by column, capitals aside.</param>
/// <param name="Location">File and line, for messages.</param>
internal sealed record TableRow(IReadOnlyDictionary<string, string> Fields, string Location)
{
    /// <summary>The value of a column that must be there.</summary>
    public string Required(string column) =>
        Fields.TryGetValue(column, out string? value)
            ? value
            : throw new InputException($"{Location}: no column '{column}'; the columns are {string.Join(", ", Fields.Keys)}");
}

/// <summary>Rows of files as texts by the names of their columns. Lists come as JSON.</summary>
internal static class TableReader
{
    /// <summary>Reads a file row by row.</summary>
    /// <param name="path">The file.</param>
    /// <param name="columns">The names of a table's columns, where the first row is not that.</param>
    public static IEnumerable<TableRow> Read(string path, IReadOnlyList<string>? columns = null) => Named(RowFile.Read(path), columns);

    /// <summary>Reads delimited values row by row.</summary>
    public static IEnumerable<TableRow> Read(Stream stream, string name, char separator) =>
        Named(RowFile.ReadTable(stream, name, separator), null);

    private static IEnumerable<TableRow> Named(IEnumerable<FileRow> rows, IReadOnlyList<string>? columns)
    {
        string[]? header = columns?.ToArray();
        foreach (FileRow row in rows)
        {
            if (row.Cells is null)
                yield return new TableRow(Fields(row), row.Location);
            else if (header is null)
                header = [.. row.Cells.Select(static name => name.Trim())];
            else
                yield return new TableRow(Fields(row.Cells, header, row.Location), row.Location);
        }
    }

    private static Dictionary<string, string> Fields(IReadOnlyList<string> cells, string[] header, string place)
    {
        if (cells.Count != header.Length)
        {
            throw new InputException(
                $"{place}: the row has {cells.Count} fields, expected {header.Length}; quote fields that contain " + $"the separator"
            );
        }

        var fields = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        for (int i = 0; i < header.Length; i++)
            fields[header[i]] = cells[i];
        return fields;
    }

    private static Dictionary<string, string> Fields(FileRow row)
    {
        if (row.Value is not JsonObject named)
            throw new InputException($"{row.Location}: not a JSON object; write one {{\"name\": value}} a line");
        var fields = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach ((string column, JsonNode? value) in named)
        {
            if (value is not null)
            {
                fields[column] = value.GetValueKind() is JsonValueKind.Array or JsonValueKind.Object
                    ? value.ToJsonString()
                    : value.ToString();
            }
        }

        return fields;
    }
}
