using System.Text.Json;
using System.Text.Json.Serialization;
using Sextant.Training.FineTuning;

namespace Sextant.Training.Runs;

/// <summary>
/// The state of a run other than its weights. It is part of the checkpoint, so that a resumed run has the same result as an uninterrupted
/// one.
/// </summary>
internal sealed class TrainingHistory
{
    /// <summary>Points of the loss curve, about.</summary>
    private const int Points = 400;

    private const double Smoothing = 0.98;

    private static readonly JsonSerializerOptions Json = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    /// <summary>The loss, averaged over the last batches; NaN before the first.</summary>
    public double Loss { get; set; } = double.NaN;

    /// <summary>Passes that are over, and measured.</summary>
    public int Passes { get; set; }

    public List<LossPoint> Losses { get; init; } = [];

    public List<EpochResult> Epochs { get; init; } = [];

    public void Add(long step, long total, double loss)
    {
        Loss = double.IsNaN(Loss) ? loss : (Loss * Smoothing) + (loss * (1 - Smoothing));
        if (step % Math.Max(1, total / Points) == 0 || step == 1)
        {
            Losses.Add(new LossPoint(step, Loss));
        }
    }

    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>Restores the saved state.</summary>
    /// <exception cref="InputException">It cannot be read.</exception>
    public void Restore(string? json, string path)
    {
        TrainingHistory? kept = null;
        try
        {
            kept = json is null ? null : JsonSerializer.Deserialize<TrainingHistory>(json, Json);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            // What follows says it.
        }

        if (kept is null)
        {
            throw new InputException($"{path}: no training history; delete it to start again");
        }

        (Loss, Passes) = (kept.Loss, kept.Passes);
        Losses.Clear();
        Losses.AddRange(kept.Losses);
        Epochs.Clear();
        Epochs.AddRange(kept.Epochs);
    }
}
