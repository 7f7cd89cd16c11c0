using System.Globalization;

namespace Sextant.Training.Losses;

/// <summary>
/// Van den Oord et al. 2018, "Representation Learning with Contrastive Predictive Coding" (arXiv:1807.03748), with the negatives
/// that are given and no others: with s(x) = cos(a_i, x) / τ,
/// L = −1/B Σ_i log( exp s(p_i) / (exp s(p_i) + Σ_m exp s(n_im)) ), the cross-entropy of [positive, negatives] with label 0.
/// </summary>
/// <remarks>Shapes: anchors B × d, positives B × d, at least one negative an anchor.</remarks>
public sealed class InfoNceLoss : IEmbeddingLoss
{
    private readonly float _temperature;

    /// <summary>Creates the loss.</summary>
    /// <param name="temperature">Divides the cosines; more than 0. Lower makes near negatives count for more.</param>
    public InfoNceLoss(float temperature = 0.07f)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(temperature);
        _temperature = temperature;
    }

    /// <inheritdoc />
    public string Description => string.Create(CultureInfo.InvariantCulture, $"InfoNCE, temperature {_temperature}");

    /// <inheritdoc />
    public LossInputs Needs => LossInputs.Negatives;

    /// <inheritdoc />
    /// <exception cref="ArgumentException">The batch has no negatives.</exception>
    public double Compute(EmbeddingBatch batch, float weight, ParallelOptions parallel)
    {
        ArgumentNullException.ThrowIfNull(batch);
        int[] starts = batch.NegativeStarts();
        if (batch.Negatives is null || batch.Negatives.Rows == 0)
        {
            throw new ArgumentException("This loss needs negatives; add them, or use the multiple-negatives ranking loss.", nameof(batch));
        }

        var anchors = new UnitRows(batch.Anchors);
        var candidates = new UnitRows(batch.Positives, batch.Negatives);
        float[] forAnchors = new float[anchors.Values.Length],
            forCandidates = new float[candidates.Values.Length];
        double[] room = new double[Enumerable.Range(0, batch.Size).Max(i => starts[i + 1] - starts[i]) + 1];
        double loss = 0;
        for (int i = 0; i < batch.Size; i++)
        {
            Span<double> logits = room.AsSpan(0, starts[i + 1] - starts[i] + 1);
            for (int m = 0; m < logits.Length; m++)
            {
                logits[m] = PairCosines.Compute(anchors, i, candidates, Candidate(i, m)) / (double)_temperature;
            }

            double max = logits[0];
            foreach (double logit in logits)
            {
                max = Math.Max(max, logit);
            }

            double sum = 0;
            foreach (double logit in logits)
            {
                sum += Math.Exp(logit - max);
            }

            loss += max + Math.Log(sum) - logits[0];
            for (int m = 0; m < logits.Length; m++)
            {
                double gradient = (Math.Exp(logits[m] - max) / sum) - (m == 0 ? 1 : 0);
                PairCosines.AddGradient((float)gradient, anchors, i, forAnchors, candidates, Candidate(i, m), forCandidates);
            }
        }

        float factor = weight / (_temperature * batch.Size);
        anchors.AddGradients(forAnchors, 0, batch.AnchorGradients, factor);
        candidates.AddGradients(forCandidates, 0, batch.PositiveGradients, factor);
        candidates.AddGradients(forCandidates, batch.Size, batch.NegativeGradients!, factor);
        return loss / batch.Size;

        int Candidate(int anchor, int place) => place == 0 ? anchor : batch.Size + starts[anchor] + place - 1;
    }
}
