using Sextant.Index.Spaces;
using Sextant.Numerics;

namespace Sextant.Index;

/// <summary>
/// Encodes vectors into the in-memory codes of an index and decodes them again. The inner product of a decoded query and a decoded vector
/// equals the estimate of the index.
/// </summary>
/// <remarks>
/// Codes represent a rotation of the vector and decode to it, so only comparisons between decoded vectors are meaningful.
/// </remarks>
public sealed unsafe class VectorCodec
{
    private readonly int _dimensions;
    private readonly VectorStorage _storage;
    private readonly RandomRotation _rotation;

    /// <summary>Makes a codec.</summary>
    /// <param name="dimensions">The length of vectors; 1 or more.</param>
    /// <param name="storage">How vectors are kept; for <see cref="VectorStorage.Float32"/> nothing is lost, nor rotated.</param>
    /// <param name="seed">Decides the rotation, as <see cref="HnswOptions.Seed"/> does.</param>
    public VectorCodec(int dimensions, VectorStorage storage, ulong seed = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimensions, 1);
        (_dimensions, _storage) = (dimensions, storage);
        Length = storage switch
        {
            VectorStorage.Int8 => Int8Space.Padded(dimensions),
            VectorStorage.Int4 => Int4Space.Padded(dimensions),
            VectorStorage.Bit => BitSpace.Padded(dimensions),
            _ => dimensions,
        };
        _rotation = new(Length, seed);
    }

    /// <summary>How many values a vector has that was read again; at least the dimensions.</summary>
    public int Length { get; }

    /// <summary>Codes a vector and reads it again.</summary>
    /// <param name="vector">As long as the codec's dimensions.</param>
    /// <param name="read">Gets <see cref="Length"/> values.</param>
    public void RoundTrip(ReadOnlySpan<float> vector, Span<float> read) => RoundTrip(vector, read, isQuery: false);

    /// <summary>Codes a vector as queries are, which are kept more finely, and reads it again.</summary>
    /// <inheritdoc cref="RoundTrip(ReadOnlySpan{float}, Span{float})"/>
    public void RoundTripQuery(ReadOnlySpan<float> vector, Span<float> read) => RoundTrip(vector, read, isQuery: true);

    private void RoundTrip(ReadOnlySpan<float> vector, Span<float> read, bool isQuery)
    {
        if (vector.Length != _dimensions)
            throw new ArgumentException($"The vector has {vector.Length} values, expected {_dimensions}.", nameof(vector));
        if (read.Length != Length)
            throw new ArgumentException($"The destination has room for {read.Length} values, and {Length} are needed.", nameof(read));
        switch (_storage)
        {
            case VectorStorage.Int8:
                RoundTrip(new Int8Space(_rotation, euclidean: false), vector, read, isQuery);
                break;
            case VectorStorage.Int4:
                RoundTrip(new Int4Space(_rotation, euclidean: false), vector, read, isQuery);
                break;
            case VectorStorage.Bit:
                RoundTrip(new BitSpace(_rotation, euclidean: false), vector, read, isQuery);
                break;
            default:
                vector.CopyTo(read);
                break;
        }
    }

    private static void RoundTrip<TSpace>(TSpace space, ReadOnlySpan<float> vector, Span<float> read, bool isQuery)
        where TSpace : struct, IRowSpace
    {
        // Whole words, so that codes may be read as such.
        fixed (ulong* code = new ulong[((isQuery ? space.QueryBytes : space.RowBytes) + sizeof(ulong) - 1) / sizeof(ulong)])
        {
            if (isQuery)
            {
                space.EncodeQuery(vector, (byte*)code);
                space.DecodeQuery((byte*)code, read);
            }
            else
            {
                space.Encode(vector, (byte*)code);
                space.Decode((byte*)code, read);
            }
        }
    }
}
