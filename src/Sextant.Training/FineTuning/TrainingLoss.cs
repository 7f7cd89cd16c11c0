namespace Sextant.Training.FineTuning;

/// <summary>The losses that a user can choose.</summary>
public enum TrainingLoss
{
    /// <summary>By the data: <see cref="CoSent"/> for scored pairs, otherwise <see cref="MultipleNegatives"/>.</summary>
    Automatic = 0,

    /// <summary>Every other positive of the batch is a negative, and so are given negatives.</summary>
    MultipleNegatives = 1,

    /// <summary>Only given negatives count; needs triplets.</summary>
    InfoNce = 2,

    /// <summary>The positive nearer than the negative by a margin; needs triplets.</summary>
    Triplet = 3,

    /// <summary>Pairs ordered by their scores; needs scored pairs.</summary>
    CoSent = 4,
}
