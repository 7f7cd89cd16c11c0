namespace Sextant.Training.Losses;

/// <summary>What a loss needs of every row, beside the two texts of a pair.</summary>
public enum LossInputs
{
    /// <summary>Nothing more; negatives are used where a row has them.</summary>
    Pairs = 0,

    /// <summary>At least one negative.</summary>
    Negatives = 1,

    /// <summary>A score.</summary>
    Scores = 2,
}
