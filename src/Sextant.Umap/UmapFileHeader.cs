using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Sextant.Numerics;
using Sextant.Umap.Neighbors;

namespace Sextant.Umap;

/// <summary>The header of a saved model; docs/formats.md describes the layout.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8)]
internal struct UmapFileHeader
{
    public const uint ItsMagic = 0x4D555853;
    public const int ItsVersion = 2;

    /// <summary>The length of the header in version 1, which lacks the last options.</summary>
    public const int Version1Length = 88;

    private const int Version1 = 1;
    private const int NoEpochs = -1;

    public uint Magic;
    public int Version;
    public int Count;
    public int Dimensions;
    public int Components;
    public int Neighbors;
    public int Metric;
    public int Initialization;
    public int Epochs;
    public int NegativeSampleRate;
    public int HasZeroFlag;
    public int Reserved;
    public ulong Seed;
    public double MinDist;
    public double Spread;
    public double LearningRate;
    public double TargetWeight;
    public double RepulsionStrength;
    public double LocalConnectivity;
    public double SetOpMixRatio;
    public double DensityWeight;
    public double DensityFraction;
    public double DensityVarianceShift;

    /// <param name="options">The options of the fit.</param>
    /// <param name="count">The number of points.</param>
    /// <param name="rows">The data rows; <see langword="null"/> if the model was fitted to neighbors only.</param>
    public static UmapFileHeader Create(UmapOptions options, int count, PreparedRows? rows) =>
        new()
        {
            Magic = ItsMagic,
            Version = ItsVersion,
            Count = count,
            Dimensions = rows?.Dimensions ?? 0,
            Components = options.Components,
            Neighbors = options.Neighbors,
            Metric = (int)options.Metric,
            Initialization = (int)options.Initialization,
            Epochs = options.Epochs ?? NoEpochs,
            NegativeSampleRate = options.NegativeSampleRate,
            HasZeroFlag = rows is { HasZeroFlag: true } ? 1 : 0,
            Seed = options.Seed,
            MinDist = options.MinDist,
            Spread = options.Spread,
            LearningRate = options.LearningRate,
            TargetWeight = options.TargetWeight,
            RepulsionStrength = options.RepulsionStrength,
            LocalConnectivity = options.LocalConnectivity,
            SetOpMixRatio = options.SetOpMixRatio,
            DensityWeight = options.DensityWeight,
            DensityFraction = options.DensityFraction,
            DensityVarianceShift = options.DensityVarianceShift,
        };

    /// <summary>A header whose fields beyond those of version 1 have their defaults.</summary>
    public static UmapFileHeader Default => Create(new(), 0, rows: null);

    /// <summary>The bytes that the header takes in its version.</summary>
    public readonly int Length => Version == Version1 ? Version1Length : Unsafe.SizeOf<UmapFileHeader>();

    /// <summary>The options; how many threads may work is not a property of the model and is not kept.</summary>
    public readonly UmapOptions Options =>
        new()
        {
            Components = Components,
            Neighbors = Neighbors,
            Metric = (SimilarityMetric)Metric,
            Initialization = (UmapInitialization)Initialization,
            Epochs = Epochs == NoEpochs ? null : Epochs,
            NegativeSampleRate = NegativeSampleRate,
            Seed = Seed,
            MinDist = MinDist,
            Spread = Spread,
            LearningRate = LearningRate,
            TargetWeight = TargetWeight,
            RepulsionStrength = RepulsionStrength,
            LocalConnectivity = LocalConnectivity,
            SetOpMixRatio = SetOpMixRatio,
            DensityWeight = DensityWeight,
            DensityFraction = DensityFraction,
            DensityVarianceShift = DensityVarianceShift,
        };

    /// <summary>The numbers of floats that follow: the layout, the center, the rows.</summary>
    public readonly (long Layout, long Center, long Rows) Lengths =>
        (
            (long)Count * Components,
            Metric == (int)SimilarityMetric.Euclidean ? Dimensions : 0,
            Dimensions == 0 ? 0 : (long)Count * PreparedRows.StrideOf(Dimensions, HasZeroFlag != 0)
        );

    /// <summary>The problem with the header, or <see langword="null"/>.</summary>
    public readonly string? Fault()
    {
        if (Magic != ItsMagic)
            return "it is not a UMAP model";
        if (Version is not (Version1 or ItsVersion))
            return $"it has version {Version}; this program reads {Version1} to {ItsVersion}";
        if (Count < 0 || Dimensions is < 0 or > PreparedRows.MostDimensions || HasZeroFlag is < 0 or > 1 || Reserved != 0)
            return "its header contains numbers out of range";
        try
        {
            Options.Validate();
        }
        catch (ArgumentOutOfRangeException)
        {
            return "its header contains numbers out of range";
        }

        (long layout, _, long rows) = Lengths;
        return layout > Array.MaxLength || rows > Array.MaxLength ? "its header declares more rows than fit into memory" : null;
    }
}
