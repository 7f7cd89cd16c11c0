using Sextant.Umap.Neighbors;

namespace Sextant.Umap.Clustering;

/// <summary>One edge of a tree of rows.</summary>
internal readonly record struct TreeEdge(int From, int To, float Distance);

/// <summary>
/// The minimum spanning tree of the rows under mutual reachability: the distance of two rows, but at least the distance of either to its
/// k-th nearest row. Prim's algorithm, with the edges sorted by distance.
/// </summary>
internal sealed class SpanningTree(int count, TreeEdge[] edges)
{
    private const int RowsPerTask = 2048;

    public int Count => count;

    /// <summary>The edges, the shortest first.</summary>
    public TreeEdge[] Edges => edges;

    /// <param name="rows">At least two rows.</param>
    /// <param name="samples">k, which counts the row itself.</param>
    /// <param name="parallel">Threads and cancellation.</param>
    public static SpanningTree Create(PreparedRows rows, int samples, ParallelOptions parallel)
    {
        int n = rows.Count,
            width = Math.Min(samples - 1, n - 1);
        float[] core = new float[n];
        if (width > 0)
        {
            NeighborTable neighbors = ExactNeighbors.Find(rows, rows, width, parallel);
            for (int i = 0; i < n; i++)
                core[i] = neighbors.Distances(i)[^1];
        }

        // The rows that are not in the tree yet, the nearest row of the tree to each, and the distance to it.
        int[] outside = [.. Enumerable.Range(1, n - 1)],
            nearest = new int[n];
        float[] distance = new float[n];
        Array.Fill(distance, float.PositiveInfinity);
        TreeEdge[] edges = new TreeEdge[n - 1];
        int added = 0;
        for (int left = n - 1; left > 0; left--)
        {
            int place = Nearest(rows, core, outside.AsMemory(0, left), added, nearest, distance, parallel);
            int next = outside[place];
            edges[n - 1 - left] = new(nearest[next], next, distance[next]);
            outside[place] = outside[left - 1];
            added = next;
        }

        Array.Sort(edges, static (a, b) => (a.Distance, a.From, a.To).CompareTo((b.Distance, b.From, b.To)));
        return new(n, edges);
    }

    /// <summary>Compares the rows outside with the row added last, and finds the place of the nearest to the tree.</summary>
    private static int Nearest(
        PreparedRows rows,
        float[] core,
        ReadOnlyMemory<int> outside,
        int added,
        int[] nearest,
        float[] distance,
        ParallelOptions parallel
    )
    {
        int tasks = (outside.Length + RowsPerTask - 1) / RowsPerTask;
        int[] best = new int[tasks];
        if (tasks == 1)
        {
            parallel.CancellationToken.ThrowIfCancellationRequested();
            Compare(0);
        }
        else
        {
            Parallel.For(0, tasks, parallel, Compare);
        }

        return best.MinBy(place => (distance[outside.Span[place]], outside.Span[place]));

        void Compare(int task)
        {
            ReadOnlySpan<int> all = outside.Span;
            int least = task * RowsPerTask;
            for (int place = least; place < Math.Min(all.Length, (task + 1) * RowsPerTask); place++)
            {
                int row = all[place];
                float reach = Math.Max(Math.Max(core[row], core[added]), rows.Distance(rows, added, row));
                if (reach < distance[row])
                    (distance[row], nearest[row]) = (reach, added);
                int current = all[least];
                if (distance[row] < distance[current] || (distance[row] == distance[current] && row < current))
                    least = place;
            }

            best[task] = least;
        }
    }
}
