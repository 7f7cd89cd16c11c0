namespace Sextant.Training.Data;

/// <summary>Texts that belong together, by their numbers in a <see cref="TextPool"/>.</summary>
/// <param name="Anchor">The query, or the first text.</param>
/// <param name="Positive">The matching text.</param>
/// <param name="Negatives">Hard negatives of the anchor; <see langword="null"/> if it has none.</param>
/// <param name="Score">The similarity of anchor and positive, if known.</param>
/// <param name="Mined">The index of its mined negatives in <see cref="MinedNegatives"/>, or −1.</param>
internal readonly record struct TrainingPair(int Anchor, int Positive, int[]? Negatives = null, float Score = float.NaN, int Mined = -1)
{
    /// <summary>The numbers of a row's negatives; <see langword="null"/> when it has none, since most rows have none.</summary>
    public static int[]? AddNegatives(PairRow row, TextPool texts) =>
        row.Negatives.Count == 0 ? null : [.. row.Negatives.Select(texts.Add)];
}

/// <summary>Pairs of one kind. Batches are made of one source, so that negatives are as hard as that source allows.</summary>
/// <param name="Name">For messages.</param>
/// <param name="Pairs">The pairs.</param>
/// <param name="Weight">How often each pair is seen in a pass: 0.3 is three passes in ten, 3 is three times.</param>
/// <param name="Batch">Pairs in a batch, about, where that differs from the other sources'.</param>
internal sealed record PairSource(string Name, IReadOnlyList<TrainingPair> Pairs, double Weight = 1, int? Batch = null);
