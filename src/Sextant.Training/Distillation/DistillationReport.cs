namespace Sextant.Training.Distillation;

/// <summary>The result of a distillation.</summary>
/// <param name="Texts">Texts trained on.</param>
/// <param name="Tokens">Tokens of the student.</param>
/// <param name="Dimensions">Dimensions of the student.</param>
/// <param name="Before">The token vectors as the teacher gave them, on held-out texts; <see langword="null"/> without any.</param>
/// <param name="After">The trained student on the same texts.</param>
/// <param name="Loss">The loss at the end, averaged over the last batches; NaN without training.</param>
/// <param name="TextsPerSecond">Speed of training alone; 0 without training.</param>
public sealed record DistillationReport(
    int Texts,
    int Tokens,
    int Dimensions,
    DistillationScores? Before,
    DistillationScores? After,
    double Loss,
    double TextsPerSecond
)
{
    /// <summary>The result of each epoch.</summary>
    public IReadOnlyList<DistillationEpoch> Epochs { get; init; } = [];
}
