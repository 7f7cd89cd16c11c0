using Sextant.Numerics;

namespace Sextant.Umap;

/// <summary>The draws of UMAP: each node and epoch has its own stream, found by hashing their numbers.</summary>
internal struct UmapRandom(ulong state)
{
    private SplitMix64 _bits = new(state);

    /// <summary>The generator that belongs to a stream and a position of it.</summary>
    public static UmapRandom Create(ulong seed, ulong stream, ulong position) =>
        new(SplitMix64.Mix(SplitMix64.ValueAt(seed, stream) + (0xD1342543DE82EF95UL * (position + 1))));

    /// <summary>The next 64 random bits.</summary>
    public ulong Next() => _bits.Next();

    /// <summary>A number from 0 to below <paramref name="bound"/>.</summary>
    public int Below(int bound) => (int)(((Next() >> 32) * (ulong)bound) >> 32);

    /// <summary>A number in [0, 1).</summary>
    public double Uniform() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A draw from the standard normal distribution, by Box and Muller.</summary>
    public double Normal() => Math.Sqrt(-2 * Math.Log(1 - Uniform())) * Math.Cos(2 * Math.PI * Uniform());
}
