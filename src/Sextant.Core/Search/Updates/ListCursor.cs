using System.Buffers.Text;
using System.Globalization;
using System.IO.Hashing;
using System.Text;

namespace Sextant.Search.Updates;

/// <summary>
/// The place where a page of a listing ended. Keys are given in order and only once, so the key of the last document is a place that no
/// write moves. See docs/decisions/cursors.md.
/// </summary>
/// <param name="After">The key after which the next page begins.</param>
/// <param name="Last">The highest key when the listing began: later and repeated additions are not listed.</param>
/// <param name="Incarnation">The storage that the keys are of; <see langword="null"/> where the store cannot say.</param>
internal sealed record ListCursor(long After, long Last, string? Incarnation)
{
    private const int Parts = 3;

    /// <exception cref="InputException">It is not a cursor, or of other storage.</exception>
    public static ListCursor Parse(string cursor, string? incarnation)
    {
        if (
            Base64Url.IsValid(cursor)
            && Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor)).Split(' ') is { Length: Parts } parts
            && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out long after)
            && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out long last)
        )
        {
            return parts[2] == Hash(incarnation)
                ? new(after, last, incarnation)
                : throw new InputException("the collection was replaced since the listing began; list it again from the beginning");
        }

        throw new InputException("the cursor is malformed; pass one that a page returned, or none for the first page");
    }

    public override string ToString() =>
        Base64Url.EncodeToString(
            Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{After} {Last} {Hash(Incarnation)}"))
        );

    private static string Hash(string? incarnation) =>
        incarnation is null ? "" : XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(incarnation)).ToString("x16", CultureInfo.InvariantCulture);
}
