using System.Globalization;
using System.Text;

namespace Sextant.Tokenizers.Normalizers;

/// <summary>The simple normalizers, which work on single characters.</summary>
internal static class TextRules
{
    /// <summary>A Unicode normalization form.</summary>
    /// <exception cref="InputException">This program was built without the required tables.</exception>
    public static Normalizer Unicode(NormalizationForm form)
    {
        // With InvariantGlobalization, the runtime silently returns the text unchanged.
        return "\u00E9".Normalize(NormalizationForm.FormD).Length == 2
            ? new TextRule(text => text.IsNormalized(form) ? text : text.Normalize(form))
            : throw new InputException(
                "the model's tokenizer needs Unicode normalization, which programs built with "
                    + "InvariantGlobalization lack; build this one without it"
            );
    }

    /// <summary>Lowercases each character separately; İ becomes two characters.</summary>
    public static string Lowercase(string text)
    {
        if (!text.Contains('\u0130'))
        {
            return text.ToLowerInvariant();
        }

        return text.Replace("\u0130", "i\u0307", StringComparison.Ordinal).ToLowerInvariant();
    }

    /// <summary>Drops combining marks of every kind; text is expected to be decomposed before.</summary>
    public static string StripAccents(string text) =>
        Filter(
            text,
            static rune =>
                Rune.GetUnicodeCategory(rune)
                    is not (UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark)
        );

    /// <summary>The rules of sentencepiece's <c>nmt</c>: control characters go, odd spaces become plain ones.</summary>
    public static string Nmt(string text) =>
        Map(
            text,
            static (rune, into) =>
            {
                switch (rune.Value)
                {
                    case (>= 0x01 and <= 0x08) or 0x0B or (>= 0x0E and <= 0x1F) or 0x7F or 0x8F or 0x9F:
                        break;
                    case 0x09
                    or 0x0A
                    or 0x0C
                    or 0x0D
                    or 0x1680
                    or (>= 0x200B and <= 0x200F)
                    or 0x2028
                    or 0x2029
                    or 0x2581
                    or 0xFEFF
                    or 0xFFFD:
                        into.Append(' ');
                        break;
                    default:
                        Append(into, rune);
                        break;
                }
            }
        );

    public static string Strip(string text, bool left, bool right)
    {
        ReadOnlySpan<char> rest = text;
        rest = left ? rest.TrimStart() : rest;
        rest = right ? rest.TrimEnd() : rest;
        return rest.Length == text.Length ? text : rest.ToString();
    }

    public static string Filter(string text, Func<Rune, bool> keep) =>
        Map(
            text,
            (rune, into) =>
            {
                if (keep(rune))
                {
                    Append(into, rune);
                }
            }
        );

    public static string Map(string text, Action<Rune, StringBuilder> map)
    {
        var into = new StringBuilder(text.Length + 8);
        foreach (Rune rune in text.EnumerateRunes())
        {
            map(rune, into);
        }

        return into.ToString();
    }

    public static void Append(StringBuilder into, Rune rune)
    {
        Span<char> units = stackalloc char[2];
        into.Append(units[..rune.EncodeToUtf16(units)]);
    }
}
