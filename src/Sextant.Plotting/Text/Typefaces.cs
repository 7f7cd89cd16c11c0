using System.Collections.Concurrent;
using System.Text;
using ScottPlot;
using SkiaSharp;

namespace Sextant.Plotting.Text;

/// <summary>
/// The font in this package, which has Latin, Greek, Cyrillic, Hebrew, Arabic and many symbols, and the machine's fonts as a fallback for
/// the rest (Chinese, Japanese, Korean, emoji).
/// </summary>
internal static class Typefaces
{
    /// <summary>The family name of the carried font.</summary>
    public const string Carried = "DejaVu Sans";

    private static readonly ConcurrentDictionary<int, SKTypeface?> Found = new();

    static Typefaces()
    {
        using Stream stream = typeof(Typefaces).Assembly.GetManifestResourceStream("Sextant.Plotting.DejaVuSans.ttf")!;
        Own = SKTypeface.FromStream(stream);
        Fonts.FontResolvers.Insert(0, new Resolver());
    }

    /// <summary>The carried font.</summary>
    public static SKTypeface Own { get; }

    /// <summary>A typeface that can draw a character with its marks and joiners, or <see langword="null"/> if none exists.</summary>
    public static SKTypeface? Find(string element)
    {
        if (Has(Own, element))
            return Own;
        return Rune.TryGetRuneAt(element, 0, out Rune first) && Found.GetOrAdd(first.Value, Find) is { } other ? other : null;
    }

    private static SKTypeface? Find(int codePoint)
    {
        if (SKFontManager.Default.MatchCharacter(codePoint) is { } matched && matched.ContainsGlyph(codePoint))
            return matched;

        // Where the system cannot be asked by character, its fonts are asked one by one; the answer is kept.
        foreach (string family in SKFontManager.Default.FontFamilies)
        {
            if (SKFontManager.Default.MatchFamily(family) is { } typeface && typeface.ContainsGlyph(codePoint))
                return typeface;
        }

        return null;
    }

    private static bool Has(SKTypeface typeface, string element)
    {
        foreach (Rune rune in element.EnumerateRunes())
        {
            if (!IsJoiner(rune) && !typeface.ContainsGlyph(rune.Value))
                return false;
        }

        return true;
    }

    // Zero-width joiners and variation selectors control rendering and have no glyph.
    private static bool IsJoiner(Rune rune) => rune.Value is 0x200C or 0x200D or (>= 0xFE00 and <= 0xFE0F);

    /// <summary>Lets the plotting library find the carried font by its name.</summary>
    private sealed class Resolver : IFontResolver
    {
        public SKTypeface? CreateTypeface(string fontName, FontWeight weight, FontSlant slant, FontSpacing spacing) =>
            fontName == Carried ? Own : null;

        public SKTypeface? CreateTypeface(string fontName, bool bold, bool italic) => fontName == Carried ? Own : null;
    }
}
