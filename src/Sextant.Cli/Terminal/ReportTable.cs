using Spectre.Console;

namespace Sextant.Cli.Terminal;

/// <summary>Rows under headings: a drawn table on a terminal, plain aligned columns where the output goes to a file or a program.</summary>
internal sealed class ReportTable(params string[] headings)
{
    private const string Gap = "  ";

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
        if (output.IsTerminal)
            WriteDrawn(output);
        else
            WritePlain(output);
    }

    private void WriteDrawn(Output output)
    {
        var table = new Table().Border(TableBorder.Rounded);
        for (int column = 0; column < headings.Length; column++)
        {
            int at = column;
            table.AddColumn(new TableColumn(new Spectre.Console.Text(headings[column]))
            {
                Alignment = _rows.TrueForAll(row => IsNumber(row[at])) ? Justify.Right : Justify.Left,
            });
        }
        foreach (string[] row in _rows)
            table.AddRow(row.Select(cell => new Spectre.Console.Text(cell)));
        AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output.Text) }).Write(table);
    }

    private void WritePlain(Output output)
    {
        int[] widths = [.. headings.Select((heading, column) => _rows.Select(row => row[column].Length).Append(heading.Length).Max())];
        bool[] numeric = [.. headings.Select((_, column) => _rows.TrueForAll(row => IsNumber(row[column])))];
        foreach (string[] row in _rows.Prepend(headings))
        {
            IEnumerable<string> cells = row.Select((cell, column) =>
                numeric[column] ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]));
            output.WriteLine(string.Join(Gap, cells).TrimEnd());
        }
    }

    // A dash stands where there is no number.
    private static bool IsNumber(string cell) =>
        cell is "-" || double.TryParse(cell, System.Globalization.NumberStyles.Float | System.Globalization.NumberStyles.AllowThousands,
            System.Globalization.CultureInfo.InvariantCulture, out _);
}
