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
}
