namespace Sextant.Tokenizers;

/// <summary>
/// A lookup table of a tokenizer's action for each ASCII character: most text is ASCII, and one array access per character makes the common
/// path fast.
/// </summary>
internal sealed class AsciiClasses
{
    public const int Count = 128;

    /// <summary>The character leaves no trace.</summary>
    public const char Dropped = '\0';

    /// <summary>The character ends a word.</summary>
    public const char Space = '\u0001';

    /// <summary>The character ends a word and is a separate word.</summary>
    public const char Punctuation = '\u0002';

    private readonly char[] _map = new char[Count];

    public AsciiClasses(BertNormalization normalization)
    {
        for (char c = '\0'; c < Count; c++)
        {
            _map[c] = c switch
            {
                ' ' or '\t' or '\n' or '\r' => Space,
                _ when char.IsControl(c) => normalization.CleanText || c <= Punctuation ? Dropped
                : char.IsWhiteSpace(c) ? Space
                : c,
                _ when IsPunctuation(c) => Punctuation,
                _ => normalization.Lowercase ? char.ToLowerInvariant(c) : c,
            };
        }
    }

    /// <summary><see cref="Dropped"/>, <see cref="Space"/>, <see cref="Punctuation"/>, or the character to add to the word.</summary>
    public char Map(char ascii) => _map[ascii];

    /// <summary>
    /// BERT's notion: every printable character that is neither letter, digit nor space, <c>$</c> and <c>+</c> among them.
    /// </summary>
    public static bool IsPunctuation(char ascii) =>
        ascii is (>= '!' and <= '/') or (>= ':' and <= '@') or (>= '[' and <= '`') or (>= '{' and <= '~');
}
