using System.Globalization;

namespace Sextant.Training.Losses;

/// <summary>
/// CoSENT (Su 2022, https://kexue.fm/archives/8847): of two pairs, the one with the higher score should have the higher cosine.
/// With c_i = cos(a_i, p_i), L = log(1 + Σ_{i,j: score_i > score_j} exp(scale · (c_j − c_i))).
/// Only the order of the scores counts, so any scale of them will do.
/// </summary>
/// <remarks>Shapes: anchors B × d, positives B × d, scores B.</remarks>
public sealed class CoSentLoss : IEmbeddingLoss
{
    private readonly float _scale;

    /// <summary>Creates the loss.</summary>
    /// <param name="scale">The factor of the cosines; more than 0.</param>
    public CoSentLoss(float scale = 20)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(scale);
        _scale = scale;
    }

    /// <inheritdoc />
    public string Description => string.Create(CultureInfo.InvariantCulture, $"CoSENT, temperature {1 / _scale:0.######}");

    /// <inheritdoc />
    public LossInputs Needs => LossInputs.Scores;

    /// <inheritdoc />
    /// <exception cref="ArgumentException">The batch has no scores.</exception>
    public double Compute(EmbeddingBatch batch, float weight, ParallelOptions parallel)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (batch.Scores.Length != batch.Size)
        {
            throw new ArgumentException($"{batch.Scores.Length} scores for {batch.Size} pairs.", nameof(batch));
        }

        var first = new UnitRows(batch.Anchors);
        var second = new UnitRows(batch.Positives);
        double[] cosines = new double[batch.Size],
            gradients = new double[batch.Size];
        for (int i = 0; i < cosines.Length; i++)
        {
            cosines[i] = PairCosines.Compute(first, i, second, i);
        }

        double loss = Rank(cosines, batch.Scores.Span, gradients);
        float[] toFirst = new float[first.Values.Length],
            toSecond = new float[second.Values.Length];
        for (int i = 0; i < cosines.Length; i++)
        {
            PairCosines.AddGradient((float)gradients[i], first, i, toFirst, second, i, toSecond);
        }

        first.AddGradients(toFirst, 0, batch.AnchorGradients, weight);
        second.AddGradients(toSecond, 0, batch.PositiveGradients, weight);
        return loss;
    }

    /// <summary>The loss of the cosines, and its gradient with respect to them.</summary>
    private double Rank(double[] cosines, ReadOnlySpan<float> scores, double[] gradients)
    {
        // The 1 in the logarithm is exp(0), so the greatest exponent is at least 0.
        double max = 0;
        for (int i = 0; i < cosines.Length; i++)
        {
            for (int j = 0; j < cosines.Length; j++)
            {
                max = scores[i] > scores[j] ? Math.Max(max, _scale * (cosines[j] - cosines[i])) : max;
            }
        }

        double sum = Math.Exp(-max);
        for (int i = 0; i < cosines.Length; i++)
        {
            for (int j = 0; j < cosines.Length; j++)
            {
                if (scores[i] > scores[j])
                {
                    double term = Math.Exp((_scale * (cosines[j] - cosines[i])) - max);
                    sum += term;
                    gradients[j] += term;
                    gradients[i] -= term;
                }
            }
        }

        for (int i = 0; i < gradients.Length; i++)
        {
            gradients[i] *= _scale / sum;
        }

        return max + Math.Log(sum);
    }
}
