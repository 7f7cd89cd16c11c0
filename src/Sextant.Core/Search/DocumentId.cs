using System.Globalization;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;

namespace Sextant.Search;

/// <summary>
/// The rules for ids of documents. They are the same for every store and every route, so that each document can be read and deleted by all
/// of them.
/// </summary>
public static class DocumentId
{
    /// <summary>
    /// The maximum length of an id, in bytes of UTF-8. Percent-encoded it still fits into the 8 KB that HTTP servers read as a request
    /// line, and
    /// it fits into an index of PostgreSQL.
    /// </summary>
    public const int MaxBytes = 2_048;

    /// <summary>The maximum length of an id made from a path or heading; leaves room for suffixes (<c>~2</c>, <c>#12</c>).</summary>
    private const int MaxMadeBytes = MaxBytes - 48;

    private const int HashLength = 17;
    private const int ShownCharacters = 40;

    /// <summary>Checks an id.</summary>
    /// <param name="id">The id.</param>
    /// <returns>The fault as a sentence without a full stop; <see langword="null"/> when it can be stored.</returns>
    public static string? FindFault(string id) =>
        FaultOf(id ?? throw new ArgumentNullException(nameof(id))) is { } fault
            ? $"the id '{Start(id)}' {fault}; give the document another id"
            : null;

    /// <exception cref="InputException">The id cannot be stored.</exception>
    internal static void Require(string id)
    {
        if (FindFault(id) is { } fault)
            throw new InputException(fault);
    }

    private static string? FaultOf(string id)
    {
        if (string.IsNullOrWhiteSpace(id))
            return "is empty";
        if (id is "." or "..")
            return "is a folder in a URL, so the document could not be read or deleted over HTTP";
        if (id.Contains('\0', StringComparison.Ordinal))
            return "contains the NUL character";
        if (Surrogates.FindLone(id) >= 0)
            return $"contains {Surrogates.Description}";
        int bytes = Encoding.UTF8.GetByteCount(id);
        return bytes <= MaxBytes ? null : string.Create(CultureInfo.InvariantCulture, $"is {bytes} bytes long; the limit is {MaxBytes}");
    }

    /// <summary>Shortens an id that was made from a path or a heading to a legal length; a hash of the whole keeps it unique.</summary>
    /// <param name="id">The id, of any length.</param>
    /// <returns>The id, with room for a suffix of 48 bytes.</returns>
    public static string Shorten(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        if (Encoding.UTF8.GetByteCount(id) <= MaxMadeBytes)
            return id;
        ulong hash = XxHash3.HashToUInt64(MemoryMarshal.AsBytes(id.AsSpan()));
        StringBuilder start = new();
        int bytes = HashLength;
        foreach (Rune rune in id.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > MaxMadeBytes)
                break;
            start.Append(rune);
        }

        return string.Create(CultureInfo.InvariantCulture, $"{start}~{hash:x16}");
    }

    private static string Start(string id) =>
        Surrogates.Replace(id.Length <= ShownCharacters ? id : id[..ShownCharacters] + "…").Replace('\0', '\ufffd');
}
