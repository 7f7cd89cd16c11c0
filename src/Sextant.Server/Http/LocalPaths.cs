using System.Text.RegularExpressions;
using Sextant.Server.Collections;

namespace Sextant.Server.Http;

/// <summary>
/// Takes the folders of this machine out of messages: clients know collections and models by name, and where they are is the operator's
/// business.
/// </summary>
internal sealed partial class LocalPaths(CollectionRoot root)
{
    /// <summary>The message with the last part only of every path.</summary>
    public string Remove(string message) =>
        Folders()
            .Replace(
                message
                    .Replace(root.Prefix, "", StringComparison.Ordinal)
                    .Replace(root.Prefix.TrimEnd('/', '\\'), "the collections", StringComparison.Ordinal),
                ""
            );

    // The folders of a path that stands where a word begins. In quotes are ids and values, which are the client's own.
    [GeneratedRegex(
        @"(?<=^|[\s(=])(?:[A-Za-z]:)?[\\/](?:[^\\/\s:,;()'""]+[\\/])*(?=[^\\/\s])",
        RegexOptions.None,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Folders();
}
