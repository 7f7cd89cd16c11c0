using System.Text;
using Sextant.Tokenizers;

namespace Sextant.Training.Vocabulary;

/// <summary>
/// Splits a text into words like an uncased WordPiece tokenizer: no accents, lowercase, separate punctuation. Only counts words;
/// <see cref="WordPieceTokenizer"/> tokenizes texts for the model.
/// </summary>
internal static class WordSplitter
{
    public static void Split(string text, Action<string> onWord)
    {
        var word = new StringBuilder();
        Span<char> folded = stackalloc char[AccentFolding.MaxLength];
        foreach (Rune rune in text.EnumerateRunes())
        {
            int length = AccentFolding.Fold(rune, folded);
            foreach (Rune part in folded[..length].EnumerateRunes())
            {
                if (Rune.IsLetterOrDigit(part))
                {
                    word.Append(Rune.ToLowerInvariant(part).ToString());
                }
                else if (Rune.IsWhiteSpace(part) || IsMark(part))
                {
                    Flush(word, onWord);
                    if (IsMark(part))
                    {
                        onWord(part.ToString());
                    }
                }
            }
        }

        Flush(word, onWord);
    }

    private static bool IsMark(Rune rune) => Rune.IsPunctuation(rune) || (rune.IsAscii && Rune.IsSymbol(rune));

    private static void Flush(StringBuilder word, Action<string> onWord)
    {
        if (word.Length > 0)
        {
            onWord(word.ToString());
            word.Clear();
        }
    }
}
