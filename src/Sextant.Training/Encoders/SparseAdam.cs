using System.Numerics;

namespace Sextant.Training.Encoders;

/// <summary>
/// Adam (Kingma and Ba 2015, arXiv:1412.6980) for a table of which a step touches few rows. It is the lazy kind, as
/// PyTorch's SparseAdam: moments of untouched rows do not decay, and the correction of their bias goes by the step of the whole run.
/// </summary>
internal sealed class SparseAdam(int rows, int columns)
{
    private const float Beta1 = 0.9f,
        Beta2 = 0.999f,
        Epsilon = 1e-8f;

    /// <summary>Means of the gradient, row by row.</summary>
    public float[] FirstMoments { get; } = new float[(long)rows * columns];

    /// <summary>Means of the squared gradient, row by row.</summary>
    public float[] SecondMoments { get; } = new float[(long)rows * columns];

    /// <summary>Changes one row by its gradient. Different rows may be changed at the same time.</summary>
    /// <param name="row">Which row's moments to use.</param>
    /// <param name="weights">The row's values.</param>
    /// <param name="gradient">As long as the row.</param>
    /// <param name="rate">The learning rate of this step.</param>
    /// <param name="step">The number of this step, from 1.</param>
    public void Update(int row, Span<float> weights, ReadOnlySpan<float> gradient, float rate, long step)
    {
        float stepSize = rate / (1 - MathF.Pow(Beta1, step));
        float rootScale = 1 / MathF.Sqrt(1 - MathF.Pow(Beta2, step));
        Span<float> first = FirstMoments.AsSpan(row * columns, columns),
            second = SecondMoments.AsSpan(row * columns, columns);
        int i = 0;
        for (; i <= columns - Vector<float>.Count; i += Vector<float>.Count)
        {
            var g = new Vector<float>(gradient[i..]);
            Vector<float> m = (new Vector<float>(first[i..]) * Beta1) + (g * (1 - Beta1));
            Vector<float> v = (new Vector<float>(second[i..]) * Beta2) + (g * g * (1 - Beta2));
            m.CopyTo(first[i..]);
            v.CopyTo(second[i..]);
            Vector<float> change = m * stepSize / ((Vector.SquareRoot(v) * rootScale) + new Vector<float>(Epsilon));
            (new Vector<float>(weights[i..]) - change).CopyTo(weights[i..]);
        }

        for (; i < columns; i++)
        {
            float g = gradient[i];
            first[i] = (first[i] * Beta1) + (g * (1 - Beta1));
            second[i] = (second[i] * Beta2) + (g * g * (1 - Beta2));
            weights[i] -= first[i] * stepSize / ((MathF.Sqrt(second[i]) * rootScale) + Epsilon);
        }
    }
}
