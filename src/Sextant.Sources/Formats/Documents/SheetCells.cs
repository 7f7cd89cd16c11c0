using System.Globalization;
using System.Text.Json.Nodes;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;

namespace Sextant.Sources.Formats.Documents;

/// <summary>
/// Reads the values of a workbook's cells: shared strings are looked up, and numbers that are shown as dates become ISO 8601.
/// </summary>
internal sealed class SheetCells
{
    private readonly string[] _shared;
    private readonly bool[] _isDate;
    private readonly int _epochDays;

    public SheetCells(WorkbookPart book)
    {
        _shared = [.. (book.SharedStringTablePart?.SharedStringTable?.Elements<SharedStringItem>() ?? []).Select(TextOf)];
        Stylesheet? styles = book.WorkbookStylesPart?.Stylesheet;
        Dictionary<uint, string> formats = [];
        foreach (NumberingFormat format in styles?.NumberingFormats?.Elements<NumberingFormat>() ?? [])
        {
            if (format.NumberFormatId?.Value is { } id)
                formats[id] = format.FormatCode?.Value ?? "";
        }

        _isDate =
        [
            .. (styles?.CellFormats?.Elements<CellFormat>() ?? []).Select(format => IsDate(format.NumberFormatId?.Value ?? 0, formats)),
        ];
        // Workbooks made on a Mac may count days from 1904.
        _epochDays = book.Workbook?.WorkbookProperties?.Date1904?.Value == true ? 1462 : 0;
    }

    /// <summary>The cells of a row that are not empty, by column from 0.</summary>
    public Dictionary<int, JsonValue> Read(Row row)
    {
        Dictionary<int, JsonValue> values = [];
        int next = 0;
        foreach (Cell cell in row.Elements<Cell>())
        {
            int column = cell.CellReference?.Value is { } reference ? ColumnOf(reference) : next;
            next = column + 1;
            if (ValueOf(cell) is { } value)
                values[column] = value;
        }

        return values;
    }

    private JsonValue? ValueOf(Cell cell)
    {
        string text = cell.CellValue?.Text ?? "";
        if (cell.DataType?.Value is { } type)
        {
            if (type == CellValues.SharedString)
            {
                text =
                    int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int at) && at < _shared.Length
                        ? _shared[at]
                        : "";
            }
            else if (type == CellValues.InlineString)
            {
                text = cell.InlineString is { } inline ? TextOf(inline) : "";
            }
            else if (type == CellValues.Boolean)
            {
                return text.Length == 0 ? null : JsonValue.Create(text == "1");
            }
            else if (type == CellValues.Error)
            {
                return null;
            }

            if (type != CellValues.Number)
                return string.IsNullOrWhiteSpace(text) ? null : JsonValue.Create(text);
        }

        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) || !double.IsFinite(number))
            return null;
        if (cell.StyleIndex?.Value is { } style && style < _isDate.Length && _isDate[style] && DateOf(number) is { } date)
            return JsonValue.Create(date);
        return number == Math.Truncate(number) && Math.Abs(number) < 1L << 53 ? JsonValue.Create((long)number) : JsonValue.Create(number);
    }

    private string? DateOf(double days)
    {
        days += _epochDays;
        if (days is < 0 or > 2_958_465.99999)
            return null;
        var date = DateTime.FromOADate(days);
        string format =
            days < 1 ? "HH:mm:ss"
            : date.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd"
            : "yyyy-MM-ddTHH:mm:ss";
        return date.ToString(format, CultureInfo.InvariantCulture);
    }

    // ECMA-376 part 1, 18.8.30: 14 to 22 and 45 to 47 are dates and times; of others, the code says it outside quotes and brackets.
    private static bool IsDate(uint id, Dictionary<uint, string> formats)
    {
        if (id is (>= 14 and <= 22) or (>= 45 and <= 47))
            return true;
        if (!formats.TryGetValue(id, out string? code))
            return false;
        bool quoted = false,
            bracketed = false;
        for (int i = 0; i < code.Length; i++)
        {
            if (code[i] == '\\')
                i++;
            else if (code[i] == '"')
                quoted = !quoted;
            else if (!quoted && code[i] is '[' or ']')
                bracketed = code[i] == '[';
            else if (!quoted && !bracketed && code[i] is 'y' or 'Y' or 'd' or 'D' or 'h' or 'H')
                return true;
        }

        return false;
    }

    private static int ColumnOf(string reference)
    {
        int column = 0;
        foreach (char c in reference)
        {
            if (!char.IsAsciiLetter(c))
                break;
            column = (column * 26) + (char.ToUpperInvariant(c) - 'A') + 1;
        }

        return Math.Max(0, column - 1);
    }

    // A phonetic guide is not part of the text.
    private static string TextOf(DocumentFormat.OpenXml.OpenXmlElement item) =>
        string.Concat(item.Descendants<Text>().Where(static text => text.Parent is not PhoneticRun).Select(static text => text.Text));
}
