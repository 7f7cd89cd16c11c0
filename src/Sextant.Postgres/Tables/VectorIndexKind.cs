namespace Sextant.Postgres.Tables;

/// <summary>The element type of the vector index. The vectors in the table are always float32.</summary>
internal enum VectorIndexKind
{
    /// <summary>float32; up to 2,000 dimensions.</summary>
    Full,

    /// <summary>float16, scored again by the float32 vectors; up to 4,000 dimensions.</summary>
    Half,

    /// <summary>One bit a dimension, scored again by the float32 vectors; up to 16,000 dimensions, which is what a column holds.</summary>
    Binary,

    /// <summary>No index: every search compares with everything.</summary>
    None,
}
