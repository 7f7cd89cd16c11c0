namespace Sextant.Index;

/// <summary>
/// A whole graph as plain arrays, the nodes numbered from 0, to be carried between programs. Laid out as FAISS does it: the links of a node
/// follow those of the one before, level 0 first, each level in a place of fixed width that ends early at −1.
/// </summary>
internal sealed class GraphLayout
{
    private readonly int[] _links;
    private readonly long[] _starts;

    /// <param name="levelStarts">Where the links of each level begin within a node; one more than there are levels, from 0 up.</param>
    /// <param name="levels">The highest level of each node.</param>
    /// <param name="links">All links.</param>
    /// <param name="entry">Where searches begin; −1 when there are no nodes.</param>
    public GraphLayout(int[] levelStarts, byte[] levels, int[] links, int entry)
    {
        (LevelStarts, Levels, _links, Entry) = (levelStarts, levels, links, entry);
        _starts = new long[levels.Length + 1];
        for (int node = 0; node < levels.Length; node++) _starts[node + 1] = _starts[node] + levelStarts[levels[node] + 1];
        if (_starts[^1] != links.Length) throw new ArgumentException("The links are not as many as the levels say.", nameof(links));
    }

    /// <inheritdoc cref="GraphLayout(int[], byte[], int[], int)"/>
    public int[] LevelStarts { get; }

    /// <summary>The highest level of each node.</summary>
    public byte[] Levels { get; }

    /// <summary>How many nodes there are.</summary>
    public int Count => Levels.Length;

    /// <summary>Where searches begin; −1 when there are no nodes.</summary>
    public int Entry { get; }

    /// <summary>All links, as they lie.</summary>
    public ReadOnlySpan<int> Links => _links;

    /// <summary>The least <see cref="HnswOptions.M"/> that has room for every node's links.</summary>
    public int M
    {
        get
        {
            int m = Math.Max(HnswOptions.MinM, LevelStarts.Length > 1 ? (LevelStarts[1] + 1) / 2 : 0);
            for (int level = 1; level + 1 < LevelStarts.Length; level++) m = Math.Max(m, LevelStarts[level + 1] - LevelStarts[level]);
            return m;
        }
    }

    /// <summary>Where the links of each level begin, with <paramref name="levels"/> levels of a graph of <paramref name="m"/>.</summary>
    public static int[] StartsOf(int m, int levels)
    {
        int[] starts = new int[levels + 1];
        for (int level = 0; level < levels; level++) starts[level + 1] = starts[level] + (level == 0 ? 2 * m : m);
        return starts;
    }

    /// <summary>Where the links of a node begin; one past the last node for the end.</summary>
    public long StartOf(int node) => _starts[node];

    /// <summary>Whom a node leads to on a level.</summary>
    public ReadOnlySpan<int> LinksOf(int node, int level)
    {
        ReadOnlySpan<int> place = _links.AsSpan((int)_starts[node] + LevelStarts[level], LevelStarts[level + 1] - LevelStarts[level]);
        int end = place.IndexOf(-1);
        return end < 0 ? place : place[..end];
    }
}
