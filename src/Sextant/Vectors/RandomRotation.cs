using System.Numerics;
using System.Numerics.Tensors;

namespace Sextant.Vectors;

/// <summary>
/// A fixed random rotation in n·log n steps: signs are flipped at random and a Hadamard transform mixes the first, then the last 2ᵏ values,
/// four times over. Afterwards no direction is special, so that each value of a vector carries as much of it as any other, which codes of few bits need.
/// </summary>
internal sealed class RandomRotation
{
    private const int Rounds = 4;

    private readonly float[] _signs;
    private readonly int _mixed;

    /// <param name="length">How many values; 1 or more.</param>
    /// <param name="seed">Decides the signs.</param>
    public RandomRotation(int length, ulong seed)
    {
        Length = length;
        _mixed = 1 << BitOperations.Log2((uint)length);
        _signs = new float[Rounds * length];
        ulong state = seed;
        for (int i = 0; i < _signs.Length; i++)
        {
            // SplitMix64.
            state += 0x9E3779B97F4A7C15;
            ulong z = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            _signs[i] = (z >> 63) == 0 ? 1 : -1;
        }
    }

    public int Length { get; }

    /// <summary>Rotates in place; lengths and inner products stay as they are.</summary>
    public void Apply(Span<float> vector)
    {
        for (int round = 0; round < Rounds; round++)
        {
            TensorPrimitives.Multiply(vector, _signs.AsSpan(round * Length, Length), vector);
            Mix(round % 2 == 0 ? vector[.._mixed] : vector[^_mixed..]);
        }
    }

    private static void Mix(Span<float> part)
    {
        for (int half = 1; half < part.Length; half *= 2)
        {
            for (int first = 0; first < part.Length; first += 2 * half)
            {
                Span<float> a = part.Slice(first, half), b = part.Slice(first + half, half);
                int i = 0;
                if (half >= Vector<float>.Count)
                {
                    for (; i < half; i += Vector<float>.Count)
                    {
                        Vector<float> x = new(a[i..]), y = new(b[i..]);
                        (x + y).CopyTo(a[i..]);
                        (x - y).CopyTo(b[i..]);
                    }
                }

                for (; i < half; i++) (a[i], b[i]) = (a[i] + b[i], a[i] - b[i]);
            }
        }

        TensorPrimitives.Multiply(part, 1 / MathF.Sqrt(part.Length), part);
    }
}
