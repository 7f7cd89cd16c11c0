namespace Sextant.Index;

/// <summary>
/// The nearest nodes seen so far, nearest first, and which of them were looked around from. One sorted array does the work of the two heaps
/// of the paper: for a few hundred entries, moving memory is cheaper than sifting.
/// </summary>
internal sealed class CandidatePool
{
    private const int Done = int.MinValue;

    private float[] _distances = new float[256];
    private int[] _nodes = new int[256];
    private int _capacity;
    private int _next;

    public int Count { get; private set; }

    public ReadOnlySpan<float> Distances => _distances.AsSpan(0, Count);

    public void Reset(int capacity)
    {
        if (_nodes.Length < capacity)
        {
            int size = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)capacity);
            (_distances, _nodes) = (new float[size], new int[size]);
        }

        (_capacity, _next, Count) = (capacity, 0, 0);
    }

    public int NodeAt(int index) => _nodes[index] & ~Done;

    /// <summary>Whether a node at this distance would stay out.</summary>
    public bool Refuses(float distance) => Count == _capacity && distance >= _distances[Count - 1];

    public void Add(float distance, int node)
    {
        if (Refuses(distance)) return;
        int low = 0, high = Count;
        float[] distances = _distances;
        while (low < high)
        {
            int middle = (low + high) >> 1;
            if (distances[middle] <= distance) low = middle + 1;
            else high = middle;
        }

        int moved = (Count == _capacity ? Count - 1 : Count) - low;
        if (moved > 0)
        {
            Array.Copy(distances, low, distances, low + 1, moved);
            Array.Copy(_nodes, low, _nodes, low + 1, moved);
        }

        distances[low] = distance;
        _nodes[low] = node;
        if (Count < _capacity) Count++;
        if (low < _next) _next = low;
    }

    /// <summary>The nearest node not yet looked around from, which it now is; -1 when there is none.</summary>
    public int TakeNext()
    {
        while (_next < Count && _nodes[_next] < 0) _next++;
        if (_next == Count) return -1;
        int node = _nodes[_next];
        _nodes[_next++] |= Done;
        return node;
    }

    /// <summary>The node that <see cref="TakeNext"/> would give now; -1 when there is none.</summary>
    public int PeekNext()
    {
        while (_next < Count && _nodes[_next] < 0) _next++;
        return _next == Count ? -1 : _nodes[_next];
    }
}
