using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace Sextant.Index.Graphs;

/// <summary>
/// Nodes whose code equals that of a node of the graph, by that node, their head. If each of many equal vectors had a place in the graph,
/// they would link only to each other and fill the candidates of searches, and the vectors near them would not be found.
/// </summary>
/// <remarks>
/// A group holds the live nodes with one code. Those with equal vectors share a class, so that a search compares each distinct vector once.
/// All members lock; none calls out while it does, except to read vectors.
/// </remarks>
internal sealed unsafe class TwinTable(Graph graph, int dimensions)
{
    /// <summary>More distinct vectors with the same code get further heads, so that searches compare no more than this at each.</summary>
    private const int MaxClasses = 64;

    private readonly Dictionary<int, List<TwinClass>> _groups = [];
    private readonly Lock _lock = new();
    private float[] _vector = [],
        _other = [];

    /// <summary>Whether it has no groups.</summary>
    public bool IsEmpty
    {
        get
        {
            lock (_lock)
                return _groups.Count == 0;
        }
    }

    /// <summary>The node that a twin is found through.</summary>
    public int HeadOf(int twin) => HeadField(twin);

    /// <summary>Selects the head of a new node from nodes with the same code: one with an equal vector, else one with room.</summary>
    /// <returns>The head; -1 if the new node must be linked into the graph.</returns>
    public int Choose(ReadOnlySpan<int> heads, int node)
    {
        lock (_lock)
        {
            ulong? hash = null;
            int withRoom = -1;
            foreach (int head in heads)
            {
                if (!_groups.TryGetValue(head, out List<TwinClass>? group) || group.Count < MaxClasses)
                {
                    if (withRoom < 0)
                        withRoom = head;
                    continue;
                }

                hash ??= HashOf(node);
                foreach (TwinClass known in group)
                {
                    if (HashOf(known) == hash)
                        return head;
                }
            }

            return withRoom;
        }
    }

    /// <summary>Makes a node a twin of a head.</summary>
    /// <returns>Whether the head had been removed in the meantime and is now kept for its twin.</returns>
    public bool Join(int head, int node)
    {
        lock (_lock)
        {
            bool wasRemoved = graph.StateOf(head) == NodeState.Removed;
            List<TwinClass> group = GroupOf(head);
            HeadField(node) = head;
            Add(group, node);
            graph.SetState(node, NodeState.Twin);
            return wasRemoved;
        }
    }

    /// <summary>Makes a linked node live; twins may have joined it already.</summary>
    public void Enter(int head)
    {
        lock (_lock)
        {
            if (_groups.TryGetValue(head, out List<TwinClass>? group))
                Add(group, head);
            graph.SetState(head, NodeState.Live);
        }
    }

    /// <summary>Removes a live node.</summary>
    /// <returns>The number of nodes that became removed: 0 if it stays for its twins, 2 if its head had stayed for it.</returns>
    public int Leave(int node)
    {
        lock (_lock)
        {
            bool isTwin = graph.StateOf(node) == NodeState.Twin;
            int head = isTwin ? HeadField(node) : node;
            if (!_groups.TryGetValue(head, out List<TwinClass>? group))
            {
                graph.SetState(node, NodeState.Removed);
                return 1;
            }

            TwinClass own = group.First(known => known.Remove(graph, node));
            if (own.Members.Count == 0)
                group.Remove(own);
            graph.SetState(node, isTwin ? NodeState.Removed : NodeState.Hollow);
            if (group.Sum(static known => known.Members.Count) > (graph.StateOf(head) == NodeState.Live ? 1 : 0))
                return isTwin ? 1 : 0;

            // No twin is left.
            _groups.Remove(head);
            Volatile.Write(ref graph.Record(head).HasTwins, false);
            if (graph.StateOf(head) != NodeState.Hollow)
                return 1;
            graph.SetState(head, NodeState.Removed);
            return isTwin ? 2 : 1;
        }
    }

    /// <summary>Whether a node is a head.</summary>
    public bool Has(int node) => Volatile.Read(ref graph.Record(node).HasTwins);

    /// <summary>Lists the results at a head: for each distinct vector, the nodes with the lowest ids.</summary>
    /// <param name="head">The head.</param>
    /// <param name="most">The maximum number of nodes for each distinct vector.</param>
    /// <param name="filter">The ids to list; all if <see langword="null"/>.</param>
    /// <param name="found">Receives the nodes, and for each a node with an equal vector, the same for all of a class.</param>
    public void List(int head, int most, IdSet? filter, List<(int Node, int Vector)> found)
    {
        found.Clear();
        lock (_lock)
        {
            if (!_groups.TryGetValue(head, out List<TwinClass>? group))
                return;
            foreach (TwinClass known in group)
            {
                int left = most;
                foreach (int node in known.Members)
                {
                    if (filter?.Contains(graph.Record(node).Id) == false)
                        continue;
                    found.Add((node, known.Vector));
                    if (--left == 0)
                        break;
                }
            }
        }
    }

