using Sextant.Index;
using Sextant.Search.Storage;
using Sextant.Search.Storage.Documents;
using Sextant.Search.Storage.Graph;

namespace Sextant.Search;

/// <summary>
/// The index of a collection in a folder with the documents of its nodes, in one state. Usable only within
/// <see cref="CollectionMaintenance.ReadGraphAsync"/>.
/// </summary>
public sealed class CollectionGraph
{
    private readonly DocumentReader _reader;
    private readonly long[] _keys;
    private readonly int _dimensions;

    internal CollectionGraph(DocumentReader reader, LiveIndex index)
    {
        _reader = reader;
        (Graph, _keys) = index.ToGraph();
        Options = index.Options;
        EfSearch = index.EfSearch;
        _dimensions = index.Manifest.Dimensions;
    }

    /// <summary>The graph. Its vectors are those of the documents, of length 1.</summary>
    public HnswGraph Graph { get; }

    /// <summary>The options that the graph was built with.</summary>
    public HnswOptions Options { get; }

    /// <summary>The candidate list of searches.</summary>
    public int EfSearch { get; }

    /// <summary>The document of a node; <see langword="null"/> where the collection is damaged.</summary>
    /// <param name="node">The node, from 0.</param>
    public StoredDocument? FindDocument(int node) => _reader.Find(_keys[node]);

    /// <summary>The vector of a node; <see langword="null"/> where the collection is damaged.</summary>
    /// <param name="node">The node, from 0.</param>
    public float[]? FindVector(int node) => _reader.FindVector(_keys[node], _dimensions);
}
