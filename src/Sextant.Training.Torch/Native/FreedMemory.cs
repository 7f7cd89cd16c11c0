using System.Runtime.InteropServices;

namespace Sextant.Training.Torch.Native;

/// <summary>
/// Returns memory freed by libtorch to the system. glibc keeps it in fragments that do not fit the next slice's tensors of other sizes, so
/// that the process grows to several times the memory in use over the slices of a large batch.
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
