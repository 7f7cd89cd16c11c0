namespace Sextant.Numerics;

/// <summary>Which pairs <see cref="ParaphraseMiner"/> returns.</summary>
public sealed record ParaphraseMiningOptions
{
    /// <summary>The most pairs, at least 0.</summary>
    /// <value>500,000.</value>
    public int MaxPairs { get; init; } = 500_000;

    /// <summary>
    /// How many of the texts nearest to each are looked at, at least 1. More costs memory and finds more pairs of a large group of copies.
    /// </summary>
    /// <value>100.</value>
    public int NeighborsPerText { get; init; } = 100;

    /// <summary>The least cosine of a pair.</summary>
    /// <value>−1: any.</value>
    public float MinScore { get; init; } = -1;
}
