namespace Sextant.Numerics;

/// <summary>How <see cref="KMeans"/> runs.</summary>
public sealed record KMeansOptions
{
    /// <summary>Decides where the centroids begin.</summary>
    /// <value>42.</value>
    public int Seed { get; init; } = 42;

    /// <summary>After how many iterations it stops at the latest, at least 1; before that when no vector changes its cluster.</summary>
    /// <value>300.</value>
    public int MaxIterations { get; init; } = 300;
}
