using System.Text.Json.Nodes;
using Sextant.Plotting.Maps;
using Sextant.Umap;

namespace Sextant.Plotting;

/// <summary>Collects vectors, and what each stands for, and lays them out as a map. Not thread-safe.</summary>
/// <param name="show">How a value of the metadata is written.</param>
/// <param name="maxFields">How many fields of the metadata the map has at most, the first ones met.</param>
public sealed class MapBuilder(Func<JsonNode, string> show, int maxFields = int.MaxValue)
{
    private readonly List<ReadOnlyMemory<float>> _vectors = [];
    private readonly List<string?> _texts = [];
    private readonly List<JsonObject?> _metadata = [];

    /// <summary>The number of points.</summary>
    public int Count => _vectors.Count;

    /// <summary>The names of the fields of all metadata, in the order in which they were met.</summary>
    public IEnumerable<string> FieldNames =>
        _metadata.SelectMany(static metadata => metadata?.Select(static pair => pair.Key) ?? []).Distinct();

    /// <summary>Adds a point.</summary>
    /// <param name="vector">As long as the others; not copied.</param>
    /// <param name="text">What it stands for. A map has texts where every point has one.</param>
    /// <param name="metadata">What else is known of it.</param>
    /// <exception cref="InputException">The vector has another length than those before it.</exception>
    public void Add(ReadOnlyMemory<float> vector, string? text = null, JsonObject? metadata = null)
    {
        if (Count > 0 && vector.Length != _vectors[0].Length)
        {
            throw new InputException(
                $"a vector has {vector.Length} dimensions where {_vectors[0].Length} are expected: use vectors of one model"
            );
        }

        _vectors.Add(vector);
        _texts.Add(text);
        _metadata.Add(metadata);
    }

    /// <summary>Lays the points out on a plane, the direction in which they extend farthest horizontal.</summary>
    /// <param name="options">The defaults for their number when <see langword="null"/>.</param>
    /// <param name="progress">Receives the completed fraction.</param>
    /// <param name="cancellationToken">Cancels the layout.</param>
    /// <exception cref="InputException">The map has no points, or a vector contains NaN or infinity.</exception>
    public MapData LayOut(UmapOptions? options = null, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        if (Count == 0)
            throw new InputException("nothing to plot; add texts or vectors");
        int dimensions = _vectors[0].Length;
        float[] rows = new float[(long)Count * dimensions];
        for (int i = 0; i < Count; i++)
            _vectors[i].Span.CopyTo(rows.AsSpan(i * dimensions));
        UmapModel map = UmapModel.Fit(rows, dimensions, options ?? UmapOptions.ForRowCount(Count), progress, cancellationToken);
        string[] texts = [.. _texts.OfType<string>()];
        return new(
            PrincipalAxes.Align(map.Embedding.Span),
            texts.Length == Count ? texts : null,
            [.. FieldNames.Take(maxFields).Select(Field)]
        );
    }

    private MapField Field(string name) => new(name, [.. _metadata.Select(metadata => metadata?[name] is { } value ? show(value) : null)]);
}
