namespace Sextant.Umap;

/// <summary>Where the points of a UMAP layout start.</summary>
public enum UmapInitialization
{
    /// <summary>
    /// From the leading eigenvectors of the neighbour graph: keeps the large shape of the data. The default. Where the
    /// graph is in pieces, or they tell only a few rows from the rest, as in many large graphs, from the principal components instead.
    /// </summary>
    Spectral = 0,

    /// <summary>From the leading principal components of the rows.</summary>
    Pca = 1,

    /// <summary>From uniform random positions.</summary>
    Random = 2,
}
