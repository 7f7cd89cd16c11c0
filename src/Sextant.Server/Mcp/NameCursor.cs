using System.Buffers.Text;
using System.Text;
using Sextant.Server.Http;

namespace Sextant.Server.Mcp;

/// <summary>Pages of names in order. A cursor contains the last name of a page, so it stays right while names come and go.</summary>
internal static class NameCursor
{
    /// <exception cref="ServiceException">The cursor is malformed.</exception>
    public static (IReadOnlyList<string> Names, string? Next) PageOf(IEnumerable<string> names, string? cursor, int limit)
    {
        string after = string.IsNullOrEmpty(cursor) ? "" : Read(cursor);
        string[] page = [.. names.Where(name => string.CompareOrdinal(name, after) > 0).Order(StringComparer.Ordinal).Take(limit + 1)];
        return page.Length > limit ? (page[..limit], Base64Url.EncodeToString(Encoding.UTF8.GetBytes(page[limit - 1]))) : (page, null);
    }

    private static string Read(string cursor) =>
        Base64Url.IsValid(cursor)
            ? Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor))
            : throw ServiceException.BadRequest("The cursor is malformed; use the one of the page before.", "cursor");
}
