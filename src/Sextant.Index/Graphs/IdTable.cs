using System.Numerics;

namespace Sextant.Index.Graphs;

/// <summary>
/// Which node has which id. The ids are in the records of the graph already, so that a place here is a node number and nothing else: 4
/// bytes
/// where a dictionary takes 28. Open addressing with linear probing. Not for two threads at once.
/// </summary>
internal sealed class IdTable(Graph graph)
{
    private const int None = -1;

    private int[] _places = [None, None, None, None];

    public int Count { get; private set; }

    /// <summary>All ids, in no order.</summary>
    public IEnumerable<long> Ids => _places.Where(static node => node != None).Select(node => graph.Record(node).Id);

    /// <summary>The node with an id that is known to be there or is to be.</summary>
    public int this[long id]
    {
        set
        {
            int place = PlaceOf(id);
            if (_places[place] == None)
            {
                TryAdd(id, value);
                return;
            }

            _places[place] = value;
        }
    }

    public bool ContainsKey(long id) => _places[PlaceOf(id)] != None;

    public bool TryGetValue(long id, out int node)
    {
        node = _places[PlaceOf(id)];
        return node != None;
    }

    /// <summary>Adds a node whose record has this id already, unless another has it.</summary>
    public bool TryAdd(long id, int node)
    {
        EnsureCapacity(Count + 1);
        int place = PlaceOf(id);
        if (_places[place] != None)
            return false;
        _places[place] = node;
        Count++;
        return true;
    }

    public bool Remove(long id, out int node)
    {
        int place = PlaceOf(id);
        node = _places[place];
        if (node == None)
            return false;
        Count--;
        // What follows moves up where it may, so that no search ends early at the hole.
        int mask = _places.Length - 1;
        for (int next = (place + 1) & mask; _places[next] != None; next = (next + 1) & mask)
        {
            int home = HomeOf(graph.Record(_places[next]).Id);
            if (((next - home) & mask) < ((next - place) & mask))
                continue;
            _places[place] = _places[next];
            place = next;
        }

        _places[place] = None;
        return true;
    }

    public void EnsureCapacity(int count)
    {
        // At most three quarters full.
        if (count <= _places.Length / 4 * 3)
            return;
        int[] before = _places;
        _places = new int[BitOperations.RoundUpToPowerOf2((uint)count + ((uint)count / 3) + 1)];
        Array.Fill(_places, None);
        foreach (int node in before)
        {
            if (node != None)
                _places[PlaceOf(graph.Record(node).Id)] = node;
        }
    }

    private int PlaceOf(long id)
    {
        int mask = _places.Length - 1;
        int place = HomeOf(id);
        while (_places[place] != None && graph.Record(_places[place]).Id != id)
            place = (place + 1) & mask;
        return place;
    }

    private int HomeOf(long id)
    {
        ulong mixed = (ulong)id * 0x9E3779B97F4A7C15;
        return (int)((mixed ^ (mixed >> 32)) & (ulong)(_places.Length - 1));
    }
}
