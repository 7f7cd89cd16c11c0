namespace Sextant.Training.Data;

/// <summary>One pair of training data in the form in which it was read.</summary>
/// <param name="Anchor">The query, or the first text.</param>
/// <param name="Positive">The text that belongs to it, or the second text.</param>
/// <param name="Negatives">Texts that do not belong to it; often empty.</param>
/// <param name="Score">The similarity of the two; <see langword="null"/> if not given.</param>
/// <param name="Line">The line of the file, from 1.</param>
internal readonly record struct PairRow(string Anchor, string Positive, IReadOnlyList<string> Negatives, float? Score, int Line);
