namespace Sextant.Training.Data;

/// <summary>A training pair: two texts that belong together, or a scored pair.</summary>
/// <param name="Anchor">The query, or the first text; not blank.</param>
/// <param name="Positive">The text that answers it, or the second text; not blank.</param>
public sealed record TextPair(string Anchor, string Positive)
{
    /// <summary>Texts that do not answer the anchor, though they look like it; empty for none.</summary>
    public IReadOnlyList<string> Negatives { get; init; } = [];

    /// <summary>
    /// The similarity of the two texts, finite, on any scale; <see langword="null"/> for texts that simply belong together.
    /// </summary>
    public float? Score { get; init; }
}
