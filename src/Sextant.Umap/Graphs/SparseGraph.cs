namespace Sextant.Umap.Graphs;

/// <summary>A weighted graph, by rows: the neighbors of row i are <c>Tails[Starts[i]..Starts[i + 1]]</c>, ascending.</summary>
internal sealed class SparseGraph(int[] starts, int[] tails, float[] weights)
{
    public int Count => Starts.Length - 1;

    public int[] Starts { get; } = starts;

    public int[] Tails { get; } = tails;

    public float[] Weights { get; } = weights;

    public ReadOnlySpan<int> TailsOf(int row) => Tails.AsSpan(Starts[row]..Starts[row + 1]);

    public ReadOnlySpan<float> WeightsOf(int row) => Weights.AsSpan(Starts[row]..Starts[row + 1]);

    /// <summary>Which connected component each row belongs to; components are numbered by their first row.</summary>
    public int[] Components(out int count)
    {
        int[] component = new int[Count];
        Array.Fill(component, -1);
        var pending = new Stack<int>();
        count = 0;
        for (int i = 0; i < Count; i++)
        {
            if (component[i] >= 0)
                continue;
            component[i] = count;
            pending.Push(i);
            while (pending.TryPop(out int row))
            {
                foreach (int tail in TailsOf(row))
                {
                    if (component[tail] >= 0)
                        continue;
                    component[tail] = count;
                    pending.Push(tail);
                }
            }

            count++;
        }

        return component;
    }

    /// <summary>
    /// Symmetrizes directed weights. Both a and b are probabilities that an edge exists, so the edge exists with
    /// a + b − ab: the fuzzy union of the paper (its probabilistic t-conorm).
    /// </summary>
    public static SparseGraph Union(SparseGraph directed)
    {
        SparseGraph reverse = Transpose(directed);
        int n = directed.Count;
        int[] starts = new int[n + 1];
        for (int i = 0; i < n; i++)
        {
            int shared = 0;
            ReadOnlySpan<int> a = directed.TailsOf(i),
                b = reverse.TailsOf(i);
            for (int x = 0, y = 0; x < a.Length && y < b.Length; )
            {
                if (a[x] == b[y])
                    shared++;
                (x, y) = (a[x] <= b[y] ? x + 1 : x, b[y] <= a[x] ? y + 1 : y);
            }

            starts[i + 1] = starts[i] + a.Length + b.Length - shared;
        }

        int[] tails = new int[starts[n]];
        float[] weights = new float[starts[n]];
        for (int i = 0, at = 0; i < n; i++)
        {
            ReadOnlySpan<int> a = directed.TailsOf(i),
                b = reverse.TailsOf(i);
            ReadOnlySpan<float> wa = directed.WeightsOf(i),
                wb = reverse.WeightsOf(i);
            for (int x = 0, y = 0; x < a.Length || y < b.Length; at++)
            {
                int tail = Math.Min(x < a.Length ? a[x] : int.MaxValue, y < b.Length ? b[y] : int.MaxValue);
                float forth = x < a.Length && a[x] == tail ? wa[x++] : 0,
                    back = y < b.Length && b[y] == tail ? wb[y++] : 0;
                tails[at] = tail;
                weights[at] = forth + back - (forth * back);
            }
        }

        return new SparseGraph(starts, tails, weights);
    }

    private static SparseGraph Transpose(SparseGraph graph)
    {
        int n = graph.Count;
        int[] starts = new int[n + 1];
        foreach (int tail in graph.Tails)
            starts[tail + 1]++;
        for (int i = 0; i < n; i++)
            starts[i + 1] += starts[i];
        int[] next = starts[..n],
            tails = new int[graph.Tails.Length];
        float[] weights = new float[tails.Length];
        for (int i = 0; i < n; i++)
        {
            for (int e = graph.Starts[i]; e < graph.Starts[i + 1]; e++)
            {
                int at = next[graph.Tails[e]]++;
                tails[at] = i;
                weights[at] = graph.Weights[e];
            }
        }

        return new SparseGraph(starts, tails, weights);
    }
}
