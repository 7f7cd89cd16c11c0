using System.Text.RegularExpressions;

namespace Sextant.Cli.Terminal;

/// <summary>Removes the passwords in locations from all output, which others may see on a screen or in a log.</summary>
internal static class Credentials
{
    private const RegexOptions Linear = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;

    // Up to the last @ before the path, since a password may hold that sign.
    private static readonly Regex BeforeHost = new(@"(?<user>://[^/\s:@?#]*):[^/\s]*@", Linear);

    private static readonly Regex Setting = new(@"(?<name>[?&](password|pwd)=)[^&#\s]*", Linear | RegexOptions.IgnoreCase);

    /// <summary>The same text without the passwords of locations in it.</summary>
    public static string Hide(string text) =>
        text.Contains("://", StringComparison.Ordinal) ? Setting.Replace(BeforeHost.Replace(text, "${user}@"), "${name}…") : text;
}
