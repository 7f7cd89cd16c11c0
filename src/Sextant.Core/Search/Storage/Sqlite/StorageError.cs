using Microsoft.Data.Sqlite;

namespace Sextant.Search.Storage.Sqlite;

/// <summary>Turns what SQLite reports into what a user can act on.</summary>
internal static class StorageError
{
    private const int Error = 1,
        Busy = 5,
        Locked = 6,
        ReadOnly = 8,
        IoError = 10,
        Corrupt = 11,
        Full = 13,
        CantOpen = 14,
        TooBig = 18,
        Constraint = 19,
        Mismatch = 20,
        NotADatabase = 26;

    public static SextantException Translate(SqliteException error, string file) =>
        error.SqliteErrorCode switch
        {
            Corrupt or NotADatabase or Constraint or Mismatch or TooBig => (SextantException)Damaged(file, error.Message, error),
            // The statements are ours, so a name that they do not find, or JSON that cannot be read, was changed in the file.
            Error when IsAboutContent(error.Message) => Damaged(file, error.Message, error),
            Full => new($"{file}: the disk is full; nothing of this write was stored, and earlier data is intact", error),
            Busy or Locked => new($"{file} is locked by another program; try again when it has finished", error),
            ReadOnly => new($"{file} cannot be written: check the permissions of the file and of its folder", error),
            CantOpen => new($"{file} cannot be opened: check that it exists and is readable", error),
            IoError => new($"{file}: reading or writing failed ({error.Message}); check the disk", error),
            _ => new($"{file}: {error.Message}", error),
        };

    /// <summary>The error for a damaged file, with instructions to restore a backup.</summary>
    /// <param name="file">The file.</param>
    /// <param name="problem">The problem.</param>
    /// <param name="cause">The exception that reported it.</param>
    /// <param name="orElse">An alternative to restoring a backup.</param>
    public static CollectionDamagedException Damaged(string file, string problem, Exception? cause = null, string? orElse = null)
    {
        string folder = Path.GetDirectoryName(file) ?? file;
        return new($"{file} is damaged: {problem}; restore a backup{(orElse is null ? "" : $", or {orElse}")}", cause)
        {
            Problem = problem,
            Remedies = [new Remedy(RemedyAction.RestoreCollection, folder)],
        };
    }

    private static bool IsAboutContent(string message) =>
        ((string[])["no such", "malformed", "has no column", "type mismatch", "duplicate column", "fts5", "vtable"]).Any(part =>
            message.Contains(part, StringComparison.OrdinalIgnoreCase)
        );
}
