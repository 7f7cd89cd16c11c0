using Sextant.Numerics;

namespace Sextant.Training.Numerics;

/// <summary>
/// The draws of a training, from <see cref="SplitMix64"/>. Its whole state is one number, so a run can resume where it stopped, and each
/// (seed, step, row) can have its own stream, independent of the thread.
/// </summary>
/// <param name="state">The seed.</param>
public struct SeededRandom(ulong state)
{
    private SplitMix64 _bits = new(state);

    /// <summary>64 random bits.</summary>
    public ulong Next() => _bits.Next();

    /// <summary>Evenly from 0 up to, not including, <paramref name="limit"/>.</summary>
    /// <param name="limit">More than 0.</param>
    public int Next(int limit) => (int)Math.BigMul(Next(), (ulong)limit, out _);

    /// <summary>Evenly from [0, 1).</summary>
    public float NextSingle() => (Next() >> 40) * (1f / (1 << 24));

    /// <summary>From the standard normal distribution (Box and Muller 1958).</summary>
    public float NextGaussian() => MathF.Sqrt(-2 * MathF.Log(1 - NextSingle())) * MathF.Cos(2 * MathF.PI * NextSingle());

    /// <summary>Shuffles the items (Fisher and Yates).</summary>
    /// <param name="items">The items.</param>
    public void Shuffle<T>(Span<T> items)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int j = Next(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    /// <summary>A seed for the stream named by two numbers.</summary>
    /// <param name="seed">The seed of all streams.</param>
    /// <param name="a">The first number.</param>
    /// <param name="b">The second number.</param>
    public static ulong Derive(ulong seed, ulong a, ulong b = 0) =>
        SplitMix64.Mix(SplitMix64.Mix(seed + (a * SplitMix64.Increment)) ^ (b * 0xD1B54A32D192ED03));
}
