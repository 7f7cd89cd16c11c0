using System.Text.RegularExpressions;

namespace Sextant.Architecture.Tests;

/// <summary>What neither the formatter nor the compiler rejects in a line: a comment that is too long, SQL in capitals.</summary>
public sealed partial class LineTests
{
    private const int MaxColumns = 140;

    [Theory]
    [InlineData("src")]
    [InlineData("tests")]
    [InlineData("benchmarks")]
    [InlineData("examples")]
    public void A_line_has_at_most_140_columns(string top) =>
        Assert.Empty(Lines(top).Where(static line => line.Text.Length > MaxColumns).Select(static line => $"{line.File}:{line.Number}"));

    [Theory]
    [InlineData("src")]
    [InlineData("tests")]
    [InlineData("benchmarks")]
    public void SQL_keywords_are_in_lower_case(string top) =>
        Assert.Empty(Lines(top).Where(static line => Capitals.IsMatch(line.Text)).Select(static line => $"{line.File}:{line.Number}"));

    [Theory]
    [InlineData("\"SELECT id FROM documents\"", true)]
    [InlineData("            INSERT INTO documents (id)", true)]
    [InlineData("\"PRAGMA user_version\"", true)]
    [InlineData("\"select id from documents\"", false)]
    [InlineData("// SELECT is read by the parser", false)]
    public void Capitals_of_SQL_are_recognized(string line, bool capitals) => Assert.Equal(capitals, Capitals.IsMatch(line));

    [GeneratedRegex(
        """^\s*(\+ )?[$@"]*("|(?=\S))(SELECT|INSERT INTO|DELETE FROM|CREATE (TABLE|INDEX)|ALTER TABLE|PRAGMA|WHERE|ORDER BY)\s""",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Capitals { get; }

    private static IEnumerable<(string File, int Number, string Text)> Lines(string top) =>
        CodeTree
            .Files(top)
            .SelectMany(static file => File.ReadLines(Path.Combine(CodeTree.Root, file)).Select((text, i) => (file, i + 1, text)));
}
