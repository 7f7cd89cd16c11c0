using Spectre.Console;

namespace Sextant.Cli.Terminal;

/// <summary>Rows under headings: a drawn table on a terminal, plain aligned columns where the output goes to a file or a program.</summary>
internal sealed class ReportTable(params string[] headings)
{
    private const string Gap = "  ";

    /// <summary>The frame and the padding of the first column, and of each further one.</summary>
    private const int FrameWidth = 4,
        CellFrame = 3;

    private const char NoBreak = '\u00a0';

    private readonly List<string[]> _rows = [];

    /// <summary>Adds a row; one cell for each heading.</summary>
    public void Add(params string[] cells)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(cells.Length, headings.Length);
        _rows.Add(cells);
    }

    /// <summary>Writes the table to the command's results.</summary>
    public void Write(Output output)
    {
        if (output.Width is { } width)
            WriteDrawn(output, width);
        else
            WritePlain(output);
    }

    // What does not fit side by side is drawn in blocks of columns, each with the first column, so that no cell is ever broken.
    private void WriteDrawn(Output output, int width)
    {
        int[] widths =
        [
            .. headings.Select(
                (heading, column) => _rows.Select(row => TextWrap.Columns(row[column])).Append(TextWrap.Columns(heading)).Max()
            ),
        ];
        if (widths.Skip(1).Any(column => FrameWidth + widths[0] + CellFrame + column > width))
        {
            WriteRecords(output, width);
            return;
        }
        for (int from = 1; from < headings.Length; )
        {
            int to = from;
            for (int used = FrameWidth + widths[0]; to < headings.Length && used + CellFrame + widths[to] <= width; to++)
                used += CellFrame + widths[to];
            Draw(output, width, [0, .. Enumerable.Range(from, to - from)]);
            from = to;
        }
    }

    private void Draw(Output output, int width, int[] columns)
    {
        Table table = new Table().Border(TableBorder.Rounded);
        foreach (int column in columns)
        {
            table.AddColumn(
                new TableColumn(new Spectre.Console.Text(headings[column])) { Alignment = IsNumeric(column) ? Justify.Right : Justify.Left }
            );
        }

        foreach (string[] row in _rows)
            table.AddRow(columns.Select(column => new Spectre.Console.Text(row[column])));
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output.Text) });
        console.Profile.Width = width;
        console.Write(table);
    }

    // Long names leave no room for a column, so they get a separate line.
    private void WriteRecords(Output output, int width)
    {
        foreach (string[] row in _rows)
        {
            output.WriteLine(row[0]);
            IEnumerable<string> cells = row.Select((cell, column) => (Cell: cell, Heading: headings[column]))
                .Skip(1)
                .Where(static one => one.Cell.Length > 0)
                .Select(static one => one.Heading.Length > 0 ? $"{one.Heading}: {one.Cell}" : one.Cell);
            // A cell stays on one line, so its spaces must not break.
            foreach (
                string line in TextWrap.Split(
                    "  " + string.Join(" · ", cells.Select(static cell => cell.Replace(' ', NoBreak))),
                    width,
                    indent: 2
                )
            )
            {
                output.WriteLine(line.Replace(NoBreak, ' '));
            }
        }
    }

    private void WritePlain(Output output)
    {
        int[] widths = [.. headings.Select((heading, column) => _rows.Select(row => row[column].Length).Append(heading.Length).Max())];
        foreach (string[] row in _rows.Prepend(headings))
        {
            IEnumerable<string> cells = row.Select(
                (cell, column) => IsNumeric(column) ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column])
            );
            output.WriteLine(string.Join(Gap, cells).TrimEnd());
        }
    }

    private bool IsNumeric(int column) => _rows.TrueForAll(row => IsNumber(row[column]));

    // A dash stands where there is no number.
    private static bool IsNumber(string cell) =>
        cell is "-"
        || double.TryParse(
            cell,
            System.Globalization.NumberStyles.Float | System.Globalization.NumberStyles.AllowThousands,
            System.Globalization.CultureInfo.InvariantCulture,
            out _
        );
}
