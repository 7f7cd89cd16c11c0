using System.Globalization;
using System.Text;
using Sextant.Text.Formats;

namespace Sextant.Evaluation.Data;

/// <summary>A row of a table whose first row names the columns.</summary>
/// <param name="Fields">Its values by column, capitals aside.</param>
/// <param name="Place">File and line, for messages.</param>
internal sealed record TableRow(IReadOnlyDictionary<string, string> Fields, string Place)
{
    /// <summary>The value of a column that must be there.</summary>
    public string Required(string column) => Fields.TryGetValue(column, out string? value)
        ? value
        : throw new InputException($"{Place}: there is no column '{column}', only {string.Join(", ", Fields.Keys)}");
}

/// <summary>Comma and tab separated tables, as files or within an archive.</summary>
internal static class TableReader
{
    public static IEnumerable<TableRow> Read(string path)
    {
        using FileStream stream = File.OpenRead(path);
        char separator = Path.GetExtension(path).Equals(".tsv", StringComparison.OrdinalIgnoreCase) ? '\t' : ',';
        foreach (TableRow row in Read(stream, path, separator)) yield return row;
    }

    public static IEnumerable<TableRow> Read(Stream stream, string name, char separator)
    {
        using var text = new StreamReader(stream, Encoding.UTF8);
        var parser = new DelimitedParser(text, separator);
        string[]? header = null;
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
                throw new InputException($"{place}: the row has {row.Count} fields, the header {header.Length}; put quotes around fields that contain the separator");
            var fields = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            for (int i = 0; i < header.Length; i++) fields[header[i]] = row[i].Text;
            yield return new TableRow(fields, place);
        }
    }
}
