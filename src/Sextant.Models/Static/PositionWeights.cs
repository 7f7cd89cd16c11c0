namespace Sextant.Models.Static;

/// <summary>
/// How much a token counts by where it stands: 1 / (1 + position / scale). What a text is about tends to come first, so a mean that
/// leans on the beginning finds long documents better, and short texts hardly change.
/// </summary>
internal static class PositionWeights
{
    /// <summary>The weight of a token.</summary>
    /// <param name="position">From 0, unknown tokens left out.</param>
    /// <param name="scale">The position that counts half; <see langword="null"/> where all count the same.</param>
    public static float At(int position, float? scale) => scale is { } half ? half / (half + position) : 1;
}