    /// <summary>All live nodes of a head, itself first.</summary>
    public List<int> MembersOf(int head)
    {
        lock (_lock)
            return [.. _groups[head].SelectMany(static known => known.Members).OrderBy(node => node != head)];
    }

    /// <summary>Writes into the twins' own records what <see cref="Load"/> reads there. Not while nodes come or go.</summary>
    public void Store()
    {
        foreach ((int head, List<TwinClass> group) in _groups)
        {
            foreach (TwinClass known in group)
            {
                int vector = known.Members.Contains(head) ? head : known.Vector;
                foreach (int node in known.Members)
                {
                    if (node != head)
                        ClassField(node) = vector;
                }
            }
        }
    }

    /// <summary>Makes the groups of a graph from a file.</summary>
    /// <exception cref="InvalidDataException">A twin's head or class is not one.</exception>
    public void Load()
    {
        Dictionary<(int Head, int Vector), TwinClass> classes = [];
        for (int node = 0; node < graph.Count; node++)
        {
            graph.Record(node).HasTwins = false;
            if (graph.Record(node).State != NodeState.Twin)
                continue;
            int head = HeadField(node),
                vector = ClassField(node);
            if (
                (uint)head >= (uint)graph.Count
                || !graph.IsSought(head)
                || (uint)vector >= (uint)graph.Count
                || (vector != head && (graph.StateOf(vector) != NodeState.Twin || HeadField(vector) != head))
            )
            {
                throw new InvalidDataException("its duplicates are out of range");
            }
            ClassOf(head, vector).Members.Add(node);
        }

        foreach (int head in _groups.Keys)
        {
            graph.Record(head).HasTwins = true;
            if (graph.StateOf(head) == NodeState.Live)
                ClassOf(head, head).Members.Add(head);
        }

        foreach (TwinClass known in classes.Values)
            known.Members.Sort((a, b) => graph.Record(a).Id.CompareTo(graph.Record(b).Id));

        TwinClass ClassOf(int head, int vector)
        {
            ref TwinClass? known = ref CollectionsMarshal.GetValueRefOrAddDefault(classes, (head, vector), out _);
            if (known is not null)
                return known;
            known = new();
            ref List<TwinClass>? group = ref CollectionsMarshal.GetValueRefOrAddDefault(_groups, head, out _);
            (group ??= []).Add(known);
            return known;
        }
    }

    // A twin has no links, so its head and class are stored in their place, after their number, 0.
    private ref int HeadField(int twin) => ref graph.LinksOf(twin, 0)[1];

    private ref int ClassField(int twin) => ref graph.LinksOf(twin, 0)[2];

    private List<TwinClass> GroupOf(int head)
    {
        ref List<TwinClass>? group = ref CollectionsMarshal.GetValueRefOrAddDefault(_groups, head, out _);
        if (group is not null)
            return group;
        group = [];
        switch (graph.StateOf(head))
        {
            case NodeState.Live:
                Add(group, head);
                break;
            case NodeState.Removed:
                graph.SetState(head, NodeState.Hollow);
                break;
        }

        Volatile.Write(ref graph.Record(head).HasTwins, true);
        return group;
    }

    private void Add(List<TwinClass> group, int node)
    {
        ulong hash = HashOf(node);
        TwinClass? own = group.Find(known => HashOf(known) == hash && AreEqual(known.Vector, node));
        if (own is null)
            group.Add(own = new() { Hash = hash });
        own.Add(graph, node);
    }

    private ulong HashOf(TwinClass known) => known.Hash ??= HashOf(known.Vector);

    private ulong HashOf(int node) => XxHash3.HashToUInt64(MemoryMarshal.AsBytes(Read(node, ref _vector)));

    private bool AreEqual(int a, int b) =>
        MemoryMarshal.AsBytes(Read(a, ref _vector)).SequenceEqual(MemoryMarshal.AsBytes(Read(b, ref _other)));

    private ReadOnlySpan<float> Read(int node, ref float[] buffer)
    {
        if (buffer.Length != dimensions)
            buffer = new float[dimensions];
        graph.Vectors.Read(node, buffer);
        return buffer;
    }
}
