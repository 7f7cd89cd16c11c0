namespace Sextant.Umap;

/// <summary>The initial positions of a UMAP layout.</summary>
public enum UmapInitialization
{
    /// <summary>
    /// From the leading eigenvectors of the neighbor graph, which preserve the global shape of the data. The default. Falls back to the
    /// principal components if the graph is disconnected, or the eigenvectors separate only a few rows from the rest, as in many large
    /// graphs.
    /// </summary>
    Spectral = 0,

    /// <summary>From the leading principal components of the rows.</summary>
    Pca = 1,

    /// <summary>From uniform random positions.</summary>
    Random = 2,
}
