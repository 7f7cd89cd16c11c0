using System.Runtime.InteropServices;

namespace Sextant.Training.Torch.Native;

/// <summary>
/// Gives memory that libtorch has freed back to the system. glibc keeps it in pieces, which the next slice's tensors, of other sizes, do not fill: over
/// the slices of a large batch the process grows to several times of what is in use.
/// </summary>
internal static class FreedMemory
{
    private static bool HasTrim { get; set; } = OperatingSystem.IsLinux();

    public static void GiveBack()
    {
        try
        {
            _ = HasTrim ? Trim(0) : 0;
        }
        catch (EntryPointNotFoundException)
        {
            // Another C library than glibc, which has no such call.
            HasTrim = false;
        }
    }

    [DllImport("libc", EntryPoint = "malloc_trim", ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Trim(nuint pad);
}
