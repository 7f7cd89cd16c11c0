using System.Globalization;
using System.Text.RegularExpressions;

namespace Sextant.Server.Backups;

/// <summary>When collections are backed up, how many backups are kept, and where: <c>daily keep 7 to backups</c>.</summary>
internal sealed partial record BackupSchedule(TimeSpan Every, int Keep, string Folder)
{
    /// <exception cref="InputException">It is malformed.</exception>
    public static BackupSchedule Parse(string text)
    {
        Match match = Form().Match(text);
        if (!match.Success || !int.TryParse(match.Groups["keep"].Value, CultureInfo.InvariantCulture, out int keep) || keep < 1)
        {
            throw new InputException(
                $"'{text}' is not a schedule for backups; write for example 'daily keep 7 to backups' (hourly, daily or weekly)"
            );
        }

        TimeSpan every = match.Groups["every"].Value switch
        {
            "hourly" => TimeSpan.FromHours(1),
            "daily" => TimeSpan.FromDays(1),
            _ => TimeSpan.FromDays(7),
        };
        return new(every, keep, Path.GetFullPath(match.Groups["folder"].Value));
    }

    [GeneratedRegex(
        @"\A\s*(?<every>hourly|daily|weekly)\s+keep\s+(?<keep>[0-9]+)\s+to\s+(?<folder>\S(.*\S)?)\s*\z",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Form();
}
