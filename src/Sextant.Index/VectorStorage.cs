namespace Sextant.Index;

/// <summary>
/// The in-memory code of each vector with which an index traverses the graph. With every code, the best candidates are reranked with the
/// float32 vectors, so scores are exact; vectors that are not in memory are read from a file.
/// </summary>
public enum VectorStorage
{
    /// <summary>8 bits a value after a random rotation, and the vectors in memory as well.</summary>
    Float32 = 0,

    /// <summary>8 bits a value after a random rotation; the vectors are in a file.</summary>
    Int8 = 1,

    /// <summary>4 bits a value after a random rotation; the vectors are in a file.</summary>
    Int4 = 2,

    /// <summary>1 bit a value after a random rotation; the vectors are in a file. Finds less at the same number of candidates.</summary>
    Bit = 3,

    /// <summary>
    /// 8 bits a value after a random rotation, 1 bit a value for each of 32 neighbors in the graph, and the vectors in memory as well.
    /// Searches are the fastest where vectors are long; needs the most memory.
    /// </summary>
    Packed = 4,
}
