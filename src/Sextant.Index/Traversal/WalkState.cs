using System.Runtime.CompilerServices;

namespace Sextant.Index.Traversal;

/// <summary>What one thread needs to walk the graph; kept and used again, since it is large.</summary>
internal sealed class WalkState
{
    private byte[] _query = [],
        _table = [];
    private float[] _wanted = [],
        _vector = [];
    private ushort[] _seen = [];
    private ushort _now;

    public CandidatePool Pool { get; } = new();

    /// <summary>Nodes to compare, by their estimated distances.</summary>
    public CandidatePool Estimated { get; } = new();

    /// <summary>The best of <see cref="Pool"/>, compared exactly.</summary>
    public CandidatePool Best { get; } = new();

    /// <summary>Nodes to look around from, where the pool does not hold all that are met.</summary>
    public PriorityQueue<int, float> Ahead { get; } = new();

    /// <summary>Nodes that may be within a distance.</summary>
    public List<int> Within { get; } = [];

    /// <summary>Nodes to compare next.</summary>
    public int[] Fresh { get; } = new int[512];

    /// <summary>Links to write, and the distances to them.</summary>
    public List<(float Distance, int Node)> Candidates { get; } = [];

    public List<(float Distance, int Node)> Chosen { get; } = [];

    public List<(float Distance, int Node)> Passed { get; } = [];

    /// <summary>The links of a new node, each of which gets one back.</summary>
    public List<(float Distance, int Node)> Own { get; } = [];

    /// <summary>Nodes with the same code as a new one.</summary>
    public List<int> Heads { get; } = [];

    /// <summary>The twins at one node, each with a node that has an equal vector.</summary>
    public List<(int Node, int Vector)> Twins { get; } = [];

    /// <summary>What a search finds at one node.</summary>
    public List<(float Distance, int Node)> Found { get; } = [];

    /// <summary>How many distances were computed since it was taken.</summary>
    public long Distances { get; set; }

    /// <summary>Room for one query, at the beginning of a cache line.</summary>
    public unsafe byte* Query(int bytes)
    {
        const int Line = 64;
        if (_query.Length < bytes + Line)
            _query = GC.AllocateArray<byte>(bytes + Line, pinned: true);
        byte* start = (byte*)Unsafe.AsPointer(ref _query[0]);
        return (byte*)(((nuint)start + Line - 1) / Line * Line);
    }

    /// <summary>Room for the table of a query.</summary>
    public unsafe byte* Table(int bytes)
    {
        const int Line = 64;
        if (_table.Length < bytes + Line)
            _table = GC.AllocateArray<byte>(bytes + Line, pinned: true);
        byte* start = (byte*)Unsafe.AsPointer(ref _table[0]);
        return (byte*)(((nuint)start + Line - 1) / Line * Line);
    }

    /// <summary>Room for the vector that is looked for or added.</summary>
    public Span<float> Wanted(int dimensions)
    {
        if (_wanted.Length < dimensions)
            _wanted = new float[dimensions];
        return _wanted.AsSpan(0, dimensions);
    }

    /// <summary>Room for another one.</summary>
    public Span<float> Vector(int dimensions)
    {
        if (_vector.Length < dimensions)
            _vector = new float[dimensions];
        return _vector.AsSpan(0, dimensions);
    }

    /// <summary>Marks every node as unseen. Nodes from <paramref name="count"/> on count as seen: they came after the walk began.</summary>
    public Span<ushort> Forget(int count, out ushort now)
    {
        if (_seen.Length < count)
        {
            _seen = new ushort[Math.Max(count, _seen.Length * 3 / 2)];
            _now = 0;
        }

        if (++_now == 0)
        {
            Array.Clear(_seen);
            _now = 1;
        }

        now = _now;
        return _seen.AsSpan(0, count);
    }
}
