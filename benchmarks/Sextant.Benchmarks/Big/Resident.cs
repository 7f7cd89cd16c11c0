using System.Diagnostics;

namespace Sextant.Benchmarks.Big;

/// <summary>The memory of this process, in MiB.</summary>
internal static class Resident
{
    public static double Now()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        using var self = Process.GetCurrentProcess();
        return self.WorkingSet64 / (double)(1 << 20);
    }

    public static double Most()
    {
        using var self = Process.GetCurrentProcess();
        return self.PeakWorkingSet64 / (double)(1 << 20);
    }
}
