using System.Runtime.CompilerServices;

namespace Sextant.Umap.Layout;

/// <summary>
/// The coefficients of attraction and repulsion over the squared distance, read from a table by the leading bits of the float: powers
/// would take most of the time of a layout, and a step half a percent too long does not show in it.
/// </summary>
internal sealed class GradientTable
{
    /// <summary>The start of the repulsion part in <see cref="Values"/>.</summary>
    public const int Repulsion = Octaves << MantissaBits;

    private const int Octaves = 32;
    private const int MantissaBits = 6;
    private const int Shift = 23 - MantissaBits;
    private const int LowestExponent = -16;
    private const int Origin = (127 + LowestExponent) << MantissaBits;

    /// <param name="curve">How similarity fades with the distance.</param>
    /// <param name="repulsionStrength">The factor of the repulsion.</param>
    public GradientTable(UmapCurve curve, double repulsionStrength)
    {
        (double a, double b) = curve;
        for (int i = 0; i < Repulsion; i++)
        {
            double low = BitConverter.Int32BitsToSingle((i + Origin) << Shift),
                high = BitConverter.Int32BitsToSingle((i + 1 + Origin) << Shift);
            double square = (low + high) / 2,
                power = Math.Pow(square, b);
            Values[i] = (float)(-2 * a * b * power / square / (1 + (a * power)));
            Values[i + Repulsion] = (float)(repulsionStrength * 2 * b / ((0.001 + square) * (1 + (a * power))));
        }
    }

    public float[] Values { get; } = new float[2 * Repulsion];

    /// <summary>The place of a squared distance in the first half of <see cref="Values"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Place(float square) => Math.Clamp((BitConverter.SingleToInt32Bits(square) >> Shift) - Origin, 0, Repulsion - 1);
}
