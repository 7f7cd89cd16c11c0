using System.Runtime.InteropServices;
using Sextant.Numerics;

namespace Sextant.Index.Interchange;

/// <summary>Writes the parts of a FAISS file in order; docs/formats.md describes the layout.</summary>
internal sealed class FaissWriter(Stream stream, int dimensions, long count, SimilarityMetric metric)
{
    private const long Unused = 1 << 20;
    private const int InnerProduct = 0,
        Euclidean = 1;

    /// <summary>A level that fewer than one node in 10⁹ reaches is not foreseen, as in FAISS.</summary>
    private const double LeastShare = 1e-9;

    private bool IsEuclidean => metric == SimilarityMetric.Euclidean;

    /// <summary>The head of an id map around what follows, when there are ids.</summary>
    public void BeginIds(bool any)
    {
        if (any)
            Head("IxM2"u8);
    }

    /// <summary>Everything of an <c>IndexHNSWFlat</c> but its storage, which follows as a flat index.</summary>
    public void Graph(HnswGraph graph, HnswOptions options, int efSearch)
    {
        Head("IHNf"u8);
        double[] shares = Shares(options.M, graph.LevelStarts.Length - 1);
        Vector<double>(shares);
        int[] starts = HnswGraph.StartsOf(options.M, shares.Length);
        Vector<int>(starts);
        Vector<int>(Array.ConvertAll(graph.Levels, level => level + 1));
        Put<long>(graph.Count + 1);
        for (int node = 0; node <= graph.Count; node++)
            Put(graph.StartOf(node));
        Vector(graph.Links);
        Put(graph.Entry);
        Put(graph.Entry < 0 ? -1 : graph.Levels[graph.Entry]);
        Put(options.EfConstruction);
        Put(efSearch);
        // A beam that is no longer used.
        Put(1);
    }

    /// <summary>The head of a flat index; its rows follow one by one.</summary>
    public void BeginFlat()
    {
        Head(IsEuclidean ? "IxF2"u8 : "IxFI"u8);
        Put(count * dimensions);
    }

    public void Row(ReadOnlySpan<float> row) => stream.Write(MemoryMarshal.AsBytes(row));

    public void Ids(ReadOnlySpan<long> ids) => Vector(ids);

    // How likely a node is on each level, as IndexHNSW computes it.
    private static double[] Shares(int m, int levels)
    {
        List<double> shares = [];
        double mult = 1 / Math.Log(m);
        for (int level = 0; ; level++)
        {
            double share = Math.Exp(-level / mult) * (1 - Math.Exp(-1 / mult));
            if (share < LeastShare && level >= levels)
                return [.. shares];
            shares.Add(share);
        }
    }

    private void Head(ReadOnlySpan<byte> kind)
    {
        stream.Write(kind);
        Put(dimensions);
        Put(count);
        Put(Unused);
        Put(Unused);
        stream.WriteByte(1);
        Put(IsEuclidean ? Euclidean : InnerProduct);
    }

    /// <summary>Writes values after their number.</summary>
    public static void WriteVector<T>(Stream stream, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        const int Piece = 1 << 20;
        stream.Write(BitConverter.GetBytes((long)values.Length));
        for (int at = 0; at < values.Length; at += Piece)
            stream.Write(MemoryMarshal.AsBytes(values.Slice(at, Math.Min(Piece, values.Length - at))));
    }

    private void Vector<T>(ReadOnlySpan<T> values)
        where T : unmanaged => WriteVector(stream, values);

    private void Put<T>(T value)
        where T : unmanaged => stream.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)));
}
