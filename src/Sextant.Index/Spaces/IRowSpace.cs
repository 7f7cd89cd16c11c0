namespace Sextant.Index.Spaces;

/// <summary>
/// How rows are kept in memory and compared while the graph is walked. A struct, so that the walk is compiled for each of them.
/// </summary>
internal unsafe interface IRowSpace
{
    /// <summary>The bytes of a row; a multiple of 4.</summary>
    int RowBytes { get; }

    /// <summary>The bytes of a row that hold its codes; floats follow.</summary>
    int CodeBytes { get; }

    /// <summary>The bytes of a query.</summary>
    int QueryBytes { get; }

    /// <summary>Writes a vector as a row.</summary>
    void Encode(ReadOnlySpan<float> vector, byte* row);

    /// <summary>Writes a vector as something that rows are compared with.</summary>
    void EncodeQuery(ReadOnlySpan<float> vector, byte* query);

    /// <summary>
    /// Reads the rotated vector that a row stands for. Its inner product with that of a query is what <see cref="Distance"/> goes by.
    /// </summary>
    void Decode(byte* row, Span<float> vector);

    /// <summary>Reads the rotated vector that a query stands for.</summary>
    void DecodeQuery(byte* query, Span<float> vector);

    /// <summary>How far a row is from a query; lower is nearer, and negative is allowed.</summary>
    float Distance(byte* query, byte* row);

    /// <summary>How far apart two rows are.</summary>
    float Between(byte* a, byte* b);

    /// <summary>By how much <see cref="Distance"/> may be wrong, hardly ever exceeded.</summary>
    float Doubt(byte* query, byte* row);
}
