namespace Sextant.Umap.Neighbors;

/// <summary>Nearest rows by comparing all with all, in blocks that stay in the cache.</summary>
internal static unsafe class ExactNeighbors
{
    private const int QueryBlock = 32;
    private const int RowBlock = 192;

    /// <summary>The <paramref name="width"/> nearest of <paramref name="rows"/> for each query.</summary>
    /// <param name="rows">The rows to search.</param>
    /// <param name="queries">The queries; if this is <paramref name="rows"/>, each row is excluded from its own neighbors.</param>
    /// <param name="width">The number of neighbors to find; at most the number of rows.</param>
    /// <param name="parallel">Threads and cancellation.</param>
    public static NeighborTable Find(PreparedRows rows, PreparedRows queries, int width, ParallelOptions parallel)
    {
        var table = new NeighborTable(queries.Count, width);
        if (width == 0)
            return table;
        int blocks = (queries.Count + QueryBlock - 1) / QueryBlock;
        Parallel.For(
            0,
            blocks,
            parallel,
            block =>
            {
                int first = block * QueryBlock,
                    count = Math.Min(QueryBlock, queries.Count - first);
                FindBlock(rows, queries, first, count, width, table);
                for (int i = first; i < first + count; i++)
                    Measure(rows, queries, i, table);
            }
        );
        return table;
    }

    /// <summary>Computes exact distances for the neighbors of a row and sorts them, nearest first.</summary>
    public static void Measure(PreparedRows rows, PreparedRows queries, int query, NeighborTable table)
    {
        Span<int> found = table.MutableRows(query);
        Span<float> distances = table.MutableDistances(query);
        int n = found.IndexOf(-1);
        n = n < 0 ? found.Length : n;
        for (int j = 0; j < n; j++)
            distances[j] = rows.Distance(queries, query, found[j]);
        distances[n..].Clear();

        // Insertion keeps equal distances in the order that scores and row numbers gave.
        for (int j = 1; j < n; j++)
        {
            (float distance, int row) = (distances[j], found[j]);
            int at = j;
            for (; at > 0 && distances[at - 1] > distance; at--)
                (distances[at], found[at]) = (distances[at - 1], found[at - 1]);
            (distances[at], found[at]) = (distance, row);
        }
    }

    private static void FindBlock(PreparedRows rows, PreparedRows queries, int first, int count, int width, NeighborTable table)
    {
        bool same = ReferenceEquals(rows, queries);
        float* products = stackalloc float[QueryBlock * RowBlock];
        int* numbers = stackalloc int[QueryBlock];
        for (int i = 0; i < count; i++)
        {
            numbers[i] = first + i;
            Top(table, first + i).Clear();
        }

        fixed (
            float* left = queries.Values,
                right = rows.Values,
                bias = rows.Bias
        )
        {
            for (int start = 0; start < rows.Count; start += RowBlock)
            {
                int length = Math.Min(RowBlock, rows.Count - start);
                DotTile.Multiply(left, numbers, count, right + ((nint)start * rows.Stride), length, rows.Stride, products);
                for (int i = 0; i < count; i++)
                {
                    TopNeighbors top = Top(table, first + i);
                    float* scores = products + (i * length);
                    float threshold = top.Threshold;
                    for (int j = 0; j < length; j++)
                    {
                        float score = scores[j] + bias[start + j];
                        if (score < threshold || (same && start + j == first + i))
                            continue;
                        top.Offer(score, start + j);
                        threshold = top.Threshold;
                    }
                }
            }
        }
    }

    private static TopNeighbors Top(NeighborTable table, int row) => new(table.MutableDistances(row), table.MutableRows(row));
}
