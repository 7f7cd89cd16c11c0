using System.Numerics;
using System.Runtime.CompilerServices;

namespace Sextant.Index.Traversal;

/// <summary>
/// The nearest nodes seen so far, nearest first, and which of them are expanded. One sorted array replaces the paper's two heaps: for a few
/// hundred entries, moving memory is cheaper than sifting.
/// </summary>
/// <remarks>
/// An entry is one number, so that comparisons and moves are single operations: the distance, with its bits arranged to keep its order,
/// then the node, then whether it is expanded.
/// </remarks>
internal sealed class CandidatePool
{
    private const ulong Done = 1;

    private ulong[] _entries = new ulong[256];
    private int _capacity;
    private int _next;
    private float _worst = float.PositiveInfinity;

    public int Count { get; private set; }

    /// <summary>The distance from which on a node stays out.</summary>
    public float Worst => _worst;

    public void Reset(int capacity)
    {
        if (_entries.Length < capacity)
            _entries = new ulong[(int)BitOperations.RoundUpToPowerOf2((uint)capacity)];
        (_capacity, _next, Count, _worst) = (capacity, 0, 0, float.PositiveInfinity);
    }

    /// <summary>Adds room and keeps the nodes.</summary>
    public void Widen(int more)
    {
        _capacity += more;
        if (_entries.Length < _capacity)
            Array.Resize(ref _entries, (int)BitOperations.RoundUpToPowerOf2((uint)_capacity));
        _worst = float.PositiveInfinity;
    }

    public int NodeAt(int index) => (int)((uint)_entries[index] >> 1);

    public float DistanceAt(int index) => DistanceOf(_entries[index]);

    /// <summary>Whether a node at this distance would stay out.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Refuses(float distance) => distance >= _worst;

    /// <summary>Takes a node, unless there is no room for one so far away.</summary>
    /// <returns>Whether it is the one to look around from next.</returns>
    public bool Add(float distance, int node)
    {
        if (Refuses(distance))
            return false;
        ulong entry = EntryOf(distance, node);
        ulong[] entries = _entries;
        int low = 0,
            high = Count;
        while (low < high)
        {
            int middle = (low + high) >> 1;
            if (entries[middle] <= entry)
                low = middle + 1;
            else
                high = middle;
        }

        if (low == _capacity)
            return false;
        if (Count < _capacity)
            Count++;
        int moved = Count - 1 - low;
        if (moved > 0)
            entries.AsSpan(low, moved).CopyTo(entries.AsSpan(low + 1));
        entries[low] = entry;
        if (Count == _capacity)
            _worst = DistanceOf(entries[Count - 1]);
        if (low > _next)
            return false;
        _next = low;
        return true;
    }

    /// <summary>Returns the nearest unexpanded node and marks it as expanded; -1 if all are expanded.</summary>
    public int TakeNext()
    {
        int node = PeekNext();
        if (node >= 0)
            _entries[_next++] |= Done;
        return node;
    }

    /// <summary>The node that <see cref="TakeNext"/> would return; -1 if all are expanded.</summary>
    public int PeekNext()
    {
        while (_next < Count && (_entries[_next] & Done) != 0)
            _next++;
        return _next == Count ? -1 : NodeAt(_next);
    }

    /// <summary>The nearest unexpanded node but for so many; -1 if there are no more.</summary>
    public int Peek(int skipped)
    {
        for (int i = _next; i < Count; i++)
        {
            if ((_entries[i] & Done) == 0 && skipped-- == 0)
                return NodeAt(i);
        }

        return -1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong EntryOf(float distance, int node)
    {
        int bits = BitConverter.SingleToInt32Bits(distance);
        uint ordered = (uint)bits ^ ((uint)(bits >> 31) | 0x80000000);
        return ((ulong)ordered << 32) | ((uint)node << 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float DistanceOf(ulong entry)
    {
        uint ordered = (uint)(entry >> 32);
        return BitConverter.UInt32BitsToSingle(ordered ^ ((uint)((int)~ordered >> 31) | 0x80000000));
    }
}
