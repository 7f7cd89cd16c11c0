using Sextant.Umap.Graphs;
using Sextant.Umap.Layout;
using Sextant.Umap.Neighbors;

namespace Sextant.Umap;

/// <summary>
/// A fitted UMAP model: a low-dimensional layout of rows that preserves neighbors. McInnes, Healy and Melville, "UMAP: Uniform Manifold
/// Approximation and Projection for Dimension Reduction" (2018).
/// </summary>
/// <remarks>The same seed produces the same bytes on any number of threads. A fitted model is immutable and thread-safe.</remarks>
public sealed partial class UmapModel
{
    private const double NeighborShare = 0.35;

    private readonly PreparedRows? _rows;
    private readonly float[] _embedding;
    private readonly UmapCurve _curve;

    private UmapModel(UmapOptions options, PreparedRows? rows, float[] embedding)
    {
        Options = options;
        _rows = rows;
        _embedding = embedding;
        _curve = UmapCurve.Fit(options.MinDist, options.Spread);
    }

    /// <summary>The options of the fit.</summary>
    public UmapOptions Options { get; }

    /// <summary>How many rows were laid out.</summary>
    public int Count => _embedding.Length / Options.Components;

    /// <summary>The layout: <see cref="Count"/> × <see cref="UmapOptions.Components"/>, row-major, in the order of the rows.</summary>
    public ReadOnlyMemory<float> Embedding => _embedding;

    /// <summary>Lays out rows.</summary>
    /// <param name="rows">n × dimensions, row-major; n may be 0.</param>
    /// <param name="dimensions">The dimensions of a row.</param>
    /// <param name="options">The options; the defaults suit text embeddings.</param>
    /// <param name="progress">Receives the completed fraction, from 0 to 1.</param>
    /// <param name="cancellationToken">Cancels the computation.</param>
    /// <exception cref="InputException">A value is NaN or infinite.</exception>
    /// <exception cref="ArgumentException">The values are not whole rows, or an option is out of range.</exception>
    public static UmapModel Fit(
        ReadOnlyMemory<float> rows,
        int dimensions,
        UmapOptions? options = null,
        IProgress<double>? progress = null,
        CancellationToken cancellationToken = default
    ) => FitRows(rows, dimensions, default, options, progress, cancellationToken);

    /// <summary>Lays out rows with known labels, so that rows with the same label are close (supervised UMAP).</summary>
    /// <param name="rows">n × dimensions, row-major.</param>
    /// <param name="dimensions">The dimensions of a row.</param>
    /// <param name="labels">n labels; negative values mean "unknown".</param>
    /// <param name="options">The options; <see cref="UmapOptions.TargetWeight"/> sets the weight of the labels.</param>
    /// <param name="progress">Receives the completed fraction, from 0 to 1.</param>
    /// <param name="cancellationToken">Cancels the computation.</param>
    public static UmapModel FitSupervised(
        ReadOnlyMemory<float> rows,
        int dimensions,
        ReadOnlyMemory<int> labels,
        UmapOptions? options = null,
        IProgress<double>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimensions, 1);
        if (labels.Length != rows.Length / dimensions)
            throw new ArgumentException($"{labels.Length} labels do not match {rows.Length / dimensions} rows.", nameof(labels));
        return FitRows(rows, dimensions, labels, options, progress, cancellationToken);
    }

    /// <summary>Lays out rows from their neighbors only. Such a model cannot transform new rows.</summary>
    /// <param name="neighbors">The nearest neighbors of each row, for instance from an index.</param>
    /// <param name="options">The options; the metric and the number of neighbors come from the table.</param>
    /// <param name="progress">Receives the completed fraction, from 0 to 1.</param>
    /// <param name="cancellationToken">Cancels the computation.</param>
    public static UmapModel Fit(
        NeighborTable neighbors,
        UmapOptions? options = null,
        IProgress<double>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(neighbors);
        options ??= new UmapOptions();
        options.Validate();
        float[] layout = LayOut(neighbors, default, 1, default, options, Parallelism(options, cancellationToken), progress);
        return new UmapModel(options, rows: null, layout);
    }

    private static UmapModel FitRows(
        ReadOnlyMemory<float> rows,
        int dimensions,
        ReadOnlyMemory<int> labels,
        UmapOptions? options,
        IProgress<double>? progress,
        CancellationToken cancellationToken
    )
    {
        options ??= new UmapOptions();
        options.Validate();
        PreparedRows prepared = PreparedRows.Create(rows.Span, dimensions, options.Metric);
        ParallelOptions parallel = Parallelism(options, cancellationToken);
        NeighborTable neighbors = FindNeighbors(prepared, options, parallel);
        float[] layout = LayOut(neighbors, rows, dimensions, labels, options, parallel, progress);
        return new UmapModel(options, prepared, layout);
    }

    private static float[] LayOut(
        NeighborTable neighbors,
        ReadOnlyMemory<float> rows,
        int dimensions,
        ReadOnlyMemory<int> labels,
        UmapOptions options,
        ParallelOptions parallel,
        IProgress<double>? progress
    )
    {
        SparseGraph graph = FuzzySimplicialSet.Build(neighbors, options, parallel);
        if (labels.Length > 0)
            graph = FuzzySimplicialSet.Supervise(graph, labels.Span, options.TargetWeight);
        float[] layout = InitialLayout.Create(graph, rows, dimensions, options, parallel);
        progress?.Report(NeighborShare);
        Optimize(graph, neighbors, layout, options, parallel, progress);
        return layout;
    }

    private static void Optimize(
        SparseGraph graph,
        NeighborTable neighbors,
        float[] layout,
        UmapOptions options,
        ParallelOptions parallel,
        IProgress<double>? progress
    )
    {
        UmapCurve curve = UmapCurve.Fit(options.MinDist, options.Spread);
        DensityTerm? density = options.DensityWeight > 0 ? new(graph, neighbors, curve, options, parallel) : null;
        LayoutOptimizer.Run(
            graph,
            layout,
            curve,
            options,
            density,
            parallel,
            done => progress?.Report(NeighborShare + ((1 - NeighborShare) * done))
        );
    }

    private static NeighborTable FindNeighbors(PreparedRows rows, UmapOptions options, ParallelOptions parallel) =>
        NearestRows.Find(rows, Math.Max(0, Math.Min(options.Neighbors, rows.Count) - 1), options.Seed, parallel);

    private static ParallelOptions Parallelism(UmapOptions options, CancellationToken cancellationToken) =>
        new() { MaxDegreeOfParallelism = options.MaxDegreeOfParallelism, CancellationToken = cancellationToken };
}
