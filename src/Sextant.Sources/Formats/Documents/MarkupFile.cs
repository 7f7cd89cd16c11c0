using System.Text.Json.Nodes;
using Sextant.Sources.Formats.Pages;

namespace Sextant.Sources.Formats.Documents;

/// <summary>reStructuredText (.rst) and AsciiDoc (.adoc): one document per section, with its raw text.</summary>
internal static class MarkupFile
{
    private const string Underlines = "=-`:'\"~^_*+#<>.!";

    public static IEnumerable<SourceDocument> ReadRestructured(Stream stream, SourceScope scope) =>
        Read(stream, scope, new Restructured().LevelAt);

    public static IEnumerable<SourceDocument> ReadAsciiDoc(Stream stream, SourceScope scope) => Read(stream, scope, new AsciiDoc().LevelAt);

    /// <summary>The level of the heading that begins at a line, its text and how many lines it takes, or <see langword="null"/>.</summary>
    private delegate (int Level, string Text, int Lines)? HeadingAt(string[] lines, int at);

    private static IEnumerable<SourceDocument> Read(Stream stream, SourceScope scope, HeadingAt headingAt)
    {
        if (PageText.ReadAll(stream, scope) is not { } text)
            yield break;
        string[] lines = text.ReplaceLineEndings("\n").Split('\n');
        JsonObject metadata = [];
        PageSections sections = new(scope, metadata);
        int start = 0;
        for (int at = 0; at < lines.Length; at++)
        {
            if (headingAt(lines, at) is not { } heading)
                continue;
            if (sections.Section(Text(start, at), start + 1) is { } section)
                yield return section;
            metadata.TryAdd("title", heading.Text);
            sections.Enter(heading.Level, heading.Text);
            start = at;
            at += heading.Lines - 1;
        }

        if (sections.Section(Text(start, lines.Length), start + 1) is { } last)
            yield return last;

        string Text(int from, int to) => string.Join('\n', lines[from..to]).Trim();
    }

    /// <summary>A title is underlined, and overlined if its author likes; the order in which the marks appear gives the levels.</summary>
    private sealed class Restructured
    {
        private readonly List<(char Mark, bool IsOverlined)> _levels = [];

        public (int Level, string Text, int Lines)? LevelAt(string[] lines, int at)
        {
            bool isOverlined = IsRule(lines[at], 1) && at + 2 < lines.Length && lines[at + 2] == lines[at];
            int title = isOverlined ? at + 1 : at;
            if (
                title + 1 >= lines.Length
                || string.IsNullOrWhiteSpace(lines[title])
                || (!isOverlined && (char.IsWhiteSpace(lines[title][0]) || IsRule(lines[title], 1)))
            )
            {
                return null;
            }

            string text = lines[title].Trim();
            if (!IsRule(lines[title + 1], text.Length))
                return null;
            // The text above must have ended: a rule below the last line of a paragraph is an author's mistake, not a heading.
            if (
                !isOverlined
                && at > 0
                && !string.IsNullOrWhiteSpace(lines[at - 1])
                && !lines[at - 1].StartsWith("..", StringComparison.Ordinal)
            )
            {
                return null;
            }

            (char, bool) mark = (lines[title + 1][0], isOverlined);
            if (!_levels.Contains(mark))
                _levels.Add(mark);
            return (_levels.IndexOf(mark) + 1, text, isOverlined ? 3 : 2);
        }

        private static bool IsRule(string line, int atLeast)
        {
            ReadOnlySpan<char> rule = line.AsSpan().TrimEnd();
            return rule.Length >= Math.Max(2, atLeast)
                && Underlines.Contains(rule[0], StringComparison.Ordinal)
                && !rule.ContainsAnyExcept(rule[0]);
        }
    }

    /// <summary>A heading begins with equals signs, one more for each level; delimited blocks have none.</summary>
    private sealed class AsciiDoc
    {
        private string? _block;

        public (int Level, string Text, int Lines)? LevelAt(string[] lines, int at)
        {
            string line = lines[at].TrimEnd();
            if (line.Length >= 4 && line[0] is '-' or '.' or '/' or '+' or '_' or '=' or '*' && !line.AsSpan().ContainsAnyExcept(line[0]))
            {
                _block =
                    _block is null ? line
                    : _block == line ? null
                    : _block;
                return null;
            }

            int level = line.AsSpan().IndexOfAnyExcept('=');
            if (_block is not null || level is < 1 or > 6 || line.Length < level + 2 || line[level] != ' ')
                return null;
            return (level, line[level..].Trim(), 1);
        }
    }
}
