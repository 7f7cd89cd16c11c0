namespace Sextant.Sources.Segmentation;

/// <summary>What ends with a stretch of text, from the weakest place to cut to the strongest.</summary>
internal enum TextBreak
{
    /// <summary>A word, or a sentence within a paragraph.</summary>
    None,

    /// <summary>A line of code.</summary>
    Line,

    /// <summary>A line of code before one that is not indented.</summary>
    LineBeforeOutermost,

    /// <summary>Code before a blank line.</summary>
    BlankLine,

    /// <summary>A paragraph, a block of code, or code before a blank line after which nothing is indented.</summary>
    Paragraph,
}
