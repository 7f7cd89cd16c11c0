using System.Numerics.Tensors;
using Sextant.Index.Interchange;
using Sextant.Numerics;

namespace Sextant.Benchmarks.Ann;

/// <summary>
/// Vectors like those of texts: a thousand anisotropic Gaussians of Zipf-like weights in 40 latent dimensions, mapped by a fixed random
/// tanh layer to the requested dimensions, with a little noise, scaled to length 1. Queries come from the same mixture but are not in the
/// base. Rows depend only on the seed and their number.
/// </summary>
internal sealed class ClusteredVectors
{
    private const int Latent = 40,
        Hidden = 80,
        Clusters = 1000;
    private const float Spread = 0.75f,
        Noise = 0.45f;

    private readonly int _dimensions;
    private readonly float[] _centers,
        _scales,
        _first,
        _bias,
        _second;
    private readonly double[] _cumulative = new double[Clusters];

    public ClusteredVectors(int dimensions)
    {
        _dimensions = dimensions;
        Normal normal = new(42);
        _centers = normal.Many(Clusters * Latent, 1);
        _scales = new float[Clusters * Latent];
        double total = 0;
        for (int c = 0; c < Clusters; c++)
        {
            float own = MathF.Exp(0.35f * normal.Next());
            for (int i = 0; i < Latent; i++)
                _scales[(c * Latent) + i] = Spread * own * MathF.Exp(0.5f * normal.Next());
            _cumulative[c] = total += 1.0 / (c + 21);
        }

        _first = normal.Many(Hidden * Latent, 1 / MathF.Sqrt(Latent));
        _bias = normal.Many(Hidden, 0.3f);
        _second = normal.Many(dimensions * Hidden, 1 / MathF.Sqrt(Hidden));
    }

    /// <summary>Rows of the base (stream 1) or queries (stream 2).</summary>
    public VectorTable Draw(int count, int stream) => Draw(0, count, stream);

    /// <summary>Rows from number <paramref name="first"/> on.</summary>
    public VectorTable Draw(int first, int count, int stream)
    {
        float[] rows = new float[(long)count * _dimensions];
        Parallel.For(0, count, row => Fill(rows.AsSpan(row * _dimensions, _dimensions), Stream(first + row, stream)));
        return new(_dimensions, rows);
    }

    /// <summary>The clusters of the rows that <see cref="Draw(int, int)"/> draws.</summary>
    public static int[] Labels(int count, int stream)
    {
        ClusteredVectors vectors = new(dimensions: 1);
        int[] labels = new int[count];
        for (int row = 0; row < count; row++)
            labels[row] = vectors.Cluster(Stream(row, stream));
        return labels;
    }

    private static Normal Stream(int row, int stream) => new((uint)row + ((ulong)(uint)stream << 40));

    private int Cluster(Normal normal)
    {
        int cluster = Array.BinarySearch(_cumulative, normal.Uniform() * _cumulative[^1]);
        return Math.Min(cluster < 0 ? ~cluster : cluster, Clusters - 1);
    }

    private void Fill(Span<float> row, Normal normal)
    {
        int cluster = Cluster(normal);
        Span<float> latent = stackalloc float[Latent],
            hidden = stackalloc float[Hidden];
        for (int i = 0; i < Latent; i++)
            latent[i] = _centers[(cluster * Latent) + i] + (_scales[(cluster * Latent) + i] * normal.Next());
        for (int i = 0; i < Hidden; i++)
            hidden[i] = MathF.Tanh(TensorPrimitives.Dot(latent, _first.AsSpan(i * Latent, Latent)) + _bias[i]);
        for (int i = 0; i < row.Length; i++)
            row[i] = TensorPrimitives.Dot(hidden, _second.AsSpan(i * Hidden, Hidden));
        TensorPrimitives.Divide(row, TensorPrimitives.Norm<float>(row), row);
        float noise = Noise / MathF.Sqrt(_dimensions);
        for (int i = 0; i < row.Length; i++)
            row[i] += noise * normal.Next();
        TensorPrimitives.Divide(row, TensorPrimitives.Norm<float>(row), row);
    }

    /// <summary>Normally distributed numbers (Box and Muller) from a SplitMix64 stream.</summary>
    private sealed class Normal(ulong seed)
    {
        private SplitMix64 _bits = new((seed + 1) * 0xD1342543DE82EF95);
        private float? _spare;

        public double Uniform() => (_bits.Next() >> 11) * (1.0 / (1UL << 53));

        public float Next()
        {
            if (_spare is { } spare)
            {
                _spare = null;
                return spare;
            }

            double radius = Math.Sqrt(-2 * Math.Log(1 - Uniform())),
                angle = 2 * Math.PI * Uniform();
            _spare = (float)(radius * Math.Sin(angle));
            return (float)(radius * Math.Cos(angle));
        }

        public float[] Many(int count, float scale)
        {
            float[] values = new float[count];
            for (int i = 0; i < count; i++)
                values[i] = scale * Next();
            return values;
        }
    }
}
