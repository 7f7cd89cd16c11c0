using System.Numerics.Tensors;
using Sextant.Index;
using Sextant.Numerics;

namespace Sextant.Evaluation;

/// <summary>
/// Vectors of one length, one a row, each of length 1 (but for codes of an index) or, for a text without meaning, all zeros.
/// </summary>
public sealed class EmbeddingTable
{
    private readonly ReadOnlyMemory<float> _values;

    private EmbeddingTable(ReadOnlyMemory<float> values, int count, int dimensions) =>
        (_values, Count, Dimensions) = (values, count, dimensions);

    /// <summary>The number of vectors.</summary>
    public int Count { get; }

    /// <summary>The length of each.</summary>
    public int Dimensions { get; }

    /// <summary>The vector of row <paramref name="row"/>.</summary>
    public ReadOnlySpan<float> this[int row] => _values.Span.Slice(row * Dimensions, Dimensions);

    /// <summary>Takes rows over, one after another, and scales each to length 1.</summary>
    /// <param name="values">All rows; changed in place.</param>
    /// <param name="dimensions">The length of a row; at least 1.</param>
    public static EmbeddingTable Take(float[] values, int dimensions)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentOutOfRangeException.ThrowIfLessThan(dimensions, 1);
        if (values.Length % dimensions != 0)
            throw new ArgumentException("The values do not form whole rows.", nameof(values));
        int count = values.Length / dimensions;
        Parallel.For(0, count, row => Scale(values.AsSpan(row * dimensions, dimensions)));
        return new EmbeddingTable(values, count, dimensions);
    }

    /// <summary>
    /// The vectors cut, scaled to length 1 and read back from the codes of an index, to be compared with each other. Codes hold a rotation
    /// of the vector, and rows are a few values longer where those are kept in blocks.
    /// </summary>
    /// <param name="dimensions">The length to cut to (Matryoshka); at most <see cref="Dimensions"/>.</param>
    /// <param name="storage">How the numbers are kept.</param>
    public EmbeddingTable Stored(int dimensions, VectorStorage storage) =>
        Coded(
            dimensions,
            storage,
            static (codec, vector, read) =>
            {
                codec.RoundTrip(vector, read);
                Scale(read);
            }
        );

    /// <summary>
    /// The vectors as an index compares them with queries: their codes make products right on average, at the cost of the length.
    /// </summary>
    internal EmbeddingTable StoredDocuments(int dimensions, VectorStorage storage) =>
        Coded(dimensions, storage, static (codec, vector, read) => codec.RoundTrip(vector, read));

    /// <summary>The vectors as an index compares them with documents.</summary>
    internal EmbeddingTable StoredQueries(int dimensions, VectorStorage storage) =>
        Coded(dimensions, storage, static (codec, vector, read) => codec.RoundTripQuery(vector, read));

    /// <summary>The rows from <paramref name="first"/> on.</summary>
    public EmbeddingTable Skip(int first) => new(_values[(first * Dimensions)..], Count - first, Dimensions);

    /// <summary>The cosine of a row of this table and a row of another.</summary>
    public double Cosine(int row, EmbeddingTable other, int otherRow)
    {
        ArgumentNullException.ThrowIfNull(other);
        return TensorPrimitives.Dot(this[row], other[otherRow]);
    }

    /// <summary>Whether a row is all zeros: the text had nothing that the model knows.</summary>
    public bool IsZero(int row) => !this[row].ContainsAnyExcept(0f);

    private EmbeddingTable Coded(int dimensions, VectorStorage storage, Code code)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimensions, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(dimensions, Dimensions);
        if (dimensions == Dimensions && storage == VectorStorage.Float32)
            return this;
        VectorCodec codec = new(dimensions, storage);
        float[] values = new float[(long)Count * codec.Length];
        Parallel.For(
            0,
            Count,
            () => new float[dimensions],
            (row, _, cut) =>
            {
                this[row][..dimensions].CopyTo(cut);
                Scale(cut);
                code(codec, cut, values.AsSpan(row * codec.Length, codec.Length));
                return cut;
            },
            static _ => { }
        );
        return new EmbeddingTable(values, Count, codec.Length);
    }

    private static void Scale(Span<float> row) => VectorMath.Normalize(row);

    private delegate void Code(VectorCodec codec, ReadOnlySpan<float> vector, Span<float> read);
}
