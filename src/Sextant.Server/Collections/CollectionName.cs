using System.Text.RegularExpressions;
using Sextant.Server.Http;

namespace Sextant.Server.Collections;

/// <summary>The names that collections may have: one plain file name, which can neither leave its folder nor hide in it.</summary>
internal static partial class CollectionName
{
    public static bool IsValid(string name) => Form().IsMatch(name) && !name.EndsWith('.');

    /// <exception cref="ServiceException">It is not a valid name.</exception>
    public static void Require(string name)
    {
        if (!IsValid(name))
        {
            throw ServiceException.BadRequest(
                "The name of a collection has 1 to 100 letters, digits, dots, hyphens and underscores, "
                    + "begins with a letter or a digit and does not end in a dot.",
                "name",
                "invalid_name"
            );
        }
    }

    // \z, not $, which would let a line break through at the end.
    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._-]{0,99}\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Form();
}
