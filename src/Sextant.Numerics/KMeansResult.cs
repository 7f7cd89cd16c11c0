namespace Sextant.Numerics;

/// <summary>Vectors in clusters.</summary>
/// <param name="Labels">The cluster of each vector, from 0.</param>
/// <param name="Centroids">The mean of each cluster's vectors.</param>
/// <param name="Inertia">The sum of the squared distances of all vectors from their centroids.</param>
/// <param name="Iterations">How many iterations it took.</param>
public sealed record KMeansResult(IReadOnlyList<int> Labels, IReadOnlyList<IReadOnlyList<float>> Centroids, double Inertia, int Iterations);
