namespace Sextant.Umap;

/// <summary>
/// Steele, Lea and Flood's SplitMix64: a generator so small that each node and epoch can have its own, found by
/// hashing their numbers, so that no draw depends on which thread made the one before.
/// </summary>
internal struct SplitMix64(ulong state)
{
    private ulong _state = state;

    /// <summary>The generator that belongs to a stream and a position of it.</summary>
    public static SplitMix64 At(ulong seed, ulong stream, ulong position) =>
        new(Mix(Mix(seed + (0x9E3779B97F4A7C15UL * (stream + 1))) + (0xD1342543DE82EF95UL * (position + 1))));

    public ulong Next() => Mix(_state += 0x9E3779B97F4A7C15UL);

    /// <summary>A number from 0 to below <paramref name="bound"/>.</summary>
    public int Below(int bound) => (int)(((Next() >> 32) * (ulong)bound) >> 32);

    /// <summary>A number in [0, 1).</summary>
    public double Uniform() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A draw from the standard normal distribution, by Box and Muller.</summary>
    public double Normal() => Math.Sqrt(-2 * Math.Log(1 - Uniform())) * Math.Cos(2 * Math.PI * Uniform());

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
