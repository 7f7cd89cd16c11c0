using System.Globalization;

namespace Sextant.Training.Losses;

/// <summary>
/// Schroff et al. 2015, "FaceNet" (arXiv:1503.03832): on unit vectors the positive must be nearer than the negative by a margin.
/// L = the mean over all negatives of max(0, |â − p̂|² − |â − n̂|² + margin), which for unit vectors is max(0, 2 cos(a, n) − 2 cos(a, p) +
/// margin).
/// </summary>
/// <remarks>Shapes: anchors B × d, positives B × d, at least one negative.</remarks>
public sealed class TripletLoss : IEmbeddingLoss
{
    private readonly float _margin;

    /// <summary>Creates the loss.</summary>
    /// <param name="margin">By how much the squared distances must differ, from 0 to 4.</param>
    public TripletLoss(float margin = 0.2f)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(margin);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(margin, 4);
        _margin = margin;
    }

    /// <inheritdoc />
    public string Description => string.Create(CultureInfo.InvariantCulture, $"triplet, margin {_margin}");

    /// <inheritdoc />
    public LossInputs Needs => LossInputs.Negatives;

    /// <inheritdoc />
    /// <exception cref="ArgumentException">The batch has no negatives.</exception>
    public double Compute(EmbeddingBatch batch, float weight, ParallelOptions parallel)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (batch.Negatives is null || batch.NegativeGradients is null || batch.Negatives.Rows == 0)
        {
            throw new ArgumentException("This loss needs negatives.", nameof(batch));
        }

        var anchors = new UnitRows(batch.Anchors);
        var positives = new UnitRows(batch.Positives);
        var negatives = new UnitRows(batch.Negatives);
        float[] forAnchors = new float[anchors.Values.Length],
            forPositives = new float[positives.Values.Length];
        float[] forNegatives = new float[negatives.Values.Length];
        double loss = 0;
        int[] starts = batch.NegativeStarts();
        for (int n = 0, i = 0; n < negatives.Rows; n++)
        {
            while (n >= starts[i + 1])
            {
                i++;
            }

            double distance =
                (2.0 * PairCosines.Compute(anchors, i, negatives, n)) - (2.0 * PairCosines.Compute(anchors, i, positives, i)) + _margin;
            if (distance > 0)
            {
                loss += distance;
                PairCosines.AddGradient(2, anchors, i, forAnchors, negatives, n, forNegatives);
                PairCosines.AddGradient(-2, anchors, i, forAnchors, positives, i, forPositives);
            }
        }

        float factor = weight / negatives.Rows;
        anchors.AddGradients(forAnchors, 0, batch.AnchorGradients, factor);
        positives.AddGradients(forPositives, 0, batch.PositiveGradients, factor);
        negatives.AddGradients(forNegatives, 0, batch.NegativeGradients, factor);
        return loss / negatives.Rows;
    }
}
