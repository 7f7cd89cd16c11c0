namespace Sextant.Sources;

/// <summary>The unit of text in a plain text file.</summary>
public enum PlainTextUnit
{
    /// <summary>
    /// What stands between blank lines: how prose and notes are searched. A file without a blank line is a list, each line a text.
    /// </summary>
    Paragraph = 0,

    /// <summary>Each line that is not blank: how texts are embedded one by one.</summary>
    Line = 1,

    /// <summary>
    /// Each line, blank ones too, so that the nth text is the nth line. The standard input is then read so as well, unless a field is
    /// named.
    /// </summary>
    EveryLine = 2,
}
