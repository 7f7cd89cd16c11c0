using System.Text.RegularExpressions;

namespace Sextant.Search.Grouping;

/// <summary>
/// Which document a part of it belongs to, by the ids that indexing gives: <c>docs/a.md#usage#2</c> is a part of <c>docs/a.md</c>, and
/// <c>refunds-01#2</c> of the record <c>refunds-01</c>.
/// </summary>
internal static partial class SourceDocument
{
    /// <summary>The name of the document, as ids write it; without folders of this machine.</summary>
    /// <param name="id">The id of the part.</param>
    /// <param name="source">The source that it is from; empty for none, where each document is its own.</param>
    public static string Name(string id, string source)
    {
        if (source.Length == 0)
            return id;
        int end = EndOfFile(id, Path.GetFileName(source));
        if (end < 0)
            return PartOfRecord.Match(id) is { Success: true } part ? id[..part.Index] : id;
        // A file of many texts without ids names them by their hashes.
        return HashOfText.Match(id, end) is { Success: true, Index: var at } hash && at == end ? id[..(end + hash.Length)] : id[..end];
    }

    [GeneratedRegex("#[0-9]+$", RegexOptions.RightToLeft, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PartOfRecord { get; }

    [GeneratedRegex("#[0-9a-f]{16}(?:~[0-9]+)?(?=#|$)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex HashOfText { get; }

    // Where the path of the file ends in the id; -1 if the id was not made from it.
    private static int EndOfFile(string id, string name)
    {
        for (int at = 0; name.Length > 0 && (at = id.IndexOf(name, at, StringComparison.Ordinal)) >= 0; at++)
        {
            int end = at + name.Length;
            if ((at == 0 || id[at - 1] == '/') && (end == id.Length || id[end] is '#' or '~'))
                return end;
        }

        return -1;
    }
}
