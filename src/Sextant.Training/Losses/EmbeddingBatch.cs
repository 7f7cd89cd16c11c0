using Sextant.Training.Numerics;

namespace Sextant.Training.Losses;

/// <summary>
/// What a loss sees: the embeddings of one batch, B rows each, and where it adds its gradients.
/// It never sees the text or the encoder, so each loss is written once for every kind of encoder.
/// </summary>
public sealed class EmbeddingBatch
{
    /// <summary>B anchors: the queries, or the first texts of the pairs.</summary>
    public required EmbeddingMatrix Anchors { get; init; }

    /// <summary>B positives: row i belongs to anchor i. For scored pairs, the second text.</summary>
    public required EmbeddingMatrix Positives { get; init; }

    /// <summary>
    /// The negatives of anchor 0, then of anchor 1, and so on; <see langword="null"/> if the batch has none. Without
    /// <see cref="NegativeCounts"/> every anchor has the same number k, so that those of anchor i are rows i·k to i·k + k − 1.
    /// </summary>
    public EmbeddingMatrix? Negatives { get; init; }

    /// <summary>How many negatives each of the B anchors has; empty when all have <see cref="NegativesPerAnchor"/>.</summary>
    public ReadOnlyMemory<int> NegativeCounts { get; init; }

    /// <summary>B scores for pairs that carry a degree of likeness; higher means more similar.</summary>
    public ReadOnlyMemory<float> Scores { get; init; }

    /// <summary>
    /// A number for the text of each anchor, then of each positive, then of each negative; equal texts have equal numbers.
    /// Empty when nothing is known. Used to leave out false negatives.
    /// </summary>
    public ReadOnlyMemory<int> TextIds { get; init; }

    /// <summary>Gradients of the loss with respect to <see cref="Anchors"/>; losses add to it.</summary>
    public required EmbeddingMatrix AnchorGradients { get; init; }

    /// <summary>Gradients of the loss with respect to <see cref="Positives"/>; losses add to it.</summary>
    public required EmbeddingMatrix PositiveGradients { get; init; }

    /// <summary>Gradients of the loss with respect to <see cref="Negatives"/>; losses add to it.</summary>
    public EmbeddingMatrix? NegativeGradients { get; init; }

    /// <summary>The number of pairs.</summary>
    public int Size => Anchors.Rows;

    /// <summary>How many negatives each anchor has, rounded down where <see cref="NegativeCounts"/> differ.</summary>
    public int NegativesPerAnchor => Negatives is null || Size == 0 ? 0 : Negatives.Rows / Size;

    /// <summary>Creates a batch and room for its gradients, all zeros.</summary>
    /// <param name="anchors">B × d.</param>
    /// <param name="positives">B × d.</param>
    /// <param name="negatives">B·k × d, or <see langword="null"/>.</param>
    /// <exception cref="ArgumentException">The shapes do not go together.</exception>
    public static EmbeddingBatch Create(EmbeddingMatrix anchors, EmbeddingMatrix positives, EmbeddingMatrix? negatives = null)
    {
        ArgumentNullException.ThrowIfNull(anchors);
        ArgumentNullException.ThrowIfNull(positives);
        if (anchors.Rows != positives.Rows || anchors.Columns != positives.Columns)
        {
            throw new ArgumentException($"{anchors.Rows}×{anchors.Columns} anchors, {positives.Rows}×{positives.Columns} positives.");
        }

        if (negatives is not null && (negatives.Columns != anchors.Columns || anchors.Rows == 0 || negatives.Rows % anchors.Rows != 0))
        {
            throw new ArgumentException($"{negatives.Rows}×{negatives.Columns} negatives for {anchors.Rows}×{anchors.Columns} anchors.");
        }

        return new EmbeddingBatch
        {
            Anchors = anchors,
            Positives = positives,
            Negatives = negatives,
            AnchorGradients = new(anchors.Rows, anchors.Columns),
            PositiveGradients = new(positives.Rows, positives.Columns),
            NegativeGradients = negatives is null ? null : new(negatives.Rows, negatives.Columns),
        };
    }

    /// <summary>The same batch seen through its leading dimensions; gradients go to the same place.</summary>
    public EmbeddingBatch Leading(int dimensions) =>
        new()
        {
            Anchors = Anchors.Leading(dimensions),
            Positives = Positives.Leading(dimensions),
            Negatives = Negatives?.Leading(dimensions),
            NegativeCounts = NegativeCounts,
            Scores = Scores,
            TextIds = TextIds,
            AnchorGradients = AnchorGradients.Leading(dimensions),
            PositiveGradients = PositiveGradients.Leading(dimensions),
            NegativeGradients = NegativeGradients?.Leading(dimensions),
        };

    /// <summary>
    /// The first negative of each anchor, and at the end the number of all: those of anchor i are [starts[i], starts[i + 1]).
    /// </summary>
    internal int[] NegativeStarts()
    {
        int[] starts = new int[Size + 1];
        for (int i = 0; i < Size; i++)
        {
            starts[i + 1] = starts[i] + (NegativeCounts.IsEmpty ? NegativesPerAnchor : NegativeCounts.Span[i]);
        }

        return starts;
    }
}
