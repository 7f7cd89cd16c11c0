namespace Sextant.Index.Spaces;

/// <summary>
/// How rows are kept in memory and compared while the graph is walked. A struct, so that the walk is compiled for each of them.
/// </summary>
internal unsafe interface IRowSpace
{
    /// <summary>The bytes of a row; a multiple of 4.</summary>
    int RowBytes { get; }

    /// <summary>Writes a vector as a row.</summary>
    void Encode(ReadOnlySpan<float> vector, byte* row);

    /// <summary>How far apart two rows are; lower is nearer, and negative is allowed.</summary>
    float Distance(byte* a, byte* b);
}
