using System.Text;

namespace Sextant.Tokenizers.Normalizers;

/// <summary>
/// BERT's normalizer as a separate step, for tokenizers that combine it with other parts than BERT's own (<see cref="WordPieceTokenizer"/>
/// implements the full combination in one pass).
/// </summary>
internal sealed class BertTextNormalizer(BertNormalization options) : Normalizer
{
    public override string Apply(string text)
    {
        var into = new StringBuilder(text.Length + 8);
        Span<char> folded = stackalloc char[AccentFolding.MaxLength];
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (options.CleanText && (rune.Value == 0 || rune == Rune.ReplacementChar || IsControl(rune)))
            {
                continue;
            }

            Rune clean = options.CleanText && Rune.IsWhiteSpace(rune) ? new Rune(' ') : rune;
            bool ideograph = options.SplitIdeographs && WordPieceTokenizer.IsIdeograph(clean.Value);
            into.Append(ideograph ? " " : "");
            int length = options.StripAccents ? AccentFolding.Fold(clean, folded) : clean.EncodeToUtf16(folded);
            foreach (Rune part in folded[..length].EnumerateRunes())
            {
                if (!options.Lowercase)
                {
                    TextRules.Append(into, part);
                }
                else if (part.Value == 0x130)
                {
                    into.Append("i\u0307");
                }
                else
                {
                    TextRules.Append(into, Rune.ToLowerInvariant(part));
                }
            }

            into.Append(ideograph ? " " : "");
        }

        return into.ToString();
    }

    private static bool IsControl(Rune rune) => rune.Value is not ('\t' or '\n' or '\r') && UnicodeClasses.IsControl(rune);
}
