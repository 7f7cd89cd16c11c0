using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Sextant.Index.Memory;

namespace Sextant.Index.Snapshots;

/// <summary>
/// Float32 vectors by node in a file, read one at a time: they are rarely compared, and memory is reserved for the codes that searches
/// traverse. The first ones may be in a snapshot; writes go to a temporary file that disappears with the process, even after a crash. A few
/// are kept in memory, so that a small index needs no file.
/// </summary>
internal sealed unsafe class RowFile(int dimensions) : VectorRows
{
    private const int KeptFloats = 1 << 18;

    /// <summary>
    /// Linux keeps what comes in pieces of this size on large pages of its cache, from which a row is read in 7 tenths of the time.
    /// </summary>
    private const int PieceFloats = 1 << 18;

    private readonly int _rowBytes = dimensions * sizeof(float);
    private readonly int _keptCount = KeptFloats / dimensions;
    private readonly Lock _creating = new();

    // The rows of the snapshot that were overwritten.
    private readonly ConcurrentDictionary<int, bool> _rewritten = [];

    private volatile float[]? _kept;
    private volatile SafeFileHandle? _own;
    private SafeFileHandle? _snapshot;
    private long _snapshotStart;
    private int _snapshotCount;

    public override ulong? Borrow(string snapshot, long start, int count, long bytes)
    {
        SafeFileHandle file = File.OpenHandle(
            snapshot,
            FileMode.Open,
            FileAccess.Read,
            FileShare.Read | FileShare.Delete,
            FileOptions.RandomAccess
        );
        (_snapshot, _snapshotStart, _snapshotCount) = (file, start, count);
        if (!OperatingSystem.IsWindows())
            return null;
        // There, a file that is open cannot be replaced.
        float[] row = new float[dimensions];
        for (int node = 0; node < count; node++)
        {
            Read(node, row);
            Write(node, row);
        }

        _snapshotCount = 0;
        file.Dispose();
        return null;
    }

    public override float* GetRow(int node) => null;

    public override void Read(int node, Span<float> vector)
    {
        bool isInSnapshot = node < _snapshotCount && !_rewritten.ContainsKey(node);
        if (!isInSnapshot && node < _keptCount && _kept is { } kept)
        {
            kept.AsSpan(node * dimensions, dimensions).CopyTo(vector);
            return;
        }

        SafeFileHandle file = (isInSnapshot ? _snapshot : _own) ?? throw new InvalidOperationException("No row has been written yet.");
        long at = (isInSnapshot ? _snapshotStart : 0) + ((long)node * _rowBytes);
        Read(file, at, vector);
    }

    public override void Write(int node, ReadOnlySpan<float> vector)
    {
        if (node < _keptCount)
            vector.CopyTo(Kept().AsSpan(node * dimensions));
        else
            RandomAccess.Write(Own(), MemoryMarshal.AsBytes(vector), (long)node * _rowBytes);
        if (node < _snapshotCount)
            _rewritten[node] = true;
    }

    public override void CopyTo(Stream stream, int count)
    {
        int most = Math.Min(count, Math.Max(1, PieceFloats / dimensions));
        float[] piece = new float[most * dimensions];
        for (int first = 0; first < count; first += most)
        {
            int rows = Math.Min(most, count - first);
            Span<float> vectors = piece.AsSpan(0, rows * dimensions);
            if (first >= _snapshotCount && first >= _keptCount && _own is { } own)
                Read(own, (long)first * _rowBytes, vectors);
            else if (first + rows <= _snapshotCount && _rewritten.IsEmpty)
                Read(_snapshot!, _snapshotStart + ((long)first * _rowBytes), vectors);
            else
                ReadEach(first, vectors);
            stream.Write(MemoryMarshal.AsBytes(vectors));
        }
    }

    private void ReadEach(int first, Span<float> vectors)
    {
        for (int at = 0; at < vectors.Length; at += dimensions)
            Read(first++, vectors.Slice(at, dimensions));
    }

    private static void Read(SafeFileHandle file, long at, Span<float> values)
    {
        Span<byte> bytes = MemoryMarshal.AsBytes(values);
        for (int done = 0; done < bytes.Length; )
        {
            int read = RandomAccess.Read(file, bytes[done..], at + done);
            // Never written, because the insertion that reserved the slot failed.
            if (read == 0)
                bytes[done..].Clear();
            done += read == 0 ? bytes.Length - done : read;
        }
    }

    public override void Dispose()
    {
        _own?.Dispose();
        _snapshot?.Dispose();
    }

    private float[] Kept()
    {
        if (_kept is { } kept)
            return kept;
        lock (_creating)
            return _kept ??= new float[_keptCount * dimensions];
    }

    private SafeFileHandle Own()
    {
        if (_own is { } file)
            return file;
        lock (_creating)
        {
            if (_own is { } made)
                return made;
            string path = Path.Combine(Path.GetTempPath(), $"sextant-rows-{Guid.NewGuid():N}.tmp");
            FileOptions options = FileOptions.RandomAccess | FileOptions.DeleteOnClose;
            SafeFileHandle own;
            try
            {
                own = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete, options);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new SextantException(
                    $"vectors need a temporary file, and {path} cannot be created ({e.Message}); set TMPDIR to a folder with free space",
                    e
                );
            }

            // Without a name already now, so that not even a kill leaves it behind; where that cannot be, closing deletes it.
            if (!OperatingSystem.IsWindows())
                File.Delete(path);
            return _own = own;
        }
    }
}
