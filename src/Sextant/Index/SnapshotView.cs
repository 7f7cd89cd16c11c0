using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;

namespace Sextant.Index;

/// <summary>
/// The beginning of a snapshot in memory, without being read: pages come from the file when they are touched, and what is written to them stays in this
/// process (copy on write).
/// </summary>
internal sealed unsafe class SnapshotView : IDisposable
{
    private readonly MemoryMappedFile? _file;
    private readonly MemoryMappedViewAccessor? _view;
    private readonly void* _copy;

    public SnapshotView(string path, long length)
    {
        Length = length;
        using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        // A mapped file cannot be replaced on Windows, and a newer snapshot must be able to take its place.
        if (OperatingSystem.IsWindows())
        {
            _copy = NativeMemory.AlignedAlloc((nuint)length, 64);
            Start = (byte*)_copy;
            for (long done = 0; done < length;)
            {
                int read = stream.Read(new Span<byte>(Start + done, (int)Math.Min(1 << 24, length - done)));
                if (read == 0) throw new InvalidDataException("it ends early");
                done += read;
            }

            return;
        }

        _file = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
        _view = _file.CreateViewAccessor(0, length, MemoryMappedFileAccess.CopyOnWrite);
        byte* start = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        Start = start + _view.PointerOffset;
    }

    public byte* Start { get; }

    public long Length { get; }

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
