using System.Globalization;
using Sextant.Numerics;

namespace Sextant.Index.Interchange;

/// <summary>
/// FAISS files: <c>IndexHNSWFlat</c>, <c>IndexFlatIP</c> and <c>IndexFlatL2</c>, alone or inside an <c>IndexIDMap</c> or
/// <c>IndexIDMap2</c>. A graph is imported and exported unchanged, without rebuilding.
/// </summary>
public static class FaissFile
{
    /// <summary>Reads the vectors of a file, and their ids where it maps them.</summary>
    /// <exception cref="InputException">It is of another kind, or is damaged.</exception>
    public static VectorTable ReadVectors(string path) => Read(path).Vectors;

    /// <summary>Opens the graph of a file. Vectors go by the file's ids, or else by their position from 0.</summary>
    /// <param name="path">An <c>IndexHNSWFlat</c>, with or without an id map.</param>
    /// <exception cref="InputException">It is of another kind, or is damaged; or its nodes have more links than can be held.</exception>
    public static HnswIndex OpenHnsw(string path)
    {
        FaissContent content = Read(path);
        if (content.Graph is not { } graph)
            throw new InputException($"{path} is an IndexFlat, which has no graph; read its vectors and add them to an index");
        if (graph.M > HnswOptions.MaxM)
        {
            throw new InputException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{path}: a node of this graph has up to {graph.M} links, and {HnswOptions.MaxM} can be held; build it again with a "
                        + $"smaller M"
                )
            );
        }

        HnswOptions options = new()
        {
            M = graph.M,
            EfConstruction = Math.Clamp(content.EfConstruction, 1, HnswOptions.MaxEf),
            EfSearch = Math.Clamp(content.EfSearch, 1, HnswOptions.MaxEf),
            Metric = content.Metric,
        };
        VectorTable vectors = content.Vectors;
        ReadOnlyMemory<long> ids = vectors.Ids ?? Enumerable.Range(0, vectors.Count).Select(i => (long)i).ToArray();
        try
        {
            return HnswIndex.FromGraph(vectors.Dimensions, options, graph, ids, vectors.Rows);
        }
        catch (InvalidDataException e)
        {
            throw InterchangeFile.Damaged(path, e.Message);
        }
    }

    /// <summary>
    /// Writes an index as an <c>IndexHNSWFlat</c>, whole or not at all; ids other than 0, 1, 2 … are kept in an <c>IndexIDMap2</c>.
    /// </summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void WriteHnsw(string path, HnswIndex index)
    {
        ArgumentNullException.ThrowIfNull(index);
        (HnswGraph graph, long[] ids) = index.ToGraph();
        float[] row = new float[index.Dimensions];
        AtomicFile.Write(
            path,
            stream =>
                WriteHnsw(
                    stream,
                    index.Dimensions,
                    index.Options,
                    index.EfSearch,
                    graph,
                    ArePositions(ids) ? null : ids,
                    node =>
                    {
                        if (!index.TryGetVector(ids[node], row))
                            throw new SextantException($"{path}: a vector was removed while the file was written; write it again");
                        return row;
                    }
                )
        );
    }

    /// <summary>
    /// Writes vectors as an <c>IndexFlatIP</c> or <c>IndexFlatL2</c>, whole or not at all; ids are kept in an <c>IndexIDMap2</c>.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="vectors">The rows.</param>
    /// <param name="metric">
    /// By what FAISS compares them; for <see cref="SimilarityMetric.Cosine"/> their inner product, so scale them to length 1 before.
    /// </param>
    public static void WriteFlat(string path, VectorTable vectors, SimilarityMetric metric)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        AtomicFile.Write(
            path,
            stream =>
            {
                FaissWriter writer = new(stream, vectors.Dimensions, vectors.Count, metric);
                writer.BeginIds(vectors.Ids is not null);
                writer.BeginFlat();
                for (int row = 0; row < vectors.Count; row++)
                    writer.Row(vectors.Row(row));
                if (vectors.Ids is { } ids)
                    writer.Ids(ids.Span);
            }
        );
    }

    /// <summary>
    /// The bytes before the vectors of an <c>IndexFlatIP</c> or <c>IndexFlatL2</c>, for programs that write the vectors themselves, one
    /// after the other as little-endian float32.
    /// </summary>
    /// <param name="count">The number of vectors; the header has the same length for every count.</param>
    /// <param name="dimensions">The length of a vector.</param>
    /// <param name="metric">How FAISS compares them.</param>
    /// <param name="withIds">Whether an <c>IndexIDMap2</c> is begun, whose ids <see cref="WriteIds"/> writes after the vectors.</param>
    public static byte[] CreateFlatHeader(long count, int dimensions, SimilarityMetric metric, bool withIds)
    {
        using MemoryStream header = new();
        FaissWriter writer = new(header, dimensions, count, metric);
        writer.BeginIds(withIds);
        writer.BeginFlat();
        return header.ToArray();
    }

    /// <summary>Writes the ids that end an <c>IndexIDMap2</c>.</summary>
    /// <param name="stream">Where they are written, after the vectors.</param>
    /// <param name="ids">As many as there are vectors.</param>
    /// <exception cref="IOException">The stream cannot be written.</exception>
    public static void WriteIds(Stream stream, ReadOnlySpan<long> ids)
    {
        ArgumentNullException.ThrowIfNull(stream);
        FaissWriter.WriteVector(stream, ids);
    }

    /// <summary>Reads a whole file: its vectors, their ids, and its graph.</summary>
    /// <exception cref="InputException">The file is of another kind, or is damaged.</exception>
    public static FaissContent Read(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        using FileStream stream = InterchangeFile.Open(path);
        try
        {
            return new FaissReader(path, stream).Read();
        }
        catch (EndOfStreamException)
        {
            throw InterchangeFile.Damaged(path, "it is truncated");
        }
    }

    /// <summary>Writes a graph whose vectors are stored elsewhere as an <c>IndexHNSWFlat</c>.</summary>
    /// <param name="stream">Where it is written.</param>
    /// <param name="dimensions">The length of a vector.</param>
    /// <param name="options">
    /// The options the graph was built with; FAISS compares by inner product for <see cref="SimilarityMetric.Cosine"/>.
    /// </param>
    /// <param name="efSearch">The <c>efSearch</c> that FAISS searches with.</param>
    /// <param name="graph">The graph.</param>
    /// <param name="ids">The id of each node, which are kept in an <c>IndexIDMap2</c>; none for 0, 1, 2 …</param>
    /// <param name="readVector">Returns the vector of a node; called once for each, in their order.</param>
    /// <exception cref="IOException">The stream cannot be written.</exception>
    public static void WriteHnsw(
        Stream stream,
        int dimensions,
        HnswOptions options,
        int efSearch,
        HnswGraph graph,
        long[]? ids,
        Func<int, ReadOnlyMemory<float>> readVector
    )
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(readVector);
        FaissWriter writer = new(stream, dimensions, graph.Count, options.Metric);
        writer.BeginIds(ids is not null);
        writer.Graph(graph, options, efSearch);
        writer.BeginFlat();
        for (int node = 0; node < graph.Count; node++)
            writer.Row(readVector(node).Span);
        if (ids is not null)
            writer.Ids(ids);
    }

    private static bool ArePositions(long[] ids)
    {
        for (int i = 0; i < ids.Length; i++)
        {
            if (ids[i] != i)
                return false;
        }

        return true;
    }
}
