namespace Sextant.Training.Data;

/// <summary>One row of training data as it was read.</summary>
/// <param name="Anchor">What is asked, or the first text.</param>
/// <param name="Positive">What belongs to it, or the second text.</param>
/// <param name="Negative">What does not belong to it; <see langword="null"/> when there is none.</param>
/// <param name="Score">How alike the two are; <see langword="null"/> when that is not given.</param>
/// <param name="Line">The line of the file, from 1.</param>
internal readonly record struct PairRow(string Anchor, string Positive, string? Negative, float? Score, int Line);
