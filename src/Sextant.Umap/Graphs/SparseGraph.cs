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
    /// a + b − ab: the fuzzy union of the paper (its probabilistic t-conorm). The fuzzy intersection, ab, keeps only edges in both
    /// directions.
    /// </summary>
    /// <param name="directed">The weights of each row's edges.</param>
    /// <param name="unionShare">1 for the union, 0 for the intersection, a weighted mean of both between.</param>
    public static SparseGraph Symmetrize(SparseGraph directed, double unionShare = 1)
    {
        SparseGraph reverse = Transpose(directed);
        int n = directed.Count;
        float share = (float)unionShare;
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

            starts[i + 1] = starts[i] + (share > 0 ? a.Length + b.Length - shared : shared);
        }

        int[] tails = new int[starts[n]];
        float[] weights = new float[starts[n]];
        for (int i = 0, at = 0; i < n; i++)
        {
            ReadOnlySpan<int> a = directed.TailsOf(i),
                b = reverse.TailsOf(i);
            ReadOnlySpan<float> wa = directed.WeightsOf(i),
                wb = reverse.WeightsOf(i);
            for (int x = 0, y = 0; x < a.Length || y < b.Length; )
            {
                int tail = Math.Min(x < a.Length ? a[x] : int.MaxValue, y < b.Length ? b[y] : int.MaxValue);
                bool goes = x < a.Length && a[x] == tail,
                    returns = y < b.Length && b[y] == tail;
                float forth = goes ? wa[x++] : 0,
                    back = returns ? wb[y++] : 0;
                if (share == 0 && !(goes && returns))
                    continue;
                tails[at] = tail;
                weights[at++] = (share * (forth + back - (forth * back))) + ((1 - share) * forth * back);
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
