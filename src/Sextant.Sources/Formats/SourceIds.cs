using System.Globalization;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using Sextant.Search;

namespace Sextant.Sources.Formats;

/// <summary>Generates stable ids for texts without an id (docs/decisions/stable-ids.md).</summary>
/// <param name="source">The path as given, or the existing prefix of the ids of the file.</param>
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

    /// <summary>
    /// The prefix of an id that was generated for a text of the file at <paramref name="location"/>: a path that ends with the file name,
    /// followed by a part that distinguishes its texts. <see langword="null"/> for any other id.
    /// </summary>
    /// <param name="id">The id of a document.</param>
    /// <param name="location">The location of its source.</param>
    /// <param name="mark">The separator between the path and the rest.</param>
    public static string? PrefixOf(string id, string location, string mark)
    {
        string name = Path.GetFileName(location);
        if (name.Length == 0)
            return null;
        for (int at = 0; (at = id.IndexOf(name, at, StringComparison.Ordinal)) >= 0; at++)
        {
            int end = at + name.Length;
            if ((at > 0 && id[at - 1] != '/') || !id.AsSpan(end).StartsWith(mark, StringComparison.Ordinal))
                continue;
            if (end + mark.Length == id.Length || id[end + mark.Length] is '#' or '~')
                return id[..end];
        }

        return null;
    }

    private string Numbered(ulong hash, string id)
    {
        id = DocumentId.Shorten(id);
        int times = ++CollectionsMarshal.GetValueRefOrAddDefault(_seen, hash, out _);
        return times == 1 ? id : string.Create(CultureInfo.InvariantCulture, $"{id}~{times}");
    }

    // "./docs//a.md" and "docs/a.md" are one file; so are the two spellings of a path on Windows.
    public static string Normalize(string source)
    {
        string path = source.Replace(Path.DirectorySeparatorChar, '/');
        while (path.Contains("//", StringComparison.Ordinal))
            path = path.Replace("//", "/", StringComparison.Ordinal);
        while (path.StartsWith("./", StringComparison.Ordinal))
            path = path[2..];
        return path;
    }
}
