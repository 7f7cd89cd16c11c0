namespace Sextant.Umap.Clustering;

/// <summary>
/// The hierarchy of single linkage: node i below n is row i; node n + i merges two nodes at the distance of the i-th shortest edge.
/// </summary>
internal sealed class SingleLinkage
{
    private readonly int[] _left;
    private readonly int[] _right;
    private readonly int[] _size;
    private readonly float[] _distance;

    public SingleLinkage(SpanningTree tree)
    {
        Rows = tree.Count;
        int merges = tree.Edges.Length;
        (_left, _right, _size, _distance) = (new int[merges], new int[merges], new int[merges], new float[merges]);
        int[] parent = [.. Enumerable.Range(0, Rows + merges)];
        for (int i = 0; i < merges; i++)
        {
            TreeEdge edge = tree.Edges[i];
            (_left[i], _right[i], _distance[i]) = (Find(edge.From), Find(edge.To), edge.Distance);
            _size[i] = Size(_left[i]) + Size(_right[i]);
            parent[_left[i]] = parent[_right[i]] = Rows + i;
        }

        int Find(int node)
        {
            while (parent[node] != node)
                (node, parent[node]) = (parent[node], parent[parent[node]]);
            return node;
        }
    }

    public int Rows { get; }

    public int Root => Rows + _left.Length - 1;

    public int Size(int node) => node < Rows ? 1 : _size[node - Rows];

    /// <summary>
    /// The parts that a node has merged. Merges at one distance happen at once: of many equal distances, no order is better than another.
    /// </summary>
    public List<int> Parts(int node, out float distance)
    {
        distance = _distance[node - Rows];
        List<int> parts = [];
        Stack<int> pending = new([node]);
        while (pending.TryPop(out int next))
        {
            if (next >= Rows && _distance[next - Rows] == distance)
            {
                pending.Push(_right[next - Rows]);
                pending.Push(_left[next - Rows]);
            }
            else
            {
                parts.Add(next);
            }
        }

        return parts;
    }

    /// <summary>The rows below a node.</summary>
    public IEnumerable<int> RowsOf(int node)
    {
        Stack<int> pending = new([node]);
        while (pending.TryPop(out int next))
        {
            if (next < Rows)
            {
                yield return next;
                continue;
            }

            pending.Push(_right[next - Rows]);
            pending.Push(_left[next - Rows]);
        }
    }
}
