namespace Sextant.Index.Graphs;

/// <summary>The live nodes of a group with the same vector.</summary>
internal sealed class TwinClass
{
    /// <summary>In the order of their ids.</summary>
    public List<int> Members { get; } = [];

    /// <summary>The hash of the vector, once it was needed.</summary>
    public ulong? Hash { get; set; }

    /// <summary>A node with the vector.</summary>
    public int Vector => Members[0];

    public void Add(Graph graph, int node)
    {
        int place = PlaceOf(graph, node);
        Members.Insert(place, node);
    }

    public bool Remove(Graph graph, int node)
    {
        int place = PlaceOf(graph, node);
        // An id that is being replaced may be there twice.
        for (; place < Members.Count && graph.Record(Members[place]).Id == graph.Record(node).Id; place++)
        {
            if (Members[place] != node)
                continue;
            Members.RemoveAt(place);
            return true;
        }

        return false;
    }

    private int PlaceOf(Graph graph, int node)
    {
        long id = graph.Record(node).Id;
        int low = 0,
            high = Members.Count;
        while (low < high)
        {
            int middle = (low + high) >> 1;
            if (graph.Record(Members[middle]).Id < id)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }
}
