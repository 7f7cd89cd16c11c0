namespace Sextant.Sources.Transfer;

/// <summary>A file format to exchange collections with other programs.</summary>
public enum InterchangeFormat
{
    /// <summary>An object a line: <c>id</c>, <c>text</c>, <c>metadata</c>, <c>embedding</c>.</summary>
    JsonLines,

    /// <summary>Columns <c>id</c>, <c>text</c>, <c>metadata</c> (JSON) and <c>embedding</c> (a list of float32).</summary>
    Parquet,

    /// <summary>A NumPy array, a vector a row.</summary>
    Npy,

    /// <summary>The vector files of the TEXMEX data sets.</summary>
    Fvecs,

    /// <summary>A FAISS <c>IndexHNSWFlat</c>: the vectors and the unchanged graph. For reading, any supported FAISS file.</summary>
    Faiss,

    /// <summary>A FAISS <c>IndexFlat</c>: the vectors alone. Read, any FAISS file that is known here.</summary>
    FaissFlat,

    /// <summary>
    /// Whole numbers as the TEXMEX data sets have them. Written, the places of the 100 documents nearest to each, nearest first, counted
    /// from 0; read, vectors of whole numbers.
    /// </summary>
    Ivecs,
}
