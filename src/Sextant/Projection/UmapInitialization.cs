namespace Sextant.Projection;

/// <summary>Where the points of a UMAP layout start.</summary>
public enum UmapInitialization
{
    /// <summary>From the leading eigenvectors of the neighbour graph: keeps the large shape of the data. The default.</summary>
    Spectral = 0,

    /// <summary>From the leading principal components of the rows.</summary>
    Pca = 1,

    /// <summary>From uniform random positions.</summary>
    Random = 2,
}
