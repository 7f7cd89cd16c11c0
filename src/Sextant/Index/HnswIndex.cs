using System.Collections.Concurrent;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using Sextant.Vectors;

namespace Sextant.Index;

/// <summary>Vectors by id, and the nearest of them to a query. Every search compares with every vector. Thread-safe.</summary>
public sealed class HnswIndex : IDisposable
{
    private const uint Magic = 0x58455853;

    private readonly ConcurrentDictionary<long, float[]> _vectors = new();

    /// <summary>An empty index.</summary>
    public HnswIndex(int dimensions, HnswOptions? options = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dimensions);
        Dimensions = dimensions;
        Options = options ?? new();
    }

    /// <summary>The length of its vectors.</summary>
    public int Dimensions { get; }

    /// <summary>How many vectors it holds.</summary>
    public int Count => _vectors.Count;

    /// <summary>How it is built.</summary>
    public HnswOptions Options { get; }

    /// <summary>A number of the caller's, kept in the file.</summary>
    public long Stamp { get; set; }

    /// <summary>Adds a vector, or replaces the one with this id.</summary>
    public void Add(long id, ReadOnlySpan<float> vector)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(vector.Length, Dimensions, nameof(vector));
        _vectors[id] = vector.ToArray();
    }

    /// <summary>Adds many vectors, a row each.</summary>
    public void AddRange(
        ReadOnlyMemory<long> ids, ReadOnlyMemory<float> rows, int maxDegreeOfParallelism = -1, IProgress<int>? progress = null,
        CancellationToken ct = default)
    {
        _ = maxDegreeOfParallelism;
        for (int i = 0; i < ids.Length; i++)
        {
            ct.ThrowIfCancellationRequested();
            Add(ids.Span[i], rows.Span.Slice(i * Dimensions, Dimensions));
        }

        progress?.Report(ids.Length);
    }

    /// <summary>Removes a vector.</summary>
    /// <returns>Whether it was there.</returns>
    public bool Remove(long id) => _vectors.TryRemove(id, out _);

    /// <summary>Whether there is a vector with this id.</summary>
    public bool Contains(long id) => _vectors.ContainsKey(id);

    /// <summary>The nearest, best first.</summary>
    public Neighbor[] Search(ReadOnlySpan<float> query, int topK, SearchParameters? parameters = null)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(query.Length, Dimensions, nameof(query));
        PriorityQueue<Neighbor, (float Score, long Id)> best = new();
        foreach ((long id, float[] vector) in _vectors)
        {
            if (parameters?.Filter?.Contains(id) == false) continue;
            float score = VectorMath.Dot(query, vector);
            best.Enqueue(new(id, score), (score, -id));
            if (best.Count > topK) best.Dequeue();
        }

        Neighbor[] found = new Neighbor[best.Count];
        for (int i = found.Length - 1; i >= 0; i--) found[i] = best.Dequeue();
        return found;
    }

    /// <summary>Writes the index to a file, whole or not at all.</summary>
    public void Save(string path) => AtomicFile.Write(path, stream =>
    {
        using MemoryStream body = new();
        using BinaryWriter writer = new(body);
        writer.Write(Magic);
        writer.Write(Dimensions);
        writer.Write(Stamp);
        writer.Write(Count);
        foreach ((long id, float[] vector) in _vectors)
        {
            writer.Write(id);
            writer.Write(MemoryMarshal.AsBytes(vector.AsSpan()));
        }

        stream.Write(body.GetBuffer().AsSpan(0, (int)body.Length));
        stream.Write(XxHash3.Hash(body.GetBuffer().AsSpan(0, (int)body.Length)));
    });

    /// <summary>Reads an index from a file.</summary>
    /// <exception cref="InvalidDataException">The file is not what <see cref="Save"/> wrote.</exception>
    public static HnswIndex Open(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        if (bytes.Length < 28 || !XxHash3.Hash(bytes.AsSpan(0, bytes.Length - 8)).AsSpan().SequenceEqual(bytes.AsSpan(bytes.Length - 8)))
            throw new InvalidDataException("its checksum does not fit");
        using BinaryReader reader = new(new MemoryStream(bytes));
        if (reader.ReadUInt32() != Magic) throw new InvalidDataException("it is no index");
        HnswIndex index = new(reader.ReadInt32()) { Stamp = reader.ReadInt64() };
        for (int count = reader.ReadInt32(); count > 0; count--)
            index.Add(reader.ReadInt64(), MemoryMarshal.Cast<byte, float>(reader.ReadBytes(index.Dimensions * sizeof(float))));
        return index;
    }

    /// <summary>Gives back its memory.</summary>
    public void Dispose() => _vectors.Clear();
}
