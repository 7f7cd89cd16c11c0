using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Sextant.Umap.Layout;

/// <summary>
/// Moves one point toward the neighbors that are sampled in this epoch, and away from random others. All other points are fixed, so points
/// that move concurrently do not depend on each other.
/// </summary>
/// <remarks>
/// An edge with weight w (at most 1) is sampled in a fraction w of the epochs: when <c>epoch · w</c> passes a whole number.
/// </remarks>
internal sealed class HeadStep(GradientTable table, int components, int negatives)
{
    private const float Clip = 4;

    /// <summary>The rate of an edge, a fraction of 2^32.</summary>
    public static uint Rate(float weight, float largest) => (uint)Math.Min(uint.MaxValue, weight / (double)largest * 4294967296.0);

    /// <param name="tails">The neighbors.</param>
    /// <param name="rates">The rates of the edges to them.</param>
    /// <param name="epoch">The epoch, from 1.</param>
    /// <param name="random">The random numbers of this point in this epoch.</param>
    /// <param name="alpha">The length of a step.</param>
    /// <param name="positions">The positions of all other points.</param>
    /// <param name="own">The position that moves.</param>
    /// <param name="density">What densMAP adds to the attraction; <see langword="null"/> for plain UMAP.</param>
    /// <param name="head">The number of the point that moves, for <paramref name="density"/>.</param>
    public void Move(
        ReadOnlySpan<int> tails,
        ReadOnlySpan<uint> rates,
        uint epoch,
        UmapRandom random,
        float alpha,
        ReadOnlySpan<float> positions,
        Span<float> own,
        DensityTerm? density = null,
        int head = -1
    )
    {
        if (components == 2 && density is null)
        {
            MoveInPlane(tails, rates, epoch, random, alpha, MemoryMarshal.Cast<float, (float X, float Y)>(positions), own);
            return;
        }

        int others = positions.Length / components;
        for (int e = 0; e < tails.Length; e++)
        {
            if (unchecked(epoch * rates[e]) >= rates[e])
                continue;
            Pull(positions.Slice(tails[e] * components, components), alpha, own, density, head, e);
            for (int k = 0; k < negatives; k++)
                Push(positions.Slice(random.Below(others) * components, components), alpha, own);
        }
    }

    private void Pull(ReadOnlySpan<float> other, float alpha, Span<float> own, DensityTerm? density, int head, int edge)
    {
        float square = SquareDistance(own, other);
        float coefficient = table.Values[GradientTable.Place(square)],
            spread = density is null ? 0 : 2 * density.Coefficient(head, edge, square);
        for (int c = 0; c < own.Length; c++)
        {
            float difference = own[c] - other[c];
            own[c] += alpha * (Limit(coefficient * difference) + Limit(spread * difference));
        }
    }

    private void Push(ReadOnlySpan<float> other, float alpha, Span<float> own)
    {
        float coefficient = table.Values[GradientTable.Repulsion + GradientTable.Place(SquareDistance(own, other))];
        for (int c = 0; c < own.Length; c++)
            own[c] += alpha * Limit(coefficient * (own[c] - other[c]));
    }

    private static float SquareDistance(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        float square = 0;
        for (int c = 0; c < a.Length; c++)
            square += (a[c] - b[c]) * (a[c] - b[c]);
        return square;
    }

    private void MoveInPlane(
        ReadOnlySpan<int> tails,
        ReadOnlySpan<uint> rates,
        uint epoch,
        UmapRandom random,
        float alpha,
        ReadOnlySpan<(float X, float Y)> positions,
        Span<float> own
    )
    {
        ref (float X, float Y) all = ref MemoryMarshal.GetReference(positions);
        ref float values = ref MemoryMarshal.GetArrayDataReference(table.Values);
        uint count = (uint)positions.Length;
        float x = own[0],
            y = own[1];
        for (int e = 0; e < tails.Length; e++)
        {
            if (unchecked(epoch * rates[e]) >= rates[e])
                continue;
            (float X, float Y) tail = positions[tails[e]];
            float dx = x - tail.X,
                dy = y - tail.Y;
            float coefficient = Unsafe.Add(ref values, GradientTable.Place((dx * dx) + (dy * dy)));
            x += alpha * Limit(coefficient * dx);
            y += alpha * Limit(coefficient * dy);

            // The pushes of one edge are summed at one place of the point, so that they need not wait for each other.
            float pushX = 0,
                pushY = 0;
            for (int k = 0; k < negatives; k += 2)
            {
                ulong draw = random.Next();
                Repel(ref all, ref values, (uint)(((draw >> 32) * count) >> 32), x, y, ref pushX, ref pushY);
                if (k + 1 < negatives)
                    Repel(ref all, ref values, (uint)(((draw & uint.MaxValue) * count) >> 32), x, y, ref pushX, ref pushY);
            }

            x += alpha * pushX;
            y += alpha * pushY;
        }

        own[0] = x;
        own[1] = y;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Repel(ref (float X, float Y) all, ref float values, uint other, float x, float y, ref float pushX, ref float pushY)
    {
        (float ox, float oy) = Unsafe.Add(ref all, other);
        float dx = x - ox,
            dy = y - oy;
        float coefficient = Unsafe.Add(ref values, GradientTable.Repulsion + GradientTable.Place((dx * dx) + (dy * dy)));
        pushX += Limit(coefficient * dx);
        pushY += Limit(coefficient * dy);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Limit(float value) => MathF.Min(MathF.Max(value, -Clip), Clip);
}
