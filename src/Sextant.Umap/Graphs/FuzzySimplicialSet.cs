namespace Sextant.Umap.Graphs;

/// <summary>The weighted graph that UMAP lays out: each edge's weight is the probability that it exists.</summary>
internal static class FuzzySimplicialSet
{
    private const float UnknownPenalty = 1;

    /// <summary>Creates the graph from nearest neighbors.</summary>
    public static SparseGraph Build(NeighborTable neighbors, UmapOptions options, ParallelOptions parallel)
    {
        int n = neighbors.Count;
        double[] sums = new double[n];
        int[] starts = new int[n + 1];
        for (int i = 0; i < n; i++)
        {
            int found = Found(neighbors, i);
            starts[i + 1] = starts[i] + found;
            foreach (float distance in neighbors.Distances(i)[..found])
                sums[i] += distance;
        }

        double mean = n == 0 ? 0 : sums.Sum() / (starts[n] + n);
        int[] tails = new int[starts[n]];
        float[] weights = new float[starts[n]];
        Parallel.For(
            0,
            n,
            parallel,
            i =>
            {
                int length = starts[i + 1] - starts[i];
                Span<int> rowTails = tails.AsSpan(starts[i], length);
                Span<float> rowWeights = weights.AsSpan(starts[i], length);
                neighbors.Rows(i)[..length].CopyTo(rowTails);
                MembershipStrengths.Compute(
                    neighbors.Distances(i)[..length],
                    neighbors.Width + 1,
                    options.LocalConnectivity,
                    mean,
                    rowWeights
                );
                MemoryExtensions.Sort(rowTails, rowWeights);
            }
        );
        return SparseGraph.Symmetrize(new SparseGraph(starts, tails, weights), options.SetOpMixRatio);
    }

    /// <summary>
    /// Weakens edges between rows of different labels (or with one of unknown label, -1), then makes each row's strongest edge 1 again, so
    /// that labels pull their rows together and apart from others without tearing the graph.
    /// </summary>
    public static SparseGraph Supervise(SparseGraph graph, ReadOnlySpan<int> labels, double targetWeight)
    {
        double far = targetWeight < 1 ? 2.5 / (1 - targetWeight) : 1e12;
        float different = targetWeight == 0 ? 1 : (float)Math.Exp(-far),
            unknown = targetWeight == 0 ? 1 : MathF.Exp(-UnknownPenalty);
        if (targetWeight == 0)
            return graph;
        float[] weights = new float[graph.Weights.Length];
        for (int i = 0; i < graph.Count; i++)
        {
            float largest = 0;
            for (int e = graph.Starts[i]; e < graph.Starts[i + 1]; e++)
            {
                int a = labels[i],
                    b = labels[graph.Tails[e]];
                weights[e] =
                    graph.Weights[e]
                    * (
                        a < 0 || b < 0 ? unknown
                        : a == b ? 1
                        : different
                    );
                largest = Math.Max(largest, weights[e]);
            }

            if (largest == 0)
                continue;
            for (int e = graph.Starts[i]; e < graph.Starts[i + 1]; e++)
                weights[e] /= largest;
        }

        return SparseGraph.Symmetrize(new SparseGraph(graph.Starts, graph.Tails, weights));
    }

    private static int Found(NeighborTable neighbors, int row)
    {
        int end = neighbors.Rows(row).IndexOf(-1);
        return end < 0 ? neighbors.Width : end;
    }
}
