namespace Sextant.Models.Static;

/// <summary>
/// The weight of a token by its position: 1 / (1 + position / scale). The topic of a text tends to come first, so a mean that weights the
/// beginning more finds long documents better, and the vectors of short texts hardly change.
/// </summary>
public static class PositionWeights
{
    /// <summary>The weight of a token.</summary>
    /// <param name="position">The position, from 0; unknown tokens are not counted.</param>
    /// <param name="scale">The position whose weight is one half; <see langword="null"/> for the weight 1 everywhere.</param>
    public static float GetWeight(int position, float? scale) => scale is { } half ? half / (half + position) : 1;
}
