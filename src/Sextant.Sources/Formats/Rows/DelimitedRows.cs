using System.Globalization;
using System.Text.Json.Nodes;

namespace Sextant.Sources.Formats.Rows;

/// <summary>Tables whose first row names the columns: comma (or semicolon) and tab separated values.</summary>
internal static class DelimitedRows
{
    public static IEnumerable<SourceDocument> ReadCommas(Stream stream, SourceScope scope) => Read(stream, scope, ',');

    public static IEnumerable<SourceDocument> ReadTabs(Stream stream, SourceScope scope) => Read(stream, scope, '\t');

    // Read twice: what type a column has shows only at its end.
    private static IEnumerable<SourceDocument> Read(Stream stream, SourceScope scope, char separator)
    {
        using Stream table = SeekableCopy.Create(stream);
        TableColumns columns;
        using (StreamReader all = SourceEncoding.Open(table, leaveOpen: true))
            columns = TableColumns.Read(new(all, separator));
        table.Position = 0;

        using StreamReader text = SourceEncoding.Open(table);
        string[]? header = null;
        RowMapper mapper = new(scope, hasAllFields: true);
        bool isNoted = false;
        foreach (DelimitedRow row in new DelimitedParser(text, separator).Rows())
        {
            if (header is null)
            {
                header = Header(row, scope);
            }
            else if (Document(header, columns, row, mapper, scope) is { } document)
            {
                if (!isNoted)
                    Note(header, columns, mapper, scope);
                isNoted = true;
                yield return document;
            }
        }
    }

    // Only for metadata columns: the text and the id are always text.
    private static void Note(string[] header, TableColumns columns, RowMapper mapper, SourceScope scope)
    {
        for (int i = 0; i < header.Length; i++)
        {
            if (columns.Note(i) is { } note && !mapper.IsTextOrId(header[i]))
                scope.Note($"the column '{header[i]}' is read as text: {note}");
        }
    }

    private static string[] Header(DelimitedRow row, SourceScope scope)
    {
        if (row.Fault is { } fault)
            throw scope.Error(row.Line, fault);
        string[] names = [.. row.Fields.Select(field => field.Text.Trim())];
        for (int i = 0; i < names.Length; i++)
        {
            // Tables with row numbers often leave their column unnamed.
            if (names[i].Length == 0)
                names[i] = string.Create(CultureInfo.InvariantCulture, $"column{i + 1}");
            if (names.AsSpan(0, i).Contains(names[i]))
                throw scope.Error(row.Line, $"the column '{names[i]}' is a duplicate; rename one");
        }

        return names;
    }

    private static SourceDocument? Document(string[] header, TableColumns columns, DelimitedRow row, RowMapper mapper, SourceScope scope)
    {
        // The end of a row with an unclosed quote is unknown, so the rows after it must not be skipped as if they had been read.
        if (row.Unclosed)
            throw scope.Error(row.Line, row.Fault!);
        if (row.Fault is { } fault)
            return scope.Bad(row.Line, fault);
        if (row.Fields.Count != header.Length)
        {
            return scope.Bad(
                row.Line,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"the row has {row.Fields.Count} fields, and the header has {header.Length}; quote fields that contain the "
                        + $"separator"
                )
            );
        }

        JsonObject fields = [];
        for (int i = 0; i < header.Length; i++)
            fields[header[i]] = CellValue.ParseAs(columns[i], row.Fields[i]);
        return mapper.Map(fields, row.Line);
    }
}
