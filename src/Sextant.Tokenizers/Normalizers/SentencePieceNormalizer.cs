using System.Text;

namespace Sextant.Tokenizers.Normalizers;

/// <summary>
/// What SentencePiece does to a text before it cuts it: the longest replacement at each place, spaces put in order and made visible.
/// </summary>
/// <param name="map">The replacements, if there are any.</param>
/// <param name="addsPrefix">Whether to prepend a space to the text.</param>
/// <param name="removesExtraSpaces">Whether spaces at the ends go, and several become one.</param>
internal sealed class SentencePieceNormalizer(PrecompiledCharsMap? map, bool addsPrefix, bool removesExtraSpaces) : Normalizer
{
    private const char Space = '\u2581';

    public override string Apply(string text)
    {
        string replaced = map is null ? text : map.ReplaceLongest(text);
        var into = new StringBuilder(replaced.Length + 1);
        bool afterSpace = removesExtraSpaces;
        foreach (char c in replaced)
        {
            if (c != ' ' || !afterSpace)
            {
                into.Append(c == ' ' ? Space : c);
            }

            afterSpace = removesExtraSpaces && c == ' ';
        }

        while (removesExtraSpaces && into.Length > 0 && into[^1] == Space)
        {
            into.Length--;
        }

        if (addsPrefix && into.Length > 0)
        {
            into.Insert(0, Space);
        }

        return into.ToString();
    }
}
