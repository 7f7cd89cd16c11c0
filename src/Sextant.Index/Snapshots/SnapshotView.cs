using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;

namespace Sextant.Index.Snapshots;

/// <summary>
/// A memory-mapped part of a snapshot: pages are loaded on first access, and writes to them stay in this process (copy on write).
/// </summary>
internal sealed unsafe class SnapshotView : IDisposable
{
    /// <summary>Up to this size a part is read into private memory, which may have large pages, instead of being mapped.</summary>
    public const long WhollyRead = 512L << 20;

    private readonly MemoryMappedFile? _file;
    private readonly MemoryMappedViewAccessor? _view;
    private readonly void* _copy;

    /// <param name="path">The file.</param>
    /// <param name="from">The start of the part.</param>
    /// <param name="length">Its bytes.</param>
    public SnapshotView(string path, long from, long length)
    {
        using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        // A mapped file cannot be replaced on Windows, and a newer snapshot must be able to take its place.
        if (OperatingSystem.IsWindows())
        {
            stream.Position = from;
            _copy = NativeMemory.AlignedAlloc((nuint)length, 64);
            Start = (byte*)_copy;
            for (long done = 0; done < length; )
            {
                int read = stream.Read(new Span<byte>(Start + done, (int)Math.Min(1 << 24, length - done)));
                if (read == 0)
                    throw new InvalidDataException("it is truncated");
                done += read;
            }

            return;
        }

        _file = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
        _view = _file.CreateViewAccessor(from, length, MemoryMappedFileAccess.CopyOnWrite);
        byte* start = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        Start = start + _view.PointerOffset;
    }

    public byte* Start { get; }

    public void Dispose()
    {
        if (_view is not null)
        {
            _view.SafeMemoryMappedViewHandle.ReleasePointer();
            _view.Dispose();
        }

        _file?.Dispose();
        NativeMemory.AlignedFree(_copy);
    }
}
