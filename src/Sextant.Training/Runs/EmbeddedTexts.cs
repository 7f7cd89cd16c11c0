namespace Sextant.Training.Runs;

/// <summary>How many texts the model that is learned from, or tuned, has embedded.</summary>
/// <param name="Done">Texts embedded.</param>
/// <param name="Total">Texts in all.</param>
public readonly record struct EmbeddedTexts(long Done, long Total);
