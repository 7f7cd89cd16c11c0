using Sextant.Index.Snapshots;

namespace Sextant.Index.Memory;

/// <summary>Vectors in memory.</summary>
internal sealed unsafe class MemoryRows(int dimensions) : VectorRows
{
    private readonly NativeChunks _rows = new(dimensions * sizeof(float));
    private readonly Lock _growing = new();

    private SnapshotView? _snapshot;

    public override ulong? Borrow(string snapshot, long start, int count, long bytes)
    {
        if (bytes > SnapshotView.WhollyRead)
        {
            _snapshot = new(snapshot, start, bytes);
            _rows.Borrow(_snapshot.Start, count);
            return null;
        }

        using FileStream stream = new(snapshot, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0)
        {
            Position = start,
        };
        return _rows.ReadFrom(stream, count, bytes);
    }

    public override float* GetRow(int node) => (float*)_rows[node];

    public override void Read(int node, Span<float> vector) => new ReadOnlySpan<float>(GetRow(node), dimensions).CopyTo(vector);

    public override void Write(int node, ReadOnlySpan<float> vector)
    {
        lock (_growing)
            _rows.Reserve(node + 1);
        vector.CopyTo(new Span<float>(GetRow(node), dimensions));
    }

    public override void CopyTo(Stream stream, int count) => _rows.CopyTo(stream, count);

    public override void Dispose() => _snapshot?.Dispose();
}
