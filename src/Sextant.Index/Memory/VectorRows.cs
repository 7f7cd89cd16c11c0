namespace Sextant.Index.Memory;

/// <summary>The float32 vectors of the nodes, which the best candidates of a walk are compared with.</summary>
internal abstract unsafe class VectorRows : IDisposable
{
    /// <summary>Takes the first rows from a snapshot, which may be replaced afterward.</summary>
    /// <param name="snapshot">The file.</param>
    /// <param name="start">The offset of the first row.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="bytes">The bytes of their section, with what fills it up behind them.</param>
    /// <returns>The hash of the section, if it was read.</returns>
    public abstract ulong? Borrow(string snapshot, long start, int count, long bytes);

    /// <summary>Where the vector of a node is in memory; null where it is not.</summary>
    public abstract float* GetRow(int node);

    public abstract void Read(int node, Span<float> vector);

    public abstract void Write(int node, ReadOnlySpan<float> vector);

    /// <summary>Writes the first rows one after the other.</summary>
    public abstract void CopyTo(Stream stream, int count);

    public abstract void Dispose();
}
