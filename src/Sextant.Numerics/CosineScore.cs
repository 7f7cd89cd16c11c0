namespace Sextant.Numerics;

/// <summary>Cosines of float32 vectors as scores: what rounding keeps from 1 or −1, or puts beyond, is 1 or −1.</summary>
internal static class CosineScore
{
    /// <summary>More than rounding changes the cosine of two equal vectors by, at any length that is in use.</summary>
    private const float Rounding = 5e-7f;

    /// <summary>The score; NaN stays NaN.</summary>
    public static float Settle(float cosine) =>
        cosine >= 1 - Rounding ? 1 : cosine <= Rounding - 1 ? -1 : cosine;
}
