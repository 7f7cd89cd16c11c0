using Sextant.Numerics;

namespace Sextant.Index.Graphs;

/// <summary>
/// The level of a node, by its number and the seed alone: geometric with a mean of 1/M (arXiv:1603.09320, section 4.1), so that each level
/// has about one M-th of the nodes of the one below.
/// </summary>
internal static class NodeLevels
{
    /// <summary>More than 2³¹ nodes would need with M = 4; keeps hostile files in bounds as well.</summary>
    public const byte Highest = 16;

    public static byte Draw(int node, HnswOptions options)
    {
        double uniform = ((SplitMix64.ValueAt(options.Seed, (ulong)node) >> 11) + 1) * (1.0 / (1L << 53));
        return (byte)Math.Min(Highest, -Math.Log(uniform) / Math.Log(options.M));
    }
}
