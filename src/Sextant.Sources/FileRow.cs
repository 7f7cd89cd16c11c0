using System.Globalization;
using System.Text.Json.Nodes;

namespace Sextant.Sources;

/// <summary>A row of a file of rows. Has either <see cref="Cells"/> or a <see cref="Value"/>.</summary>
public sealed class FileRow
{
    internal FileRow(string file, int line, IReadOnlyList<string>? cells, JsonNode? value) =>
        (File, Line, Cells, Value) = (file, line, cells, value);

    /// <summary>The file, as passed by the caller.</summary>
    public string File { get; }

    /// <summary>The line on which the row begins, or the number of the row of a Parquet file; from 1.</summary>
    public int Line { get; }

    /// <summary>
    /// The fields of a row of a table (.csv, .tsv), whose first row may be the names of the columns; otherwise <see langword="null"/>.
    /// </summary>
    public IReadOnlyList<string>? Cells { get; }

    /// <summary>The object or list on a line of JSON, or a Parquet row as an object; otherwise <see langword="null"/>.</summary>
    public JsonNode? Value { get; }

    /// <summary>File and line, as messages begin.</summary>
    public string Location => string.Create(CultureInfo.InvariantCulture, $"{File}:{Line}");
}
