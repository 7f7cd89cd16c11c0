using System.Runtime.InteropServices;

namespace Sextant;

// Whether this process may write to a file or folder, asked without writing there.
internal static partial class WriteAccess
{
    private const int Write = 2;

    // Whether the path exists and may be written.
    public static bool IsAllowed(string path)
    {
        if (!OperatingSystem.IsWindows())
            return Access(path, Write) == 0;
        // The access list of a folder is only known by trying; a file carries its protection as an attribute too.
        if (!Directory.Exists(path))
            return File.Exists(path) && !File.GetAttributes(path).HasFlag(FileAttributes.ReadOnly);
        try
        {
            using FileStream probe = new(
                Path.Combine(path, $".{Guid.NewGuid():N}.tmp"),
                FileMode.CreateNew,
                FileAccess.Write,
                FileShare.None,
                1,
                FileOptions.DeleteOnClose
            );
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    // Whether a database is there and cannot be written: SQLite needs the file and, for its log, the folder.
    public static bool IsDenied(string database) =>
        File.Exists(database) && !(IsAllowed(Path.GetDirectoryName(database)!) && IsAllowed(database));

    [LibraryImport("libc", EntryPoint = "access", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Access(string path, int mode);
}
