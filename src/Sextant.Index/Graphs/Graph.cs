using System.Runtime.CompilerServices;
using Sextant.Index.Memory;
using Sextant.Index.Packing;

namespace Sextant.Index.Graphs;

/// <summary>
/// The nodes, their rows and their links. A list of links is its length followed by the nodes it leads to; readers take no lock, so a list
/// that is being rewritten may be seen half old and half new, but never leads outside.
/// </summary>
internal sealed unsafe class Graph
{
    private readonly object[] _locks = new object[1024];
    private long _entry = -1;

    public Graph(int m, int rowBytes, VectorRows vectors, int dimensions, int lowestLinks, LinkBatches? batches)
    {
        M = m;
        Batches = batches;
        LowestLinks = lowestLinks;
        Vectors = vectors;
        Rows = new(rowBytes);
        Links = new((1 + LowestLinks) * sizeof(int));
        UpperLinks = new((1 + m) * sizeof(int));
        for (int i = 0; i < _locks.Length; i++)
            _locks[i] = new();
        Twins = new(this, dimensions);
    }

    public int M { get; }

    /// <summary>The most links of a node on level 0.</summary>
    public int LowestLinks { get; }

    /// <summary>The codes of neighbors, where they are kept.</summary>
    public LinkBatches? Batches { get; }

    /// <summary>What the graph is walked by: codes of the vectors, as <see cref="Spaces.IRowSpace"/> makes them.</summary>
    public NativeChunks Rows { get; }

    /// <summary>The vectors themselves.</summary>
    public VectorRows Vectors { get; }

    /// <summary>Level 0.</summary>
    public NativeChunks Links { get; }

    /// <summary>The levels above.</summary>
    public NativeChunks UpperLinks { get; }

    public NativeChunks Records { get; } = new(sizeof(NodeRecord));

    /// <summary>The nodes that are found through another with the same code.</summary>
    public TwinTable Twins { get; }

    /// <summary>Nodes that there are or were.</summary>
    public int Count;

    /// <summary>Lists in <see cref="UpperLinks"/>.</summary>
    public int UpperCount;

    /// <summary>Held while the entry changes.</summary>
    public Lock EntryLock { get; } = new();

    /// <summary>The entry node of searches, a node of the highest level; -1 for an empty graph.</summary>
    public int Entry => (int)Volatile.Read(ref _entry);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref NodeRecord Record(int node) => ref *(NodeRecord*)Records[node];

    public NodeState StateOf(int node) => (NodeState)Volatile.Read(ref Unsafe.As<NodeState, byte>(ref Record(node).State));

    public void SetState(int node, NodeState state) => Volatile.Write(ref Unsafe.As<NodeState, byte>(ref Record(node).State), (byte)state);

    /// <summary>Whether links to the node are worth having.</summary>
    public bool Stays(int node) => StateOf(node) is NodeState.Live or NodeState.Linking or NodeState.Hollow;

    /// <summary>Whether searches must be able to reach the node: it is live, or its twins are.</summary>
    public bool IsSought(int node) => StateOf(node) is NodeState.Live or NodeState.Hollow;

    /// <summary>Whether searches return the node.</summary>
    public bool IsFound(int node) => StateOf(node) is NodeState.Live or NodeState.Twin;

    /// <summary>The links of a node on a level: how many, then which.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int* LinksOf(int node, int level) => (int*)(level == 0 ? Links[node] : UpperLinks[Record(node).Upper + level - 1]);

    /// <summary>The most links of a node on a level.</summary>
    public int MaxLinks(int level) => level == 0 ? LowestLinks : M;

    /// <summary>Held while the links of a node are written; a thread never holds two, so deadlocks are impossible.</summary>
    public object LockOf(int node) => _locks[node & (_locks.Length - 1)];

    /// <summary>Called with every change of a node's links, while its lock is held.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void LinksChanged(int node, int level)
    {
        if (level == 0 && Batches is { } batches)
            LinkBatches.Forget(batches[node]);
    }

    public void SetEntry(int node) => Volatile.Write(ref _entry, node);

    /// <summary>Room for one more node; not for two threads at once.</summary>
    public int Append(byte level)
    {
        int node = Count;
        Rows.Reserve(node + 1);
        Links.Reserve(node + 1);
        Records.Reserve(node + 1);
        Batches?.Reserve(node + 1);
        UpperLinks.Reserve(UpperCount + level);
        Record(node) = new() { Level = level, Upper = UpperCount };
        UpperCount += level;
        Volatile.Write(ref Count, node + 1);
        return node;
    }
}
