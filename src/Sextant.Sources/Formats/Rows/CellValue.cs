using System.Globalization;
using System.Numerics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Sextant.Sources.Formats.Rows;

/// <summary>The apparent type of a table cell, because cells are untyped.</summary>
internal enum CellKind
{
    /// <summary>Nothing.</summary>
    Empty,

    /// <summary>Text.</summary>
    Text,

    /// <summary>What would be a number but for the quotes around it: text.</summary>
    QuotedNumber,

    /// <summary>Digits after a zero, as in the postal code 00123: text.</summary>
    LeadingZero,

    /// <summary>An integer that a double does not hold exactly, as long ids are: text.</summary>
    LongInteger,

    /// <summary>What JSON writes as a number.</summary>
    Number,

    /// <summary><c>true</c> or <c>false</c>.</summary>
    Boolean,
}

/// <summary>Types the cells of tables.</summary>
internal static partial class CellValue
{
    /// <summary>The largest integer up to which every integer is a double.</summary>
    private static readonly BigInteger MaxExact = BigInteger.Pow(2, 53);

    public static CellKind KindOf(DelimitedField cell)
    {
        // Many tables have a space after each comma.
        string text = cell.Quoted ? cell.Text : cell.Text.Trim(' ', '\t');
        if (text.Length == 0)
            return CellKind.Empty;
        if (cell.Quoted)
            return KindOf(cell with { Quoted = false }) == CellKind.Number ? CellKind.QuotedNumber : CellKind.Text;
        if (text is "true" or "True" or "TRUE" or "false" or "False" or "FALSE")
            return CellKind.Boolean;
        if (!char.IsAsciiDigit(text[^1]) || !(char.IsAsciiDigit(text[0]) || text[0] == '-'))
            return CellKind.Text;
        if (!Number().IsMatch(text))
            return LeadingZeros().IsMatch(text) ? CellKind.LeadingZero : CellKind.Text;
        if (text.AsSpan().IndexOfAny('.', 'e', 'E') < 0)
        {
            return text.Length <= 15 || BigInteger.Abs(BigInteger.Parse(text, CultureInfo.InvariantCulture)) <= MaxExact
                ? CellKind.Number
                : CellKind.LongInteger;
        }

        return double.IsFinite(double.Parse(text, CultureInfo.InvariantCulture)) ? CellKind.Number : CellKind.Text;
    }

    /// <summary>A single cell, as in the front matter of a page.</summary>
    public static JsonNode? Parse(DelimitedField cell) => ParseAs(KindOf(cell), cell);

    /// <summary>
    /// The cell as a value of that kind: numbers keep all their digits, as they do in JSON. Empty cells are <see langword="null"/>.
    /// </summary>
    public static JsonNode? ParseAs(CellKind kind, DelimitedField cell)
    {
        if (cell.Text.Length == 0)
            return null;
        if (kind is not (CellKind.Number or CellKind.Boolean))
            return cell.Text;
        string text = cell.Text.Trim(' ', '\t');
        if (text.Length == 0)
            return null;
        return kind == CellKind.Number ? JsonNode.Parse(text) : text[0] is 't' or 'T';
    }

    [GeneratedRegex(
        @"\A-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?\z",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking
    )]
    private static partial Regex Number();

    [GeneratedRegex(@"\A-?0[0-9]+(?:\.[0-9]+)?\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex LeadingZeros();
}
