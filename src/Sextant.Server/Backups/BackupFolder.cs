using System.Globalization;

namespace Sextant.Server.Backups;

/// <summary>The backups of a service: a folder for each collection, with a file for each point in time.</summary>
internal sealed class BackupFolder(string folder)
{
    private const string TimeFormat = "yyyyMMdd'T'HHmmss'Z'";
    private const string Extension = ".backup";

    /// <summary>The file for a backup.</summary>
    public string FileOf(string collection, DateTimeOffset time) =>
        Path.Combine(folder, collection, time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture) + Extension);

    /// <summary>
    /// The folder where a backup is written and verified before it gets its name, so that what a crash leaves behind is never taken for a
    /// backup. It is on the same disk, so that the backup can be moved.
    /// </summary>
    public string WorkOf(string collection) => Path.Combine(folder, collection, ".unfinished");

    /// <summary>The backups of a collection, the newest first. Other files are ignored.</summary>
    public IReadOnlyList<(DateTimeOffset Time, string File)> List(string collection)
    {
        string own = Path.Combine(folder, collection);
        if (!Directory.Exists(own))
            return [];
        List<(DateTimeOffset Time, string File)> found = [];
        foreach (string file in Directory.EnumerateFiles(own, "*" + Extension))
        {
            if (TimeOf(Path.GetFileNameWithoutExtension(file)) is { } time)
                found.Add((time, file));
        }

        return [.. found.OrderByDescending(static one => one.Time)];
    }

    /// <summary>Deletes all but the newest backups of a collection.</summary>
    public void Prune(string collection, int keep)
    {
        foreach ((_, string file) in List(collection).Skip(keep))
            File.Delete(file);
    }

    private static DateTimeOffset? TimeOf(string name) =>
        DateTimeOffset.TryParseExact(
            name,
            TimeFormat,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out DateTimeOffset time
        )
            ? time
            : null;
}
