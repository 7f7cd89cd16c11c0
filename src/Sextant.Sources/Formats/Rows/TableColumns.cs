using System.Globalization;

namespace Sextant.Sources.Formats.Rows;

/// <summary>
/// The types of the columns of a table. A column is of numbers or of booleans when all its cells are, and else of text, so that a filter
/// that compares with a number finds all of its rows or says why it finds none.
/// </summary>
internal sealed class TableColumns
{
    private readonly Column[] _columns;

    private TableColumns(Column[] columns) => _columns = columns;

    /// <summary>
    /// Looks at all rows of <paramref name="rows"/>; those that cannot be read are reported when they are read for their values.
    /// </summary>
    public static TableColumns Read(DelimitedParser rows)
    {
        Column[]? columns = null;
        foreach (DelimitedRow row in rows.Rows())
        {
            if (row.Unclosed)
                break;
            if (row.Fault is not null)
                continue;
            if (columns is null)
            {
                columns = [.. row.Fields.Select(_ => new Column())];
            }
            else if (row.Fields.Count == columns.Length)
            {
                for (int i = 0; i < columns.Length; i++)
                    columns[i].Add(row.Fields[i], row.Line);
            }
        }

        return new(columns ?? []);
    }

    /// <summary>What every cell of the column at <paramref name="index"/> is, but for the empty ones.</summary>
    public CellKind this[int index] => index < _columns.Length ? _columns[index].Kind : CellKind.Text;

    /// <summary>Why the column at <paramref name="index"/> is text although cells of it are not, or <see langword="null"/>.</summary>
    public string? Note(int index) => index < _columns.Length ? _columns[index].Note : null;

    private sealed class Column
    {
        private const int LongestShown = 40;

        // The first cell of each kind, with its line.
        private readonly (string Cell, int Line)[] _first = new (string, int)[(int)CellKind.Boolean + 1];

        public CellKind Kind =>
            Only(CellKind.Number) ? CellKind.Number
            : Only(CellKind.Boolean) ? CellKind.Boolean
            : CellKind.Text;

        public string? Note
        {
            get
            {
                (CellKind kind, string reason) = true switch
                {
                    _ when Has(CellKind.LongInteger) => (CellKind.LongInteger, "has more digits than a number can represent"),
                    _ when Has(CellKind.LeadingZero) => (CellKind.LeadingZero, "starts with a zero"),
                    _ when Has(CellKind.Text) => (CellKind.Text, "is not a number"),
                    _ when Has(CellKind.QuotedNumber) => (CellKind.QuotedNumber, "is quoted"),
                    _ => (CellKind.Boolean, "is not a number"),
                };
                bool isPlain = kind == CellKind.Text ? !Has(CellKind.Number) && !Has(CellKind.Boolean) : !Has(kind);
                if (Kind != CellKind.Text || isPlain)
                    return null;
                if (kind == CellKind.Text && !Has(CellKind.Number))
                    reason = "is not true or false";
                return string.Create(
                    CultureInfo.InvariantCulture,
                    $"'{Shown(_first[(int)kind].Cell)}' on line {_first[(int)kind].Line} {reason}"
                );
            }
        }

        public void Add(DelimitedField cell, int line)
        {
            ref (string Cell, int Line) first = ref _first[(int)CellValue.KindOf(cell)];
            if (first.Line == 0)
                first = (cell.Text.Length <= LongestShown ? cell.Text : cell.Text[..LongestShown], line);
        }

        private bool Has(CellKind kind) => _first[(int)kind].Line > 0;

        private bool Only(CellKind kind)
        {
            for (CellKind other = CellKind.Text; other <= CellKind.Boolean; other++)
            {
                if (other != kind && Has(other))
                    return false;
            }

            return Has(kind);
        }

        private static string Shown(string cell) => cell.ReplaceLineEndings(" ");
    }
}
