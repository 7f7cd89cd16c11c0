using System.Globalization;
using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace Sextant.Text.Formats;

/// <summary>Names texts that have no id of their own, the same each time (docs/decisions/stable-ids.md).</summary>
internal sealed class SourceIds(string source)
{
    private readonly string _prefix = Normalize(source);
    private readonly Dictionary<ulong, int> _seen = [];

    /// <summary>A name from the text itself: what stands before or after it does not matter. The same text again is ~2, ~3 …</summary>
    public string OfText(string text)
    {
        ulong hash = XxHash3.HashToUInt64(MemoryMarshal.AsBytes(text.AsSpan()));
        return Numbered(hash, string.Create(CultureInfo.InvariantCulture, $"{_prefix}#{hash:x16}"));
    }

    /// <summary>A name from the headings above a section; the file's own for what stands before the first.</summary>
    public string OfSection(string headings)
    {
        string id = headings.Length == 0 ? _prefix : $"{_prefix}#{headings}";
        return Numbered(XxHash3.HashToUInt64(MemoryMarshal.AsBytes(headings.AsSpan())), id);
    }

    private string Numbered(ulong hash, string id)
    {
        id = DocumentId.Shorten(id);
        int times = ++CollectionsMarshal.GetValueRefOrAddDefault(_seen, hash, out _);
        return times == 1 ? id : string.Create(CultureInfo.InvariantCulture, $"{id}~{times}");
    }

    // "./docs//a.md" and "docs/a.md" are one file; so are the two spellings of a path on Windows.
    private static string Normalize(string source)
    {
        string path = source.Replace(Path.DirectorySeparatorChar, '/');
        while (path.Contains("//", StringComparison.Ordinal)) path = path.Replace("//", "/", StringComparison.Ordinal);
        while (path.StartsWith("./", StringComparison.Ordinal)) path = path[2..];
        return path;
    }
}
