namespace Sextant.Training.Recipes;

/// <summary>The result of a recipe.</summary>
/// <param name="Pairs">Pairs in the data, after removal.</param>
/// <param name="HeldBackPairs">Pairs removed because one of their texts is in an evaluation set.</param>
/// <param name="Tokens">The size of the vocabulary.</param>
/// <param name="Loss">The loss at the end, smoothed.</param>
/// <param name="PairsPerSecond">Speed of training alone.</param>
/// <param name="Duration">From the first byte read to the last written.</param>
public sealed record RecipeReport(int Pairs, int HeldBackPairs, int Tokens, double Loss, double PairsPerSecond, TimeSpan Duration);
