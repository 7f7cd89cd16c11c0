using System.Text;
using Sextant.Cli.Terminal;

namespace Sextant.Cli.Tests.Terminal;

public sealed class TerminalOutputTests
{
    [Theory]
    [InlineData("72", 120, 72)]
    [InlineData(null, 120, 120)]
    [InlineData("0", 120, 120)]
    [InlineData("wide", 0, 80)]
    [InlineData("5", 120, 20)]
    public void Width_is_that_of_COLUMNS_or_of_the_terminal(string? columns, int asked, int expected) =>
        Assert.Equal(expected, TerminalWidth.Choose(columns, asked));

    [Theory]
    [InlineData("one two three", 7, 2, "one two|  three")]
    [InlineData("one two three", 80, 2, "one two three")]
    [InlineData("see /a/long/path now", 8, 2, "see|  /a/long/path|  now")]
    [InlineData("", 8, 2, "")]
    public void Lines_break_between_words_and_never_inside_a_name(string text, int width, int indent, string expected) =>
        Assert.Equal(expected, string.Join('|', TextWrap.Split(text, width, indent)));

    [Theory]
    [InlineData("漢字漢字漢字", 8, 2, "漢字漢字|  漢字")]
    [InlineData("ab cdefghij", 6, 2, "ab cde|  fghi|  j")]
    public void Texts_without_spaces_break_at_the_column_limit(string text, int width, int indent, string expected) =>
        Assert.Equal(expected, string.Join('|', TextWrap.Split(text, width, indent, breakWords: true)));

    [Theory]
    [InlineData(20)]
    [InlineData(30)]
    [InlineData(60)]
    [InlineData(200)]
    public void Table_fits_the_terminal_and_breaks_no_cell(int width)
    {
        string[] names = ["an apple", "a banana", "漢字漢字"];
        string[] lines = Render(width, ["", .. names], names.Select(name => (string[])[name, "1.0000", "-0.2500", "0.1250"]));

        Assert.All(lines, line => Assert.True(TextWrap.Columns(line) <= width, line));
        string all = string.Join('\n', lines);
        Assert.All([.. names, "1.0000", "-0.2500", "0.1250"], cell => Assert.Contains(cell, all, StringComparison.Ordinal));
        // Each block names its rows.
        int blocks = lines.Count(static line => line.StartsWith('╭'));
        Assert.Equal(blocks, lines.Count(static line => line.StartsWith("│ an apple", StringComparison.Ordinal)));
        Assert.Equal(
            width switch
            {
                20 => 0,
                30 => 3,
                60 => 1,
                _ => 1,
            },
            blocks
        );
    }

    [Fact]
    public void Names_too_long_for_their_column_are_not_broken()
    {
        string name = new('n', 50);
        string[] lines = Render(
            40,
            ["model", "dims", "task"],
            [
                [name, "256", "1.5 of 2"],
            ]
        );

        Assert.Equal([name, "  dims: 256 · task: 1.5 of 2"], lines);
    }

    [Fact]
    public void Redirected_table_is_not_wrapped()
    {
        string[] lines = Render(
            null,
            ["name", .. Enumerable.Range(0, 40).Select(i => $"column {i}")],
            [
                ["row", .. Enumerable.Repeat("1.0000", 40)],
            ]
        );

        Assert.Equal(2, lines.Length);
        Assert.True(lines[0].Length > 400);
    }

    private static string[] Render(int? width, string[] headings, IEnumerable<string[]> rows)
    {
        using MemoryStream bytes = new();
        using Output output = new(bytes, width);
        ReportTable table = new(headings);
        foreach (string[] row in rows)
            table.Add(row);
        table.Write(output);
        output.Flush();
        return Encoding.UTF8.GetString(bytes.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
