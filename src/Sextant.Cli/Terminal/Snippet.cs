namespace Sextant.Cli.Terminal;

/// <summary>A text on one line, no longer than fits.</summary>
internal static class Snippet
{
    /// <summary>The text with its white space made single and its end cut at <paramref name="width"/> characters.</summary>
    public static string Shorten(string text, int width)
    {
        // Only as much as can be shown is looked at: a text may be a whole book. Control characters could steer the terminal.
        string start = text.Length > width * 2 ? text[..(width * 2)] : text;
        string clean = string.Join(
            ' ',
            string.Concat(start.Select(c => char.IsControl(c) ? ' ' : c)).Split(' ', StringSplitOptions.RemoveEmptyEntries)
        );
        if (clean.Length <= width)
            return clean;
        int end = width - 1;
        if (char.IsHighSurrogate(clean[end - 1]))
            end--;
        return $"{clean.AsSpan(0, end).TrimEnd()}…";
    }
}
