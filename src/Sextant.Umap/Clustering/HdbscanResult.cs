namespace Sextant.Umap.Clustering;

/// <summary>The clusters of rows.</summary>
public sealed class HdbscanResult
{
    internal HdbscanResult(int[] labels, float[] probabilities, double[] stabilities) =>
        (Labels, Probabilities, Stabilities) = (labels, probabilities, stabilities);

    /// <summary>The cluster of each row, from 0 in the order of their first rows; -1 for noise.</summary>
    public IReadOnlyList<int> Labels { get; }

    /// <summary>How strongly each row belongs to its cluster, from 0 (noise) to 1.</summary>
    public IReadOnlyList<float> Probabilities { get; }

    /// <summary>How long each cluster persists while the density is raised, weighted by its rows.</summary>
    public IReadOnlyList<double> Stabilities { get; }

    /// <summary>The number of clusters.</summary>
    public int ClusterCount => Stabilities.Count;
}
