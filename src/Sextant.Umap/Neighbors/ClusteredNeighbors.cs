using System.Numerics.Tensors;

namespace Sextant.Umap.Neighbors;

/// <summary>
/// Approximate nearest neighbors for large sets, with high recall: rows are divided into cells around the centers of a k-means over a
/// sample, and a row is compared with the rows of its nearest cells. The result is the same on any number of threads.
/// </summary>
internal static unsafe class ClusteredNeighbors
{
    private const int Probes = 16;
    private const int SampleFactor = 40;
    private const int Rounds = 6;
    private const int Block = 64;

    public static NeighborTable Find(PreparedRows rows, int width, ulong seed, ParallelOptions parallel)
    {
        int cells = Math.Max(Probes, (int)(1.6 * Math.Sqrt(rows.Count)));
        PreparedRows centers = Centers(rows, cells, seed, parallel);
        var nearest = new NeighborTable(rows.Count, Math.Min(Probes, cells));
        int blocks = (rows.Count + Block - 1) / Block;
        int[] order = Enumerable.Range(0, rows.Count).ToArray();
        Parallel.For(0, blocks, parallel, b => Assign(rows, order, b * Block, Math.Min(Block, rows.Count - (b * Block)), centers, nearest));

        // Rows in the order of their cells, copied, so that a cell is read as one piece.
        int[] starts = new int[cells + 1];
        for (int i = 0; i < rows.Count; i++)
            starts[nearest.Rows(i)[0] + 1]++;
        for (int c = 0; c < cells; c++)
            starts[c + 1] += starts[c];
        int[] next = starts[..cells];
        for (int i = 0; i < rows.Count; i++)
            order[next[nearest.Rows(i)[0]]++] = i;
        var table = new NeighborTable(rows.Count, width);
        Parallel.For(0, cells, parallel, cell => Search(rows, order, starts, cell, nearest, table));
        return table;
    }

    /// <summary>Searches for the rows of one cell in all cells that any of them is near to.</summary>
    private static void Search(PreparedRows rows, int[] order, int[] starts, int cell, NeighborTable nearest, NeighborTable table)
    {
        int first = starts[cell],
            count = starts[cell + 1] - first;
        var visitors = new SortedDictionary<int, List<int>>();
        for (int i = first; i < first + count; i++)
        {
            int row = order[i];
            Top(table, row).Clear();
            foreach (int near in nearest.Rows(row))
            {
                if (!visitors.TryGetValue(near, out List<int>? list))
                    visitors.Add(near, list = []);
                list.Add(row);
            }
        }

        float[] gathered = new float[Block * rows.Stride],
            products = new float[Block * Math.Max(1, count)];
        foreach ((int near, List<int> visiting) in visitors)
        {
            for (int start = starts[near]; start < starts[near + 1]; start += Block)
            {
                int length = Math.Min(Block, starts[near + 1] - start);
                for (int j = 0; j < length; j++)
                    rows[order[start + j]].CopyTo(gathered.AsSpan(j * rows.Stride));
                Compare(rows, visiting, gathered, order, start, length, products, table);
            }
        }

        for (int i = first; i < first + count; i++)
            ExactNeighbors.Measure(rows, rows, order[i], table);
    }

    private static void Compare(
        PreparedRows rows,
        List<int> visiting,
        float[] gathered,
        int[] order,
        int start,
        int length,
        float[] products,
        NeighborTable table
    )
    {
        int[] numbers = [.. visiting];
        fixed (
            float* left = rows.Values,
                right = gathered,
                output = products
        )
        fixed (int* list = numbers)
        {
            DotTile.Multiply(left, list, numbers.Length, right, length, rows.Stride, output);
        }

        for (int i = 0; i < numbers.Length; i++)
        {
            TopNeighbors top = Top(table, numbers[i]);
            float threshold = top.Threshold;
            for (int j = 0; j < length; j++)
            {
                int row = order[start + j];
                float score = products[(i * length) + j] + rows.Bias[row];
                if (score < threshold || row == numbers[i])
                    continue;
                top.Offer(score, row);
                threshold = top.Threshold;
            }
        }
    }

    private static PreparedRows Centers(PreparedRows rows, int cells, ulong seed, ParallelOptions parallel)
    {
        var random = new UmapRandom(seed);
        int[] sample = Enumerable.Range(0, rows.Count).ToArray();
        int size = Math.Min(rows.Count, cells * SampleFactor);
        for (int i = 0; i < size; i++)
        {
            int other = i + random.Below(rows.Count - i);
            (sample[i], sample[other]) = (sample[other], sample[i]);
        }

        float[] values = new float[cells * rows.Stride];
        for (int c = 0; c < cells; c++)
            rows[sample[c]].CopyTo(values.AsSpan(c * rows.Stride));
        for (int round = 0; round < Rounds; round++)
        {
            PreparedRows centers = Wrap(values, rows.Stride, cells);
            int[] cell = new int[size];
            Parallel.For(
                0,
                (size + Block - 1) / Block,
                parallel,
                b =>
                {
                    int first = b * Block,
                        count = Math.Min(Block, size - first);
                    var nearest = new NeighborTable(count, 1);
                    Assign(rows, sample, first, count, centers, nearest, own: true);
                    for (int i = 0; i < count; i++)
                        cell[first + i] = nearest.Rows(i)[0];
                }
            );
            float[] sums = new float[values.Length];
            int[] sizes = new int[cells];
            for (int i = 0; i < size; i++)
            {
                Span<float> sum = sums.AsSpan(cell[i] * rows.Stride, rows.Stride);
                TensorPrimitives.Add(sum, rows[sample[i]], sum);
                sizes[cell[i]]++;
            }

            for (int c = 0; c < cells; c++)
            {
                if (sizes[c] > 0)
                {
                    TensorPrimitives.Divide(
                        sums.AsSpan(c * rows.Stride, rows.Stride),
                        sizes[c],
                        values.AsSpan(c * rows.Stride, rows.Stride)
                    );
                }
            }
        }

        return Wrap(values, rows.Stride, cells);
    }

    private static PreparedRows Wrap(float[] values, int stride, int count) =>
        PreparedRows.Restore(Numerics.SimilarityMetric.Euclidean, count, stride, (float[])values.Clone(), [], hasZeroFlag: false);

    /// <summary>
    /// Finds the centers nearest to some rows, and writes them to the lines of those rows (or, with <paramref name="own"/>, lines from 0).
    /// </summary>
    private static void Assign(
        PreparedRows rows,
        int[] list,
        int first,
        int count,
        PreparedRows centers,
        NeighborTable nearest,
        bool own = false
    )
    {
        float[] products = new float[count * centers.Count];
        fixed (
            float* left = rows.Values,
                right = centers.Values,
                output = products
        )
        fixed (int* numbers = list)
        {
            DotTile.Multiply(left, numbers + first, count, right, centers.Count, rows.Stride, output);
        }

        for (int i = 0; i < count; i++)
        {
            TopNeighbors top = Top(nearest, own ? i : list[first + i]);
            top.Clear();
            for (int c = 0; c < centers.Count; c++)
                top.Offer(products[(i * centers.Count) + c] + centers.Bias[c], c);
        }
    }

    private static TopNeighbors Top(NeighborTable table, int row) => new(table.MutableDistances(row), table.MutableRows(row));
}
