using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Sextant.Benchmarks.Static;

/// <summary>Holds all threads of this process on its first core, those of the collector too, until it is disposed of.</summary>
internal sealed partial class OneCore : IDisposable
{
    private OneCore() => Allow(1);

    public static OneCore Only() => new();

    public void Dispose() => Allow((1UL << Math.Min(63, Environment.ProcessorCount)) - 1);

    private static void Allow(ulong cores)
    {
        if (OperatingSystem.IsLinux())
        {
            // Here a process has no affinity, each of its threads has one, and hands it on to those that it starts.
            foreach (string thread in Directory.GetDirectories("/proc/self/task"))
            {
                _ = SetAffinity(int.Parse(Path.GetFileName(thread), CultureInfo.InvariantCulture), sizeof(ulong), cores);
            }
        }
        else if (OperatingSystem.IsWindows())
        {
            Process.GetCurrentProcess().ProcessorAffinity = (nint)cores;
        }
    }

    [LibraryImport("libc", EntryPoint = "sched_setaffinity")]
    private static partial int SetAffinity(int thread, nint size, in ulong cores);
}
