namespace Sextant.Index;

/// <summary>
/// A copy of an HNSW graph, its nodes numbered from 0: what <see cref="HnswIndex.ToGraph"/> and FAISS files contain, and
/// <see cref="HnswIndex.FromGraph"/> searches without building anything.
/// </summary>
public sealed class HnswGraph
{
    // Laid out as FAISS does it: the links of a node follow those of the one before, level 0 first, each level in a field of fixed width
    // that ends early at −1.
    private readonly int[] _links;
    private readonly long[] _starts;

    /// <param name="levelStarts">Where the links of each level begin within a node; one more than there are levels, from 0 up.</param>
    /// <param name="levels">The highest level of each node.</param>
    /// <param name="links">All links.</param>
    /// <param name="entry">Where searches begin; −1 when there are no nodes.</param>
    internal HnswGraph(int[] levelStarts, byte[] levels, int[] links, int entry)
    {
        (LevelStarts, Levels, _links, Entry) = (levelStarts, levels, links, entry);
        _starts = new long[levels.Length + 1];
        for (int node = 0; node < levels.Length; node++)
            _starts[node + 1] = _starts[node] + levelStarts[levels[node] + 1];
        if (_starts[^1] != links.Length)
            throw new ArgumentException("The links are not as many as the levels say.", nameof(links));
    }

    /// <inheritdoc cref="HnswGraph(int[], byte[], int[], int)"/>
    internal int[] LevelStarts { get; }

    /// <summary>The highest level of each node.</summary>
    internal byte[] Levels { get; }

    /// <summary>The number of nodes.</summary>
    public int Count => Levels.Length;

    /// <summary>The node at which searches begin; −1 when there are no nodes.</summary>
    public int Entry { get; }

    /// <summary>All links, in storage order.</summary>
    internal ReadOnlySpan<int> Links => _links;

    /// <summary>The smallest <see cref="HnswOptions.M"/> that allows every node's links.</summary>
    public int M
    {
        get
        {
            int m = Math.Max(HnswOptions.MinM, LevelStarts.Length > 1 ? (LevelStarts[1] + 1) / 2 : 0);
            for (int level = 1; level + 1 < LevelStarts.Length; level++)
                m = Math.Max(m, LevelStarts[level + 1] - LevelStarts[level]);
            return m;
        }
    }

    /// <summary>Where the links of each level begin, with <paramref name="levels"/> levels of a graph of <paramref name="m"/>.</summary>
    internal static int[] StartsOf(int m, int levels)
    {
        int[] starts = new int[levels + 1];
        for (int level = 0; level < levels; level++)
            starts[level + 1] = starts[level] + (level == 0 ? 2 * m : m);
        return starts;
    }

    /// <summary>Where the links of a node begin; one past the last node for the end.</summary>
    internal long StartOf(int node) => _starts[node];

    /// <summary>The highest level of a node, from 0 up.</summary>
    /// <exception cref="IndexOutOfRangeException">There is no such node.</exception>
    public int GetLevel(int node) => Levels[node];

    /// <summary>The nodes that a node is linked to on a level, from 0 up to its highest.</summary>
    /// <exception cref="IndexOutOfRangeException">There is no such node.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The graph has no such level.</exception>
    public ReadOnlySpan<int> GetLinks(int node, int level)
    {
        ReadOnlySpan<int> place = _links.AsSpan((int)_starts[node] + LevelStarts[level], LevelStarts[level + 1] - LevelStarts[level]);
        int end = place.IndexOf(-1);
        return end < 0 ? place : place[..end];
    }
}
