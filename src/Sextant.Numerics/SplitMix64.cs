namespace Sextant.Numerics;

/// <summary>
/// Steele, Lea and Flood's SplitMix64 (2014, "Fast splittable pseudorandom number generators"): 64 bits of state, so that each row, node or
/// step can have its own stream and no draw depends on the thread that made the one before. The same seed gives the same numbers on every
/// machine and in every version. Not for secrets.
/// </summary>
/// <param name="state">The seed: any value, 0 included.</param>
public struct SplitMix64(ulong state)
{
    /// <summary>What the state grows by with each number: 2⁶⁴ divided by the golden ratio, made odd.</summary>
    public const ulong Increment = 0x9E3779B97F4A7C15;

    private ulong _state = state;

    /// <summary>The number at a position of a seed's sequence, without the numbers before it.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="position">The position, from 0 for the first number.</param>
    public static ulong ValueAt(ulong seed, ulong position) => Mix(unchecked(seed + ((position + 1) * Increment)));

    /// <summary>Spreads every bit of a value over all 64: different values give different, apparently unrelated results.</summary>
    /// <param name="value">The value.</param>
    public static ulong Mix(ulong value)
    {
        unchecked
        {
            value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
            value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
            return value ^ (value >> 31);
        }
    }

    /// <summary>The next 64 random bits.</summary>
    public ulong Next() => Mix(_state = unchecked(_state + Increment));
}
