namespace Sextant.Training.Losses;

/// <summary>
/// Henderson et al. 2017, "Efficient Natural Language Response Suggestion" (arXiv:1705.00652): every other positive of the batch
/// is a negative. With s_ij = scale · cos(a_i, c_j), candidates c = B positives followed by the B·k negatives,
/// L = −1/B Σ_i log softmax_j(s_ij)[i]: each anchor looks for its positive, as in sentence-transformers' loss of this name.
/// <see cref="MultipleNegativesSymmetricRankingLoss"/> has each positive look for its anchor too.
/// Candidates that are known to be no negatives are left out of the sum: the same text as the row's own positive or anchor,
/// and the positive of another row with the same anchor.
/// </summary>
/// <remarks>Shapes: anchors B × d, positives B × d, negatives B·k × d or none.</remarks>
public sealed class MultipleNegativesRankingLoss : IEmbeddingLoss
{
    private readonly InBatchRanking _ranking;

    /// <summary>Creates the loss.</summary>
    /// <param name="scale">The factor of the cosines, the inverse of a temperature; more than 0.</param>
    public MultipleNegativesRankingLoss(float scale = 20) => _ranking = new InBatchRanking(scale, bothDirections: false);

    /// <inheritdoc />
    public string Description => "multiple negatives ranking, " + _ranking.Temperature;

    /// <inheritdoc />
    public bool UsesInBatchNegatives => true;

    /// <inheritdoc />
    public double Compute(EmbeddingBatch batch, float weight, ParallelOptions parallel) => _ranking.Compute(batch, weight, parallel);
}
