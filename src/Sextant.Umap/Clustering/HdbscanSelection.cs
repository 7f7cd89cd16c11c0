namespace Sextant.Umap.Clustering;

/// <summary>Which clusters of HDBSCAN's hierarchy are returned.</summary>
public enum HdbscanSelection
{
    /// <summary>The clusters that persist over the widest range of densities.</summary>
    ExcessOfMass = 0,

    /// <summary>The smallest clusters: more, and more alike in size.</summary>
    Leaf = 1,
}
