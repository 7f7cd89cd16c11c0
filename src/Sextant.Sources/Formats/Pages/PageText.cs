using System.Text;

namespace Sextant.Sources.Formats.Pages;

/// <summary>Reads a page as a whole, up to a length above that of any page.</summary>
internal static class PageText
{
    /// <summary>The text, or <see langword="null"/> if it is too long and skipped.</summary>
    public static string? ReadAll(Stream stream, SourceScope scope)
    {
        using StreamReader reader = SourceEncoding.Open(stream);
        StringBuilder all = new();
        char[] buffer = new char[1 << 14];
        int read;
        while ((read = reader.ReadBlock(buffer, 0, buffer.Length)) > 0 && all.Length <= SourceScope.MaxCharacters)
            all.Append(buffer, 0, read);
        if (all.Length <= SourceScope.MaxCharacters)
            return all.ToString();
        scope.Bad(1, $"the page is longer than {SourceScope.MaxCharacters / 1024 / 1024} Mi characters; split it into several files");
        return null;
    }
}
