using System.Text;
using System.Text.RegularExpressions;

namespace Sextant.Sources.Formats.Pages;

/// <summary>
/// The character encoding of a page, found as browsers find it (WHATWG, "Determining the character encoding"): by a byte order mark,
/// else by the XML declaration or a <c>meta</c> element near the beginning, else UTF-8 where the bytes are that, else windows-1252.
/// </summary>
/// <remarks>Bytes that are not of the encoding become <see cref="SourceEncoding.Invalid"/>, as in every other source.</remarks>
internal static partial class HtmlEncoding
{
    /// <summary>How far a declaration is looked for. Browsers look into 1,024 bytes first and start over when one comes later.</summary>
    private const int Beginning = 1 << 16;

    private const int Windows1252 = 1252;

    /// <summary>The characters of <paramref name="page"/>, without a byte order mark.</summary>
    public static string Decode(byte[] page)
    {
        (Encoding? encoding, int skip) = page switch
        {
            [0xEF, 0xBB, 0xBF, ..] => (Named(Encoding.UTF8.CodePage), 3),
            [0xFF, 0xFE, ..] => (Named(Encoding.Unicode.CodePage), 2),
            [0xFE, 0xFF, ..] => (Named(Encoding.BigEndianUnicode.CodePage), 2),
            [(byte)'<', 0, (byte)'?', 0, ..] => (Named(Encoding.Unicode.CodePage), 0),
            [0, (byte)'<', 0, (byte)'?', ..] => (Named(Encoding.BigEndianUnicode.CodePage), 0),
            _ => (Declared(page), 0),
        };
        return encoding?.GetString(page.AsSpan(skip)) ?? Undeclared(page);
    }

    private static DecoderFallback Invalid => new DecoderReplacementFallback(SourceEncoding.Invalid.ToString());

    private static string Undeclared(ReadOnlySpan<byte> page)
    {
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(page);
        }
        catch (DecoderFallbackException)
        {
            return Named(Windows1252).GetString(page);
        }
    }

    private static Encoding? Declared(byte[] page)
    {
        string beginning = Comment().Replace(Encoding.Latin1.GetString(page.AsSpan(0, Math.Min(page.Length, Beginning))), "");
        if (XmlDeclaration().Match(beginning) is { Success: true } xml && Find(xml.Groups["name"].Value) is { } ofXml)
            return ofXml;
        foreach (Match meta in Meta().Matches(beginning))
        {
            if (Charset().Match(meta.Value) is { Success: true } charset && Find(charset.Groups["name"].Value) is { } found)
                return found;
        }

        return null;
    }

    /// <summary>The encoding that browsers use for a label, or <see langword="null"/> for an unknown label.</summary>
    private static Encoding? Find(string label)
    {
        string name = label.Trim().ToLowerInvariant();
        // A page whose declaration was found byte by byte cannot be UTF-16, and browsers treat Latin-1 as windows-1252.
        if (name is "utf8" || name.StartsWith("utf-16", StringComparison.Ordinal))
            name = "utf-8";
        if (name is "iso-8859-1" or "iso8859-1" or "latin1" or "latin-1" or "l1" or "us-ascii" or "ascii" or "cp1252" or "x-cp1252")
            return Named(Windows1252);
        try
        {
            Encoding found = CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
            return Named(found.CodePage);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    private static Encoding Named(int codePage) =>
        CodePagesEncodingProvider.Instance.GetEncoding(codePage, EncoderFallback.ReplacementFallback, Invalid)
        ?? Encoding.GetEncoding(codePage, EncoderFallback.ReplacementFallback, Invalid);

    [GeneratedRegex(@"<!--.*?(?:-->|\z)", RegexOptions.Singleline | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Comment();

    [GeneratedRegex(
        @"\A\s*<\?xml\s[^>]*?encoding\s*=\s*[""'](?<name>[A-Za-z0-9._:-]+)[""']",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking
    )]
    private static partial Regex XmlDeclaration();

    [GeneratedRegex(@"<meta[\s/][^>]*>", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Meta();

    [GeneratedRegex(
        @"charset\s*=\s*[""']?\s*(?<name>[A-Za-z0-9._:-]+)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking
    )]
    private static partial Regex Charset();
}
