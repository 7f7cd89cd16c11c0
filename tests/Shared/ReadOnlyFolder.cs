using System.Diagnostics;

namespace Sextant.Tests.Shared;

/// <summary>
/// A folder that is read-only during the lifetime of this object: by its permissions or, for root, who ignores them, by a read-only mount.
/// </summary>
internal sealed class ReadOnlyFolder : IDisposable
{
    private readonly string _folder;
    private readonly bool _isMounted;

    private ReadOnlyFolder(string folder, bool isMounted) => (_folder, _isMounted) = (folder, isMounted);

    /// <summary>Closes <paramref name="folder"/> and all in it to writers, or skips the test where that cannot be done.</summary>
    public static ReadOnlyFolder Make(string folder)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "permissions of folders are other ones there");
        if (!Environment.IsPrivilegedProcess)
        {
            Protect(folder, writable: false);
            return new(folder, isMounted: false);
        }

        Assert.SkipUnless(
            OperatingSystem.IsLinux() && Run("mount", "--bind", folder, folder),
            "root is not stopped by permissions, and cannot mount here"
        );
        ReadOnlyFolder place = new(folder, isMounted: true);
        if (Run("mount", "-o", "remount,ro,bind", folder))
            return place;
        place.Dispose();
        Assert.Skip("root is not stopped by permissions, and cannot mount read-only here");
        return place;
    }

    public void Dispose()
    {
        if (_isMounted)
            Run("umount", "-l", _folder);
        else
            Protect(_folder, writable: true);
    }

    private static void Protect(string folder, bool writable)
    {
        const UnixFileMode Writing = UnixFileMode.UserWrite;
        foreach (string entry in Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories).Append(folder))
        {
#pragma warning disable CA1416 // Not called on Windows.
            UnixFileMode mode = File.GetUnixFileMode(entry);
            File.SetUnixFileMode(entry, writable ? mode | Writing : mode & ~Writing);
#pragma warning restore CA1416
        }
    }

    private static bool Run(string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardError = true, UseShellExecute = false };
        using Process process = Process.Start(start)!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
