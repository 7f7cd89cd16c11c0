using System.Globalization;

namespace Sextant.Training.Losses;

/// <summary>
/// Kusupati et al. 2022, "Matryoshka Representation Learning" (arXiv:2205.13147): L = Σ_d w_d · inner(leading d dimensions).
/// An embedding trained so may be cut to any of those lengths and keeps most of its worth. Goes over any other loss.
/// </summary>
public sealed class MatryoshkaLoss : IEmbeddingLoss
{
    private readonly IEmbeddingLoss _inner;
    private readonly int[] _dimensions;
    private readonly float[] _weights;

    /// <summary>Creates the loss.</summary>
    /// <param name="inner">The loss to compute for each length.</param>
    /// <param name="dimensions">The lengths, each at most that of the embeddings.</param>
    /// <param name="weights">A weight for each length; all 1 when <see langword="null"/>.</param>
    public MatryoshkaLoss(IEmbeddingLoss inner, IReadOnlyList<int> dimensions, IReadOnlyList<float>? weights = null)
    {
        ArgumentNullException.ThrowIfNull(inner);
        ArgumentNullException.ThrowIfNull(dimensions);
        if (dimensions.Count == 0 || dimensions.Any(static d => d < 1))
        {
            throw new ArgumentException("Give at least one length, each at least 1.", nameof(dimensions));
        }

        if (weights is not null && weights.Count != dimensions.Count)
        {
            throw new ArgumentException($"{weights.Count} weights for {dimensions.Count} lengths; give one per length.", nameof(weights));
        }

        _inner = inner;
        _dimensions = [.. dimensions];
        _weights = weights is null ? [.. dimensions.Select(static _ => 1f)] : [.. weights];
    }

    /// <summary>The lengths.</summary>
    public IReadOnlyList<int> Dimensions => _dimensions;

    /// <summary>
    /// The inner loss's description, and the weights if they differ; model cards and checkpoints record the lengths separately.
    /// </summary>
    public string Description =>
        Array.TrueForAll(_weights, static weight => weight == 1)
            ? _inner.Description
            : $"{_inner.Description}, weights "
                + $"{string.Join(", ", _weights.Select(static weight => weight.ToString(CultureInfo.InvariantCulture)))}";

    /// <inheritdoc />
    public LossInputs Needs => _inner.Needs;

    /// <inheritdoc />
    public bool UsesInBatchNegatives => _inner.UsesInBatchNegatives;

    /// <inheritdoc />
    public double Compute(EmbeddingBatch batch, float weight, ParallelOptions parallel)
    {
        ArgumentNullException.ThrowIfNull(batch);
        double sum = 0;
        for (int i = 0; i < _dimensions.Length; i++)
        {
            sum += _weights[i] * _inner.Compute(batch.Leading(_dimensions[i]), weight * _weights[i], parallel);
        }

        return sum;
    }
}
