using System.Buffers;
using System.Numerics.Tensors;
using Sextant.Training.Numerics;

namespace Sextant.Training.Losses;

/// <summary>
/// Makes a student's embeddings follow a teacher's, at several lengths at once. For each length d, with s_i and t_i the unit vectors of the
/// leading d dimensions, L_d = mean_i (1 − s_i·t_i) + w · mean_i KL(p_i ‖ q_i), where p_i = softmax_j≠i(t_i·t_j / τ) are the teacher's
/// similarities within the batch at full length and q_i = softmax_j≠i(s_i·s_j / τ) the student's (as in CompRess, Abbasi Koohpayegani et
/// al. 2020,
/// arXiv:2010.14713). L = Σ_d L_d.
/// </summary>
/// <remarks>A batch's anchors and positives are two halves of one set of texts; it needs <see cref="EmbeddingBatch.TextIds"/>.</remarks>
internal sealed class TeacherLoss : IEmbeddingLoss
{
    private readonly float[] _targets;
    private readonly int _width;
    private readonly int[] _dimensions;
    private readonly float _temperature;
    private readonly float _similarityWeight;
    private readonly int _firstText;

    /// <param name="targets">The teacher's vector of each text, of length 1, one after the other by text id.</param>
    /// <param name="width">The length of a target.</param>
    /// <param name="dimensions">The lengths to train, each at most <paramref name="width"/>.</param>
    /// <param name="temperature">τ.</param>
    /// <param name="similarityWeight">w; 0 leaves the second term out.</param>
    /// <param name="firstText">The id of the first text that has a target.</param>
    public TeacherLoss(
        float[] targets,
        int width,
        IReadOnlyList<int> dimensions,
        float temperature,
        float similarityWeight,
        int firstText = 0
    ) =>
        (_targets, _width, _dimensions, _temperature, _similarityWeight, _firstText) = (
            targets,
            width,
            [.. dimensions],
            temperature,
            similarityWeight,
            firstText
        );

    /// <inheritdoc />
    public double Compute(EmbeddingBatch batch, float weight, ParallelOptions parallel)
    {
        ArgumentNullException.ThrowIfNull(batch);
        int size = 2 * batch.Size;
        var teacher = new EmbeddingMatrix(size, _width);
        for (int i = 0; i < size; i++)
        {
            _targets.AsSpan((batch.TextIds.Span[i] - _firstText) * _width, _width).CopyTo(teacher[i]);
        }

        float[]? wanted = null;
        if (_similarityWeight > 0)
        {
            wanted = ArrayPool<float>.Shared.Rent(size * size);
            Similarities(new UnitRows(teacher), wanted, parallel);
        }

        double loss = 0;
        foreach (int length in _dimensions)
        {
            loss += At(batch.Leading(length), new UnitRows(teacher.Leading(length)), wanted, weight, parallel);
        }

        if (wanted is not null)
        {
            ArrayPool<float>.Shared.Return(wanted);
        }

        return loss;
    }

    private double At(EmbeddingBatch batch, UnitRows teacher, float[]? wanted, float weight, ParallelOptions parallel)
    {
        var student = new UnitRows(batch.Anchors, batch.Positives);
        int size = student.Rows,
            columns = student.Columns;
        float[] gradients = ArrayPool<float>.Shared.Rent(size * columns);
        double apart = 0;
        for (int i = 0; i < size; i++)
        {
            apart += 1 - TensorPrimitives.Dot(student[i], teacher[i]);
            TensorPrimitives.Multiply(teacher[i], -1f / size, gradients.AsSpan(i * columns, columns));
        }

        double divergence = wanted is null ? 0 : AddSimilarityGradients(student, wanted, gradients, parallel);
        student.AddGradients(gradients, 0, batch.AnchorGradients, weight);
        student.AddGradients(gradients, batch.Size, batch.PositiveGradients, weight);
        ArrayPool<float>.Shared.Return(gradients);
        return (apart / size) + (_similarityWeight * divergence);
    }

    /// <summary>Adds w × the gradient of the mean divergence with respect to the unit rows, and returns that divergence.</summary>
    private double AddSimilarityGradients(UnitRows student, float[] wanted, float[] gradients, ParallelOptions parallel)
    {
        int size = student.Rows,
            columns = student.Columns;
        float[] given = ArrayPool<float>.Shared.Rent(size * size),
            moved = ArrayPool<float>.Shared.Rent(size * columns);
        Similarities(student, given, parallel);
        double[] divergences = new double[size];
        Parallel.For(
            0,
            size,
            parallel,
            i =>
            {
                Span<float> q = given.AsSpan(i * size, size);
                ReadOnlySpan<float> p = wanted.AsSpan(i * size, size);
                double sum = 0;
                for (int j = 0; j < size; j++)
                {
                    sum += p[j] > 0 ? p[j] * Math.Log(p[j] / Math.Max(q[j], 1e-30f)) : 0;
                }

                divergences[i] = sum;
                TensorPrimitives.Subtract(q, p, q);
            }
        );

        // Both ends of a similarity move, so the gradient is (G + Gᵀ)·S / (τ·n).
        MatrixOperand change = MatrixOperand.RowMajor(given, size, size);
        float factor = _similarityWeight / (_temperature * size);
        foreach (MatrixOperand side in (MatrixOperand[])[change, change.Transposed])
        {
            MatrixProduct.Multiply(side, student.Operand, moved, parallel);
            TensorPrimitives.MultiplyAdd(
                moved.AsSpan(0, size * columns),
                factor,
                gradients.AsSpan(0, size * columns),
                gradients.AsSpan(0, size * columns)
            );
        }

        ArrayPool<float>.Shared.Return(given);
        ArrayPool<float>.Shared.Return(moved);
        double total = 0;
        foreach (double divergence in divergences)
        {
            total += divergence;
        }

        return total / size;
    }

    /// <summary>The softmax of every row's similarities to the others, itself left out.</summary>
    private void Similarities(UnitRows rows, float[] result, ParallelOptions parallel)
    {
        int size = rows.Rows;
        MatrixProduct.Multiply(rows.Operand, rows.Operand.Transposed, result, parallel);
        Parallel.For(
            0,
            size,
            parallel,
            i =>
            {
                Span<float> row = result.AsSpan(i * size, size);
                row[i] = float.NegativeInfinity;
                TensorPrimitives.Subtract(row, TensorPrimitives.Max<float>(row), row);
                TensorPrimitives.Divide(row, _temperature, row);
                TensorPrimitives.Exp<float>(row, row);
                TensorPrimitives.Divide(row, TensorPrimitives.Sum<float>(row), row);
            }
        );
    }
}
