namespace Sextant.Training.Losses;

/// <summary>
/// <see cref="MultipleNegativesRankingLoss"/> in both directions, as in CLIP (Radford et al. 2021, arXiv:2103.00020): the mean of the loss
/// of
/// anchors that look for their positives among all candidates, and of positives that look for their anchors among the batch's anchors.
/// </summary>
/// <remarks>Shapes: anchors B × d, positives B × d, negatives B·k × d or none; negatives count in the first direction only.</remarks>
public sealed class MultipleNegativesSymmetricRankingLoss : IEmbeddingLoss
{
    private readonly InBatchRanking _ranking;

    /// <summary>Creates the loss.</summary>
    /// <param name="scale">The factor of the cosines, the inverse of a temperature; more than 0.</param>
    public MultipleNegativesSymmetricRankingLoss(float scale = 20) => _ranking = new InBatchRanking(scale, bothDirections: true);

    /// <inheritdoc />
    public string Description => "symmetric multiple negatives ranking, " + _ranking.Temperature;

    /// <inheritdoc />
    public bool UsesInBatchNegatives => true;

    /// <inheritdoc />
    public double Compute(EmbeddingBatch batch, float weight, ParallelOptions parallel) => _ranking.Compute(batch, weight, parallel);
}
