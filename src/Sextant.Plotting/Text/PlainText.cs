using System.Buffers;
using System.Text.RegularExpressions;

namespace Sextant.Plotting.Text;

/// <summary>Removes the marks of Markdown from the beginning of a text.</summary>
internal static partial class PlainText
{
    /// <summary>An annotation shows less of a text than this.</summary>
    private const int MostRead = 2000;

    private const int Timeout = 10_000;

    private static readonly SearchValues<char> Marks = SearchValues.Create("#*_`[|>~-+");

    /// <summary>
    /// The text without the marks of headings, lists, quotations, emphasis, code, links, images and tables. Signs between words, such as
    /// those of a calculation, stay.
    /// </summary>
    public static string Strip(string text)
    {
        string start = text.Length <= MostRead ? text : text[..MostRead];
        if (start.AsSpan().IndexOfAny(Marks) < 0)
            return start;
        start = TableRules().Replace(Rules().Replace(start, ""), "");
        start = LineStarts().Replace(start, "");
        start = Links().Replace(start, "${text}");
        start = Emphasis().Replace(start, "${text}");
        return start.Replace("`", "", StringComparison.Ordinal).Replace('|', ' ').Trim();
    }

    // Fences of code and horizontal rules.
    [GeneratedRegex(@"^[ \t]*(?:```.*|~~~.*|(?:[-*_][ \t]*){3,})[ \t]*$", RegexOptions.Multiline, Timeout)]
    private static partial Regex Rules();

    // The line between the head and the rows of a table.
    [GeneratedRegex(@"^[ \t]*\|?(?:[ \t]*:?-+:?[ \t]*\|)+(?:[ \t]*:?-+:?)?[ \t]*$", RegexOptions.Multiline, Timeout)]
    private static partial Regex TableRules();

    [GeneratedRegex(@"^[ \t]*(?:(?:>|#{1,6}(?=[ \t])|[-*+](?=[ \t])(?:[ \t]+\[[ xX]\])?)[ \t]*)+", RegexOptions.Multiline, Timeout)]
    private static partial Regex LineStarts();

    [GeneratedRegex(@"!?\[(?<text>[^\]\n]*)\]\([^)\n]*\)", RegexOptions.ExplicitCapture, Timeout)]
    private static partial Regex Links();

    [GeneratedRegex(@"(?<![\w*])(?<mark>\*{1,3}|__?|~~)(?=\S)(?<text>.+?)(?<=\S)\k<mark>(?![\w*])", RegexOptions.ExplicitCapture, Timeout)]
    private static partial Regex Emphasis();
}
