using System.Numerics.Tensors;
using Sextant.Umap;

namespace Sextant.Training.Distillation;

/// <summary>
/// The teacher's vectors in the student's dimensions: their principal components, so that the leading dimensions carry the most and
/// the student can be cut. The mean is not taken off: cosines stay the teacher's as far as the dimensions reach.
/// </summary>
internal sealed class TeacherSpace
{
    private const int SampleRows = 50_000;

    private readonly PrincipalComponents _axes;

    private TeacherSpace(PrincipalComponents axes) => _axes = axes;

    public int Dimensions => _axes.Components;

    /// <summary>The share of the variance that the dimensions keep.</summary>
    public double Kept => _axes.TotalVariance > 0 ? _axes.Variances.Sum() / _axes.TotalVariance : 1;

    public static TeacherSpace Fit(IReadOnlyList<float[]> vectors, int dimensions, CancellationToken cancellationToken)
    {
        int width = vectors[0].Length,
            step = Math.Max(1, vectors.Count / SampleRows);
        float[] rows = new float[(vectors.Count + step - 1) / step * width];
        for (int i = 0; i * step < vectors.Count; i++)
        {
            vectors[i * step].CopyTo(rows, i * width);
        }

        return new(PrincipalComponents.Fit(rows, width, Math.Min(dimensions, width), cancellationToken));
    }

    /// <summary>One vector in the student's dimensions, not normalized.</summary>
    public void Project(ReadOnlySpan<float> vector, Span<float> projected)
    {
        for (int i = 0; i < projected.Length; i++)
        {
            projected[i] = TensorPrimitives.Dot(vector, _axes.Axis(i));
        }
    }

    /// <summary>All vectors in the student's dimensions, each of length 1, one after the other.</summary>
    public float[] ProjectUnit(IReadOnlyList<float[]> vectors)
    {
        float[] rows = new float[(long)vectors.Count * Dimensions];
        Parallel.For(
            0,
            vectors.Count,
            i =>
            {
                Span<float> row = rows.AsSpan(i * Dimensions, Dimensions);
                Project(vectors[i], row);
                float length = TensorPrimitives.Norm<float>(row);
                TensorPrimitives.Multiply(row, length > 0 ? 1 / length : 0, row);
            }
        );
        return rows;
    }
}
