using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.Intrinsics;

namespace Sextant.Numerics;

/// <summary>
/// A fixed random rotation in n·log n steps: signs are flipped at random and a Hadamard transform mixes the first, then the last 2ᵏ values,
/// four times over. Afterward no direction is special, so that each value of a vector carries as much of it as any other, which codes of
/// few bits need.
/// </summary>
public sealed class RandomRotation
{
    private const int Rounds = 4;

    private readonly float[] _signs;
    private readonly int _mixed;

    /// <summary>Creates the rotation of a seed.</summary>
    /// <param name="length">The number of values of a rotated vector; 1 or more.</param>
    /// <param name="seed">Decides the signs: the same length and seed give the same rotation.</param>
    /// <exception cref="ArgumentOutOfRangeException">The length is below 1.</exception>
    public RandomRotation(int length, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        Length = length;
        _mixed = 1 << BitOperations.Log2((uint)length);
        _signs = new float[Rounds * length];
        SplitMix64 random = new(seed);
        for (int i = 0; i < _signs.Length; i++)
            _signs[i] = (random.Next() >> 63) == 0 ? 1 : -1;
    }

    /// <summary>The number of values of a rotated vector.</summary>
    public int Length { get; }

    /// <summary>Rotates a vector in place. Norms and inner products of rotated vectors are those of the vectors, within rounding.</summary>
    /// <param name="vector"><see cref="Length"/> values.</param>
    /// <exception cref="ArgumentException">The vector has another length.</exception>
    public void Apply(Span<float> vector)
    {
        if (vector.Length != Length)
            throw new ArgumentException($"The vector has {vector.Length} values; the rotation needs {Length}.", nameof(vector));
        for (int round = 0; round < Rounds; round++)
        {
            TensorPrimitives.Multiply(vector, _signs.AsSpan(round * Length, Length), vector);
            Mix(round % 2 == 0 ? vector[.._mixed] : vector[^_mixed..]);
        }
    }

    /// <summary>Writes a vector, padded with zeros to <see cref="Length"/> and rotated.</summary>
    /// <param name="vector">At most <see cref="Length"/> values.</param>
    /// <param name="rotated">Receives the <see cref="Length"/> values.</param>
    /// <exception cref="ArgumentException">The vector is longer than the rotation, or the output has another length.</exception>
    public void Apply(ReadOnlySpan<float> vector, Span<float> rotated)
    {
        vector.CopyTo(rotated);
        rotated[vector.Length..].Clear();
        Apply(rotated);
    }

    private static void Mix(Span<float> part)
    {
        int half = 1;
        if (part.Length >= Vector256<float>.Count)
        {
            MixWithin(part);
            half = Vector256<float>.Count;
        }

        for (; half < part.Length; half *= 2)
        {
            for (int first = 0; first < part.Length; first += 2 * half)
            {
                Span<float> a = part.Slice(first, half),
                    b = part.Slice(first + half, half);
                int i = 0;
                for (; i <= half - Vector256<float>.Count; i += Vector256<float>.Count)
                {
                    Vector256<float> x = Vector256.Create(a[i..]),
                        y = Vector256.Create(b[i..]);
                    (x + y).CopyTo(a[i..]);
                    (x - y).CopyTo(b[i..]);
                }

                for (; i < half; i++)
                    (a[i], b[i]) = (a[i] + b[i], a[i] - b[i]);
            }
        }

        TensorPrimitives.Multiply(part, 1 / MathF.Sqrt(part.Length), part);
    }

    // The first three steps pair values of one and the same vector: what stands across is fetched, and where it belongs first, subtracted
    // from.
    private static void MixWithin(Span<float> part)
    {
        Vector256<float> one = Vector256.Create(1f, -1, 1, -1, 1, -1, 1, -1),
            two = Vector256.Create(1f, 1, -1, -1, 1, 1, -1, -1),
            four = Vector256.Create(1f, 1, 1, 1, -1, -1, -1, -1);
        for (int i = 0; i < part.Length; i += Vector256<float>.Count)
        {
            Vector256<float> x = Vector256.Create(part[i..]);
            x = (x * one) + Vector256.Shuffle(x, Vector256.Create(1, 0, 3, 2, 5, 4, 7, 6));
            x = (x * two) + Vector256.Shuffle(x, Vector256.Create(2, 3, 0, 1, 6, 7, 4, 5));
            x = (x * four) + Vector256.Shuffle(x, Vector256.Create(4, 5, 6, 7, 0, 1, 2, 3));
            x.CopyTo(part[i..]);
        }
    }
}
