using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Sextant.Index.Memory;

/// <summary>Memory outside the managed heap that begins with a cache line; freed with this object.</summary>
internal sealed unsafe partial class NativeSlab : SafeHandleZeroOrMinusOneIsInvalid
{
    private const int CacheLine = 64;
    private const int LargePage = 2 << 20;
    private const int AdviceLargePages = 14;

    public NativeSlab(long bytes)
        : base(ownsHandle: true)
    {
        Bytes = bytes;
        bool isLarge = bytes >= LargePage && OperatingSystem.IsLinux();
        Start = (byte*)NativeMemory.AlignedAlloc((nuint)bytes, (nuint)(isLarge ? LargePage : CacheLine));
        SetHandle((nint)Start);
        // A search accesses it randomly. With small pages, each access also causes a TLB miss, which costs as much as the access. This is
        // only advice: on a system without large pages, nothing changes.
        if (isLarge)
            _ = Advise(Start, (nuint)bytes, AdviceLargePages);
        GC.AddMemoryPressure(bytes);
    }

    public long Bytes { get; }

    public byte* Start { get; }

    protected override bool ReleaseHandle()
    {
        NativeMemory.AlignedFree(Start);
        GC.RemoveMemoryPressure(Bytes);
        return true;
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* start, nuint length, int advice);
}
