using Sextant.Index;

namespace Sextant.Search.Storage.Graph;

internal sealed partial class LiveIndex
{
    /// <summary>The manifest of the collection when this graph was loaded.</summary>
    public Manifest Manifest => Volatile.Read(ref _manifest);

    /// <inheritdoc cref="HnswIndex.TryGetVector"/>
    public bool TryGetVector(long key, float[] vector) => Reading(index => index.TryGetVector(key, vector));

    /// <inheritdoc cref="HnswIndex.Inspect"/>
    public GraphHealth Inspect() => Reading(static index => index.Inspect());

    /// <summary>Links unreachable vectors. The snapshot then differs from the graph.</summary>
    /// <returns>The number of vectors linked.</returns>
    public int Relink()
    {
        int found = Reading(static index => index.RelinkUnreachable());
        if (found > 0)
            Unsaved = Math.Max(Unsaved, Count);
        return found;
    }

    /// <summary>Searches the graph as <paramref name="changed"/> says from now on.</summary>
    public void Use(Manifest changed)
    {
        Volatile.Write(ref _manifest, changed);
        Reading(index => index.EfSearch = changed.Index.EfSearch);
    }
}
