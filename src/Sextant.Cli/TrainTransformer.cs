using Sextant.Training.Data;
using Sextant.Training.FineTuning;

namespace Sextant.Cli;

/// <summary>Trains a transformer for <c>sextant train</c>, and writes the new model's folder.</summary>
public delegate Task<FineTuningReport> TrainTransformer(
    PairCollection pairs,
    string model,
    string output,
    TransformerSettings settings,
    CancellationToken cancellationToken
);

/// <summary>What the command line says about training a transformer.</summary>
/// <param name="Options">The settings of every kind of model.</param>
/// <param name="LoraRank">The rank of the changes to the attention's maps; 0 for all weights.</param>
/// <param name="Device"><c>cpu</c> or <c>cuda</c>.</param>
public sealed record TransformerSettings(FineTuningOptions Options, int LoraRank, string Device);
