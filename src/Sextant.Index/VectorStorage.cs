namespace Sextant.Index;

/// <summary>
/// What an index holds of each vector in memory to walk the graph by. Whatever it is, the best candidates are compared again with the
/// float32 vectors themselves, so scores are exact; what is not in memory is read from a file.
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
}
