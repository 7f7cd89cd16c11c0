using System.Runtime.InteropServices;
using System.Text;
using Sextant.Numerics;

namespace Sextant.Index.Interchange;

/// <summary>
/// Reads a FAISS file. Every size is checked against the rest of the file before memory is allocated for it, and every link against the
/// graph.
/// </summary>
internal sealed class FaissReader(string path, Stream stream)
{
    private const int KindBytes = 4;
    private const int MaxLevels = 64;

    public FaissContent Read()
    {
        string kind = Kind();
        if (kind is not ("IxMp" or "IxM2"))
            return ReadIndex(kind);
        Header outer = ReadHeader();
        FaissContent content = ReadIndex(Kind());
        if (content.Vectors.Count != outer.Count || content.Vectors.Dimensions != outer.Dimensions)
            throw Damaged("its id map and the index inside it differ in size");
        long[] ids = Vector<long>(outer.Count, "ids");
        return content with { Vectors = new(outer.Dimensions, content.Vectors.Rows, ids) };
    }

    private FaissContent ReadIndex(string kind) =>
        kind switch
        {
            "IHNf" => ReadHnsw(),
            "IxFI" or "IxF2" => ReadFlat(),
            "null" => throw new InputException($"{path}: it has no vectors; write it again with them"),
            _ => throw new InputException(
                $"{path}: it is {Describe(kind)}; use IndexHNSWFlat, IndexFlatIP or IndexFlatL2, with or without an IndexIDMap"
            ),
        };

    private FaissContent ReadFlat()
    {
        Header header = ReadHeader();
        long values = One<long>();
        if (values != header.Count * header.Dimensions)
            throw Damaged(Text($"it declares {values} values for {header.Count} vectors of {header.Dimensions}"));
        RequireLeft(values, sizeof(float), "values");
        float[] rows = new float[InterchangeFile.Values(path, header.Count, header.Dimensions)];
        Fill<float>(rows);
        if (!VectorMath.IsFinite(rows))
            throw Damaged("a vector contains NaN or infinity");
        return new(new(header.Dimensions, rows), header.Metric, null, 0, 0);
    }

    private FaissContent ReadHnsw()
    {
        Header header = ReadHeader();
        Vector<double>(null, "level shares");
        int[] starts = Vector<int>(null, "level starts");
        if (starts.Length is < 2 or > MaxLevels || starts[0] != 0 || !IsRising(starts) || starts[^1] > 1 << 20)
            throw Damaged("the widths of its levels are invalid");
        int[] levels = Vector<int>(header.Count, "levels");
        long[] offsets = Vector<long>(header.Count + 1, "offsets");
        if (offsets[0] != 0)
            throw Damaged("the links of its first node do not start at offset 0");
        for (int node = 0; node < levels.Length; node++)
        {
            if (levels[node] < 1 || levels[node] >= starts.Length || offsets[node + 1] - offsets[node] != starts[levels[node]])
                throw Damaged(Text($"node {node} has levels or links that contradict the rest"));
        }

        int[] links = Vector<int>(offsets[^1], "links");
        int entry = One<int>(),
            highest = One<int>(),
            efConstruction = One<int>(),
            efSearch = One<int>();
        One<int>();
        if (
            entry < -1
            || entry >= header.Count
            || (entry < 0) != (header.Count == 0)
            || (entry >= 0 && (highest != levels[entry] - 1 || highest != levels.Max() - 1))
        )
        {
            throw Damaged("its entry point is not a node of its highest level");
        }
        HnswGraph graph = new(starts, Array.ConvertAll(levels, level => (byte)(level - 1)), links, entry);
        RequireSound(graph);
        FaissContent storage = ReadIndex(Kind());
        if (
            storage.Graph is not null
            || storage.Vectors.Count != header.Count
            || storage.Vectors.Dimensions != header.Dimensions
            || storage.Metric != header.Metric
        )
        {
            throw Damaged("its graph and its vectors differ in number");
        }
        return storage with { Graph = graph, EfConstruction = efConstruction, EfSearch = efSearch };
    }

    private void RequireSound(HnswGraph graph)
    {
        for (int node = 0; node < graph.Count; node++)
        {
            for (int level = 0; level <= graph.Levels[node]; level++)
            {
                foreach (int to in graph.GetLinks(node, level))
                {
                    if ((uint)to >= (uint)graph.Count || graph.Levels[to] < level)
                        throw Damaged(Text($"node {node} links to node {to}, which does not exist"));
                }
            }
        }
    }

    private Header ReadHeader()
    {
        int dimensions = One<int>();
        long count = One<long>();
        One<long>();
        One<long>();
        bool trained = One<byte>() != 0;
        int metric = One<int>();
        if (metric is not (0 or 1))
            throw new InputException($"{path}: unsupported metric {metric}; use inner product (0) or L2 (1)");
        if (dimensions is < 1 or > VectorTable.MaxDimensions || count < 0 || !trained)
            throw Damaged(Text($"it declares {count} vectors of {dimensions} values"));
        // The smallest of these files has four bytes for each value.
        RequireLeft(count, sizeof(float) * (long)dimensions, "vectors");
        return new(dimensions, count, metric == 0 ? SimilarityMetric.Dot : SimilarityMetric.Euclidean);
    }

    private T[] Vector<T>(long? expected, string what)
        where T : unmanaged
    {
        long length = One<long>();
        if (length < 0 || (expected is { } wanted && length != wanted))
            throw Damaged(Text($"it declares {length} {what}"));
        RequireLeft(length, Marshal.SizeOf<T>(), what);
        T[] values = new T[InterchangeFile.Values(path, length, 1)];
        Fill<T>(values);
        return values;
    }

    private void RequireLeft(long items, long bytesEach, string what)
    {
        if (items > (stream.Length - stream.Position) / bytesEach)
            throw Damaged(Text($"it declares {items} {what} but ends before them"));
    }

    private void Fill<T>(Span<T> values)
        where T : unmanaged
    {
        const int Piece = 1 << 20;
        for (int at = 0; at < values.Length; at += Piece)
            stream.ReadExactly(MemoryMarshal.AsBytes(values.Slice(at, Math.Min(Piece, values.Length - at))));
    }

    private T One<T>()
        where T : unmanaged
    {
        T value = default;
        stream.ReadExactly(MemoryMarshal.AsBytes(new Span<T>(ref value)));
        return value;
    }

    private string Kind()
    {
        Span<byte> kind = stackalloc byte[KindBytes];
        stream.ReadExactly(kind);
        return Encoding.Latin1.GetString(kind);
    }

    private static bool IsRising(int[] starts) => starts.Zip(starts.Skip(1)).All(pair => pair.First < pair.Second);

    private static string Describe(string kind) =>
        kind.All(char.IsAsciiLetterOrDigit) ? $"a FAISS index of type '{kind}', or not a FAISS file" : "not a FAISS file";

    private static string Text(FormattableString text) => FormattableString.Invariant(text);

    private InputException Damaged(string what) => InterchangeFile.Damaged(path, what);

    private readonly record struct Header(int Dimensions, long Count, SimilarityMetric Metric);
}
