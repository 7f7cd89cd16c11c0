using Microsoft.Data.Sqlite;

namespace Sextant.Search.Storage;

/// <summary>Turns what SQLite reports into what a user can act on.</summary>
internal static class StorageError
{
    private const int Busy = 5, Locked = 6, ReadOnly = 8, IoError = 10, Corrupt = 11, Full = 13, CantOpen = 14, NotADatabase = 26;

    public static SextantException Of(SqliteException error, string file) => error.SqliteErrorCode switch
    {
        Corrupt or NotADatabase => Damaged(file, error.Message, error),
        Full => new($"{file}: the disk is full; nothing of this write was stored, and all that was stored before is still there", error),
        Busy or Locked => new($"{file} is locked by another program; try again when that has ended", error),
        ReadOnly => new($"{file} cannot be written: check the permissions of the file and of its folder", error),
        CantOpen => new($"{file} cannot be opened: check that it is there and may be read", error),
        IoError => new($"{file}: reading or writing failed ({error.Message}); check the disk", error),
        _ => new($"{file}: {error.Message}", error),
    };

    public static SextantException Damaged(string file, string what, Exception? cause = null) =>
        new($"{file} is damaged: {what}; bring back a backup with: sextant collection restore {Path.GetDirectoryName(file)} BACKUP", cause);
}
