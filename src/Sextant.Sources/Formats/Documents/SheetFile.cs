using System.Globalization;
using System.Text.Json.Nodes;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using Sextant.Sources.Formats.Rows;

namespace Sextant.Sources.Formats.Documents;

/// <summary>
/// Workbooks (.xlsx): one document per row, the first row of a sheet naming the columns, as in a CSV file. Where no column looks like
/// the text, all of them make it, as <c>name: value</c> lines.
/// </summary>
internal static class SheetFile
{
    public static IEnumerable<SourceDocument> Read(SpreadsheetDocument package, SourceScope scope)
    {
        if (package.WorkbookPart is not { Workbook.Sheets: { } sheets } book)
            yield break;
        SheetCells cells = new(book);
        foreach (Sheet sheet in sheets.Elements<Sheet>())
        {
            if (sheet.Id?.Value is not { } relation || book.GetPartById(relation) is not WorksheetPart part)
                continue;
            RowMapper mapper = new(scope, hasAllFields: true);
            Dictionary<int, string>? header = null;
            bool hasText = false;
            foreach (Row row in Rows(part))
            {
                Dictionary<int, JsonValue> values = cells.Read(row);
                if (values.Count == 0)
                    continue;
                if (header is null)
                {
                    header = Header(values);
                    hasText = scope.Options.TextField is not null || RowMapper.HasTextField(header.Values);
                    continue;
                }

                JsonObject fields = [];
                foreach ((int column, string name) in header)
                    fields[name] = values.GetValueOrDefault(column);
                if (!hasText)
                {
                    fields["text"] = string.Join(
                        '\n',
                        fields.Where(static f => f.Value is not null).Select(static f => $"{f.Key}: {f.Value}")
                    );
                }
                // A column of that name says more than the name of its sheet.
                fields.TryAdd("sheet", sheet.Name?.Value ?? "");
                if (mapper.Map(fields, (int)(row.RowIndex?.Value ?? 0)) is { } document)
                    yield return document;
            }
        }
    }

    /// <summary>Streams the rows: a sheet of a million rows is never held in memory as a whole.</summary>
    private static IEnumerable<Row> Rows(WorksheetPart part)
    {
        using OpenXmlReader reader = OpenXmlReader.Create(part);
        while (reader.Read())
        {
            if (reader.ElementType == typeof(Row) && reader.IsStartElement && reader.LoadCurrentElement() is Row row)
                yield return row;
        }
    }

    private static Dictionary<int, string> Header(Dictionary<int, JsonValue> values)
    {
        Dictionary<int, string> header = [];
        foreach ((int column, JsonValue value) in values)
        {
            string name = value.ToString().ReplaceLineEndings(" ").Trim();
            if (name.Length == 0)
                name = string.Create(CultureInfo.InvariantCulture, $"column{column + 1}");
            int times = header.Values.Count(other => other == name || other.StartsWith($"{name}~", StringComparison.Ordinal));
            header[column] = times == 0 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}~{times + 1}");
        }

        return header;
    }
}
