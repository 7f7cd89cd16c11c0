using Sextant.Index.Spaces;
using Sextant.Numerics;

namespace Sextant.Index.Tests;

public sealed unsafe class VectorCodecTests
{
    private const ulong Seed = 3;

    [Theory]
    [InlineData(VectorStorage.Int8, 100)]
    [InlineData(VectorStorage.Int4, 100)]
    [InlineData(VectorStorage.Bit, 100)]
    [InlineData(VectorStorage.Int4, 1)]
    [InlineData(VectorStorage.Bit, 64)]
    public void Inner_product_of_decoded_vectors_equals_the_estimate(VectorStorage storage, int dimensions)
    {
        VectorCodec codec = new(dimensions, storage, Seed);
        float[] query = Vector(1, dimensions),
            document = Vector(2, dimensions),
            readQuery = new float[codec.Length],
            readDocument = new float[codec.Length];
        codec.RoundTripQuery(query, readQuery);
        codec.RoundTrip(document, readDocument);

        RandomRotation rotation = new(codec.Length, Seed);
        float estimated = storage switch
        {
            VectorStorage.Int8 => Distance(new Int8Space(rotation, euclidean: false), query, document),
            VectorStorage.Int4 => Distance(new Int4Space(rotation, euclidean: false), query, document),
            _ => Distance(new BitSpace(rotation, euclidean: false), query, document),
        };
        Assert.Equal(-estimated, VectorMath.Dot(readQuery, readDocument), 1e-4f);
    }

    [Theory]
    [InlineData(VectorStorage.Float32, 1, 1)]
    [InlineData(VectorStorage.Int8, 0.9999, 1)]
    [InlineData(VectorStorage.Int4, 0.99, 0.9999)]
    [InlineData(VectorStorage.Bit, 0.7, 0.9)]
    public void Fewer_bits_are_less_accurate(VectorStorage storage, float least, float most)
    {
        VectorCodec codec = new(256, storage, Seed);
        float[] rotated = new float[codec.Length],
            read = new float[codec.Length];
        for (int i = 0; i < 20; i++)
        {
            float[] vector = Vector(i, 256);
            codec.RoundTrip(vector, read);
            if (storage == VectorStorage.Float32)
                vector.CopyTo(rotated, 0);
            else
                new RandomRotation(codec.Length, Seed).Apply(vector, rotated);
            Assert.InRange(VectorMath.Cosine(rotated, read), least - 1e-6f, most + 1e-6f);
        }
    }

    [Theory]
    [InlineData(VectorStorage.Int8)]
    [InlineData(VectorStorage.Int4)]
    [InlineData(VectorStorage.Bit)]
    public void Zero_vector_stays_zero(VectorStorage storage)
    {
        VectorCodec codec = new(8, storage);
        float[] read = new float[codec.Length];
        codec.RoundTrip(new float[8], read);
        Assert.All(read, static value => Assert.Equal(0, value));
        codec.RoundTripQuery(new float[8], read);
        Assert.All(read, static value => Assert.Equal(0, value));
    }

    private static float Distance<TSpace>(TSpace space, float[] query, float[] document)
        where TSpace : struct, IRowSpace
    {
        fixed (
            ulong* q = new ulong[space.QueryBytes],
                row = new ulong[space.RowBytes]
        )
        {
            space.EncodeQuery(query, (byte*)q);
            space.Encode(document, (byte*)row);
            return space.Distance((byte*)q, (byte*)row);
        }
    }

    private static float[] Vector(int seed, int dimensions)
    {
        Random random = new(seed);
        float[] vector = new float[dimensions];
        for (int i = 0; i < dimensions; i++)
            vector[i] = (float)random.NextDouble() - 0.4f;
        VectorMath.Normalize(vector);
        return vector;
    }
}
