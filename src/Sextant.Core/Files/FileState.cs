using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Sextant.Files;

/// <summary>The identity of the file behind a path; no two existing files share one.</summary>
internal readonly record struct FileIdentity(ulong Device, ulong Number, long Created);

/// <summary>The current state of a file: its identity, and properties that change when the file is overwritten in place.</summary>
internal readonly partial record struct FileState(FileIdentity Identity, long Length, long Modified)
{
    private const int CurrentDirectory = -100,
        EmptyPath = 0x1000,
        NoSuchFile = 2,
        NotADirectory = 20;
    private const uint BasicStats = 0x7ff,
        BirthTime = 0x800;

    /// <summary>The size of the kernel's structure, whose layout is the same on every architecture.</summary>
    private const int StatxBytes = 256;

    private static volatile bool LacksStatx = !OperatingSystem.IsLinux();

    /// <summary>The state of the file at <paramref name="path"/>, or <see langword="null"/> if no file exists.</summary>
    public static FileState? Get(string path)
    {
        if (!LacksStatx && TryStatx(CurrentDirectory, path, 0, out FileState? state))
            return state;
        // An open database cannot be replaced on Windows, and other systems date the creation of a file to the nanosecond.
        FileInfo file = new(path);
        return file.Exists ? new(new(0, 0, file.CreationTimeUtc.Ticks), file.Length, file.LastWriteTimeUtc.Ticks) : null;
    }

    /// <summary>
    /// The identity of an open file, even if its path now leads to another one; <see langword="null"/> if the system does not provide it.
    /// </summary>
    public static FileIdentity? IdentityOf(SafeFileHandle file)
    {
        if (LacksStatx)
            return null;
        bool added = false;
        try
        {
            file.DangerousAddRef(ref added);
            return TryStatx((int)file.DangerousGetHandle(), "", EmptyPath, out FileState? state) ? state?.Identity : null;
        }
        finally
        {
            if (added)
                file.DangerousRelease();
        }
    }

    private static unsafe bool TryStatx(int directory, string path, int flags, out FileState? state)
    {
        Span<byte> stat = stackalloc byte[StatxBytes];
        state = null;
        try
        {
            fixed (byte* buffer = stat)
            {
                if (Statx(directory, path, flags, BasicStats | BirthTime, buffer) != 0)
                    return Marshal.GetLastPInvokeError() is NoSuchFile or NotADirectory;
            }
        }
        catch (EntryPointNotFoundException)
        {
            LacksStatx = true;
            return false;
        }

        ulong device = ((ulong)UInt32(stat, 136) << 32) | UInt32(stat, 140);
        long born = (UInt32(stat, 0) & BirthTime) == 0 ? 0 : Time(stat, 80);
        state = new(new(device, (ulong)Int64(stat, 32), born), Int64(stat, 40), Time(stat, 112));
        return true;
    }

    private static uint UInt32(ReadOnlySpan<byte> stat, int offset) => BitConverter.ToUInt32(stat[offset..]);

    private static long Int64(ReadOnlySpan<byte> stat, int offset) => BitConverter.ToInt64(stat[offset..]);

    private static long Time(ReadOnlySpan<byte> stat, int offset) =>
        unchecked((Int64(stat, offset) * 1_000_000_000) + UInt32(stat, offset + 8));

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static unsafe partial int Statx(int directory, string path, int flags, uint mask, byte* buffer);
}
