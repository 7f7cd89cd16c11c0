using Sextant.Umap.Graphs;

namespace Sextant.Umap.Layout;

/// <summary>
/// Optimizes a layout by stochastic gradient descent with negative sampling (algorithm 5 of the paper), on all cores, with identical bytes
/// on any number of them: in each of the four parts of an epoch, a quarter of the points move independently, relative to the positions
/// before the part, with separate random numbers per point and epoch.
/// </summary>
internal static class LayoutOptimizer
{
    private const int Groups = 4;
    private const int PointsPerTask = 512;

    public static void Run(
        SparseGraph graph,
        float[] positions,
        UmapCurve curve,
        UmapOptions options,
        DensityTerm? density,
        ParallelOptions parallel,
        Action<double> report
    )
    {
        int n = graph.Count,
            components = options.Components,
            epochs = options.EpochsFor(n);
        float largest = graph.Weights.Length == 0 ? 0 : graph.Weights.Max();
        if (largest == 0)
            return;
        uint[] rates = Array.ConvertAll(graph.Weights, weight => HeadStep.Rate(weight, largest));
        var step = new HeadStep(new GradientTable(curve, options.RepulsionStrength), components, options.NegativeSampleRate);
        float[] moved = (float[])positions.Clone();
        for (int epoch = 1; epoch <= epochs; epoch++)
        {
            float alpha = (float)(options.LearningRate * (1 - ((epoch - 1) / (double)epochs)));
            DensityTerm? term = density is not null && epoch > epochs * (1 - options.DensityFraction) ? density : null;
            term?.Measure(positions, parallel);
            for (int group = 0; group < Groups; group++)
            {
                int inGroup = (n - group + Groups - 1) / Groups;
                Parallel.For(
                    0,
                    (inGroup + PointsPerTask - 1) / PointsPerTask,
                    parallel,
                    task =>
                    {
                        int end = Math.Min(inGroup, (task + 1) * PointsPerTask);
                        for (int k = task * PointsPerTask; k < end; k++)
                        {
                            int i = (k * Groups) + group;
                            step.Move(
                                graph.TailsOf(i),
                                rates.AsSpan(graph.Starts[i]..graph.Starts[i + 1]),
                                (uint)epoch,
                                UmapRandom.Create(options.Seed, (ulong)i, (ulong)epoch),
                                alpha,
                                positions,
                                moved.AsSpan(i * components, components),
                                term,
                                i
                            );
                        }
                    }
                );
                for (int i = group; i < n; i += Groups)
                    moved.AsSpan(i * components, components).CopyTo(positions.AsSpan(i * components, components));
            }

            report(epoch / (double)epochs);
        }
    }
}
