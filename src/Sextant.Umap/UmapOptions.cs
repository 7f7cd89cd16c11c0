using Sextant.Numerics;

namespace Sextant.Umap;

/// <summary>The options of UMAP. The defaults are those of the reference implementation, with cosine for text.</summary>
public sealed record UmapOptions
{
    /// <summary>How many nearest rows, itself included, a row is compared with. Few show detail, many show the large shape.</summary>
    /// <value>At least 2; 15 by default. Sets with fewer rows use what there is.</value>
    public int Neighbors { get; init; } = 15;

    /// <summary>The minimum distance of neighbors in the layout.</summary>
    /// <value>0 to <see cref="Spread"/>; 0.1 by default.</value>
    public double MinDist { get; init; } = 0.1;

    /// <summary>The scale of the layout: the distance over which similarity fades.</summary>
    /// <value>Above 0; 1 by default.</value>
    public double Spread { get; init; } = 1;

    /// <summary>The dimensions of the layout.</summary>
    /// <value>1 to 10; 2 by default.</value>
    public int Components { get; init; } = 2;

    /// <summary>How rows are compared.</summary>
    public SimilarityMetric Metric { get; init; } = SimilarityMetric.Cosine;

    /// <summary>The number of epochs of the layout optimization.</summary>
    /// <value>At least 0; by default 500 up to 10,000 rows and 200 above.</value>
    public int? Epochs { get; init; }

    /// <summary>The length of the first step; later steps shrink in proportion to the epochs left.</summary>
    /// <value>Above 0; 1 by default.</value>
    public double LearningRate { get; init; } = 1;

    /// <summary>The number of negative samples per neighbor.</summary>
    /// <value>0 to 100; 5 by default.</value>
    public int NegativeSampleRate { get; init; } = 5;

    /// <summary>
    /// The strength of the repulsion between points, against the attraction of neighbors (umap-learn's <c>repulsion_strength</c>).
    /// </summary>
    /// <value>At least 0; 1 by default.</value>
    public double RepulsionStrength { get; init; } = 1;

    /// <summary>How many nearest rows every row is connected to for certain (umap-learn's <c>local_connectivity</c>).</summary>
    /// <value>At least 0, also a fraction; 1 by default. High values keep more of the graph in one piece.</value>
    public double LocalConnectivity { get; init; } = 1;

    /// <summary>
    /// Whether two rows are connected if one is a neighbor of the other (1, the fuzzy union) or only if both are (0, the fuzzy
    /// intersection), or a mean of both (umap-learn's <c>set_op_mix_ratio</c>).
    /// </summary>
    /// <value>0 to 1; 1 by default.</value>
    public double SetOpMixRatio { get; init; } = 1;

    /// <summary>
    /// How much the layout preserves density (densMAP; umap-learn's <c>dens_lambda</c>): groups that are wide in the rows are wide in the
    /// layout. <see cref="UmapModel.Transform"/> places new rows without it.
    /// </summary>
    /// <value>At least 0; 0, the default, for plain UMAP, 2 as a start for densMAP.</value>
    public double DensityWeight { get; init; }

    /// <summary>The fraction of the epochs, at their end, in which density is preserved (umap-learn's <c>dens_frac</c>).</summary>
    /// <value>0 to 1; 0.3 by default.</value>
    public double DensityFraction { get; init; } = 0.3;

    /// <summary>
    /// Added to the variance of the local radii, against division by a small number (umap-learn's <c>dens_var_shift</c>).
    /// </summary>
    /// <value>Above 0; 0.1 by default.</value>
    public double DensityVarianceShift { get; init; } = 0.1;

    /// <summary>The initial positions of the points.</summary>
    public UmapInitialization Initialization { get; init; } = UmapInitialization.Spectral;

    /// <summary>Chooses the random numbers. One seed gives the same bytes on any number of threads.</summary>
    public ulong Seed { get; init; } = 42;

    /// <summary>How many threads may work at once.</summary>
    /// <value>-1, the default, for all cores.</value>
    public int MaxDegreeOfParallelism { get; init; } = -1;

    /// <summary>How much labels count in supervised mode, against the rows themselves.</summary>
    /// <value>0 (not at all) to 1 (rows of different labels are not connected); 0.5 by default.</value>
    public double TargetWeight { get; init; } = 0.5;

    /// <summary>
    /// The defaults for this number of rows. With fewer than 45 rows, a third of them are neighbors; if all rows of a small set were
    /// neighbors, its groups would not separate.
    /// </summary>
    /// <param name="rows">The number of rows.</param>
    public static UmapOptions ForRowCount(int rows) => new() { Neighbors = Math.Clamp(rows / 3, 2, new UmapOptions().Neighbors) };

    internal int EpochsFor(int count) => Epochs ?? (count <= 10_000 ? 500 : 200);

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Neighbors, 2);
        Require(Spread > 0 && double.IsFinite(Spread), nameof(Spread), "must be above 0");
        Require(MinDist >= 0 && MinDist <= Spread, nameof(MinDist), "must be between 0 and the spread");
        Require(Components is >= 1 and <= 10, nameof(Components), "must be between 1 and 10");
        Require(Epochs is null or (>= 0 and <= 1_000_000), nameof(Epochs), "must be between 0 and 1,000,000");
        Require(LearningRate > 0 && double.IsFinite(LearningRate), nameof(LearningRate), "must be above 0");
        Require(NegativeSampleRate is >= 0 and <= 100, nameof(NegativeSampleRate), "must be between 0 and 100");
        Require(RepulsionStrength >= 0 && double.IsFinite(RepulsionStrength), nameof(RepulsionStrength), "must be at least 0");
        Require(LocalConnectivity is >= 0 and <= 1_000_000, nameof(LocalConnectivity), "must be between 0 and 1,000,000");
        Require(SetOpMixRatio is >= 0 and <= 1, nameof(SetOpMixRatio), "must be between 0 and 1");
        Require(DensityWeight >= 0 && double.IsFinite(DensityWeight), nameof(DensityWeight), "must be at least 0");
        Require(DensityFraction is >= 0 and <= 1, nameof(DensityFraction), "must be between 0 and 1");
        Require(DensityVarianceShift > 0 && double.IsFinite(DensityVarianceShift), nameof(DensityVarianceShift), "must be above 0");
        Require(TargetWeight is >= 0 and <= 1, nameof(TargetWeight), "must be between 0 and 1");
        Require(MaxDegreeOfParallelism is -1 or > 0, nameof(MaxDegreeOfParallelism), "must be -1 or above 0");
        Require(Enum.IsDefined(Metric), nameof(Metric), "is not a known metric");
        Require(Enum.IsDefined(Initialization), nameof(Initialization), "is not a known initialization");
    }

    private static void Require(bool holds, string option, string rule)
    {
        if (!holds)
            throw new ArgumentOutOfRangeException(option, $"{option} {rule}.");
    }
}
