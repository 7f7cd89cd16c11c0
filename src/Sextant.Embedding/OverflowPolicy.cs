namespace Sextant.Embedding;

/// <summary>How to handle a text over the model's token limit. It is never truncated silently.</summary>
public enum OverflowPolicy
{
    /// <summary>The request fails with an <see cref="InputException"/> that names the text, its tokens and the limit.</summary>
    Error = 0,

    /// <summary>The text is cut at the limit, at the end of a word where it can be; reported in the log and in the result.</summary>
    Truncate = 1,

    /// <summary>
    /// The text is embedded in chunks that fit, and its vector is their mean, weighted by their tokens; reported as well.
    /// </summary>
    Chunk = 2,
}
