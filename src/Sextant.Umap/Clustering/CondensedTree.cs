namespace Sextant.Umap.Clustering;

/// <summary>
/// The hierarchy of clusters of at least the minimum size: cluster 0 has all rows, each other one is a part of its parent. A row leaves a
/// cluster at a density (the inverse of a distance), where it becomes noise, or where the cluster splits.
/// </summary>
internal sealed class CondensedTree
{
    // Equal rows have distance 0; their density must stay finite for sums.
    private const double LeastDistance = 1e-12;

    private readonly List<int> _parents = [-1];
    private readonly List<int> _sizes = [0];
    private readonly List<double> _births = [0];
    private readonly List<double> _stabilities = [0];
    private readonly List<double> _deaths = [0];
    private readonly int[] _leaves;
    private readonly double[] _densities;

    private CondensedTree(int rows) => (_leaves, _densities) = (new int[rows], new double[rows]);

    /// <summary>The number of clusters. A parent comes before its parts.</summary>
    public int Count => _parents.Count;

    public int Parent(int cluster) => _parents[cluster];

    /// <summary>The number of rows when the cluster separates from its parent.</summary>
    public int Size(int cluster) => _sizes[cluster];

    /// <summary>The distance at which a cluster separates from its parent.</summary>
    public double BirthDistance(int cluster) => 1 / _births[cluster];

    /// <summary>The sum over the rows of the range of densities in which they belong to the cluster.</summary>
    public double Stability(int cluster) => _stabilities[cluster];

    public static CondensedTree Create(SingleLinkage linkage, int minClusterSize)
    {
        CondensedTree tree = new(linkage.Rows);
        Stack<(int Node, int Cluster)> pending = new([(linkage.Root, 0)]);
        while (pending.TryPop(out (int Node, int Cluster) next))
        {
            List<int> parts = linkage.Parts(next.Node, out float distance);
            double density = 1 / Math.Max(distance, LeastDistance);
            bool splits = parts.Count(part => linkage.Size(part) >= minClusterSize) > 1;
            foreach (int part in parts)
            {
                if (linkage.Size(part) < minClusterSize)
                {
                    foreach (int row in linkage.RowsOf(part))
                        tree.Leave(row, next.Cluster, density);
                }
                else
                {
                    pending.Push((part, splits ? tree.Add(next.Cluster, density, linkage.Size(part)) : next.Cluster));
                }
            }
        }

        return tree;
    }

    /// <summary>The rows of the chosen clusters.</summary>
    public HdbscanResult Label(IReadOnlySet<int> chosen)
    {
        int[] owner = new int[Count];
        for (int cluster = 0; cluster < Count; cluster++)
        {
            owner[cluster] =
                chosen.Contains(cluster) ? cluster
                : cluster == 0 ? -1
                : owner[_parents[cluster]];
        }

        Dictionary<int, int> numbers = [];
        int[] labels = new int[_leaves.Length];
        float[] probabilities = new float[_leaves.Length];
        for (int row = 0; row < labels.Length; row++)
        {
            int cluster = owner[_leaves[row]];
            labels[row] = -1;
            if (cluster < 0)
                continue;
            if (!numbers.TryGetValue(cluster, out labels[row]))
                numbers[cluster] = labels[row] = numbers.Count;
            probabilities[row] = _deaths[cluster] > 0 ? (float)Math.Min(1, _densities[row] / _deaths[cluster]) : 1;
        }

        return new(labels, probabilities, [.. numbers.OrderBy(pair => pair.Value).Select(pair => _stabilities[pair.Key])]);
    }

    private int Add(int parent, double density, int size)
    {
        _parents.Add(parent);
        _births.Add(density);
        _sizes.Add(size);
        _stabilities.Add(0);
        _deaths.Add(0);
        Accumulate(parent, density, size);
        return Count - 1;
    }

    private void Leave(int row, int cluster, double density)
    {
        (_leaves[row], _densities[row]) = (cluster, density);
        Accumulate(cluster, density, 1);
    }

    private void Accumulate(int cluster, double density, int size)
    {
        _stabilities[cluster] += (density - _births[cluster]) * size;
        _deaths[cluster] = Math.Max(_deaths[cluster], density);
    }
}
