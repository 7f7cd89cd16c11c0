using System.Globalization;

namespace Sextant.Server.Http;

/// <summary>Checks arrays of a body, because the serializer accepts null as an item of any of them.</summary>
internal static class RequestItems
{
    /// <exception cref="ServiceException">An item is null.</exception>
    public static void Require<T>(IReadOnlyList<T>? items, string param)
        where T : class
    {
        for (int i = 0; i < items?.Count; i++)
        {
            if (items[i] is null)
            {
                string at = string.Create(CultureInfo.InvariantCulture, $"{param}[{i}]");
                throw ServiceException.BadRequest($"Invalid value for '{at}': it is null.", at);
            }
        }
    }

    /// <param name="count">The number of items.</param>
    /// <param name="what">What they are, in the plural.</param>
    /// <param name="limit">The most of them.</param>
    /// <param name="param">The name of the array.</param>
    /// <exception cref="ServiceException">There are none, or too many.</exception>
    public static void RequireCount(int count, string what, int limit, string param)
    {
        if (count == 0)
            throw ServiceException.BadRequest($"'{param}' cannot be an empty array.", param);
        if (count > limit)
            throw ServiceException.TooLarge($"'{param}' has {count} {what}", limit, param);
    }
}
