namespace Sextant.Training.Losses;

/// <summary>The data that a loss needs in every row, in addition to the two texts of a pair.</summary>
public enum LossInputs
{
    /// <summary>Nothing more; negatives are used where a row has them.</summary>
    Pairs = 0,

    /// <summary>At least one negative.</summary>
    Negatives = 1,

    /// <summary>A score.</summary>
    Scores = 2,
}
