using Sextant.Umap.Graphs;
using Sextant.Umap.Neighbors;

namespace Sextant.Umap;

public sealed partial class UmapModel
{
    private const int EpochsShare = 3;
    private const int LearningRateShare = 4;

    /// <summary>
    /// Adds rows to the layout: the new ones start where <see cref="Transform"/> places them, and all points then move together, with a
    /// third of the epochs and a quarter of the learning rate of a fit. Points that were there stay near their positions.
    /// </summary>
    /// <param name="rows">n × dimensions, row-major, of the dimensions that the model was fitted with.</param>
    /// <param name="progress">Receives the completed fraction, from 0 to 1.</param>
    /// <param name="cancellationToken">Cancels the computation.</param>
    /// <returns>
    /// A model of the previous rows, followed by the new ones. This model does not change. Labels of a supervised fit are not used.
    /// </returns>
    /// <exception cref="InvalidOperationException">The model was fitted to neighbors only.</exception>
    /// <exception cref="InputException">A value is NaN or infinite.</exception>
    public UmapModel Update(ReadOnlyMemory<float> rows, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        if (_rows is null)
            throw new InvalidOperationException("This model was fitted to neighbors only; fit it to rows to add new ones.");
        if (_rows.Count == 0)
            return Fit(rows, _rows.Dimensions, Options, progress, cancellationToken);
        float[] layout = [.. _embedding, .. Transform(rows, cancellationToken)];
        PreparedRows all = _rows.Append(rows.Span);
        ParallelOptions parallel = Parallelism(Options, cancellationToken);
        NeighborTable neighbors = FindNeighbors(all, Options, parallel);
        SparseGraph graph = FuzzySimplicialSet.Build(neighbors, Options, parallel);
        progress?.Report(NeighborShare);
        UmapOptions gentle = Options with
        {
            Epochs = Options.EpochsFor(all.Count) / EpochsShare,
            LearningRate = Options.LearningRate / LearningRateShare,
        };
        Optimize(graph, neighbors, layout, gentle, parallel, progress);
        return new UmapModel(Options, all, layout);
    }
}
