using System.Buffers;
using System.Globalization;
using System.Numerics.Tensors;
using Sextant.Training.Numerics;

namespace Sextant.Training.Losses;

/// <summary>
/// What both multiple-negatives losses compute: with s_ij = scale · cos(a_i, c_j), candidates c = B positives followed by the B·k
/// negatives,
/// L = −1/B Σ_i log softmax_j(s_ij)[i]. In both directions the mean of this and of the same over the columns of the
/// B × B part, where each positive looks for its anchor.
/// Candidates that are known to be no negatives are left out of the sum: the same text as the row's own positive or anchor,
/// and the positive of another row with the same anchor.
/// </summary>
internal sealed class InBatchRanking
{
    private readonly float _scale;
    private readonly bool _bothDirections;

    public InBatchRanking(float scale, bool bothDirections)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(scale);
        (_scale, _bothDirections) = (scale, bothDirections);
    }

    /// <summary>How the losses describe their scale.</summary>
    public string Temperature => string.Create(CultureInfo.InvariantCulture, $"temperature {1 / _scale:0.######}");

    public double Compute(EmbeddingBatch batch, float weight, ParallelOptions parallel)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var anchors = new UnitRows(batch.Anchors);
        var candidates = new UnitRows(batch.Positives, batch.Negatives);
        int size = batch.Size,
            width = candidates.Rows;
        float[] logits = ArrayPool<float>.Shared.Rent(size * width);
        MatrixProduct.Multiply(anchors.Operand, candidates.Operand.Transposed, logits, parallel);
        FalseNegatives.Mask(batch, logits, width);

        double loss = ToGradients(logits, size, width, parallel);

        float[] forAnchors = ArrayPool<float>.Shared.Rent(anchors.Values.Length);
        float[] forCandidates = ArrayPool<float>.Shared.Rent(candidates.Values.Length);
        MatrixOperand gradients = MatrixOperand.RowMajor(logits, size, width);
        MatrixProduct.Multiply(gradients, candidates.Operand, forAnchors, parallel);
        MatrixProduct.Multiply(gradients.Transposed, anchors.Operand, forCandidates, parallel);
        float factor = weight * _scale / size;
        anchors.AddGradients(forAnchors, 0, batch.AnchorGradients, factor);
        candidates.AddGradients(forCandidates, 0, batch.PositiveGradients, factor);
        if (batch.NegativeGradients is not null)
        {
            candidates.AddGradients(forCandidates, size, batch.NegativeGradients, factor);
        }

        ArrayPool<float>.Shared.Return(logits);
        ArrayPool<float>.Shared.Return(forAnchors);
        ArrayPool<float>.Shared.Return(forCandidates);
        return loss;
    }

    /// <summary>Turns cosines into B × the loss's gradient with respect to the logits, in place, and returns the loss.</summary>
    private double ToGradients(float[] logits, int size, int width, ParallelOptions parallel)
    {
        float[] rowSums = new float[size],
            own = new float[size],
            columnMax = new float[size],
            columnSums = new float[size];
        float share = _bothDirections ? 0.5f : 1;
        float[]? columns = null;
        if (_bothDirections)
        {
            columns = ArrayPool<float>.Shared.Rent(size * size);
            ColumnSoftmax(logits, columns, size, width, columnMax, columnSums, parallel);
        }

        Parallel.For(
            0,
            size,
            parallel,
            i =>
            {
                Span<float> row = logits.AsSpan(i * width, width);
                own[i] = row[i] * _scale;
                float max = TensorPrimitives.Max<float>(row) * _scale;
                TensorPrimitives.Multiply(row, _scale, row);
                TensorPrimitives.Subtract(row, max, row);
                TensorPrimitives.Exp<float>(row, row);
                float sum = TensorPrimitives.Sum<float>(row);
                rowSums[i] = max + MathF.Log(sum);
                TensorPrimitives.Multiply(row, share / sum, row);
                if (columns is not null)
                {
                    TensorPrimitives.MultiplyAdd(columns.AsSpan(i * size, size), share, row[..size], row[..size]);
                }

                row[i] -= 1;
            }
        );

        double rows = 0,
            back = 0;
        for (int i = 0; i < size; i++)
        {
            rows += rowSums[i] - own[i];
            back += columnMax[i] + Math.Log(columnSums[i]) - own[i];
        }

        if (columns is null)
        {
            return rows / size;
        }

        ArrayPool<float>.Shared.Return(columns);
        return (rows + back) / 2 / size;
    }

    /// <summary>Softmax over each column of the square part, by blocks of columns so that memory is read in runs.</summary>
    private void ColumnSoftmax(
        float[] cosines,
        float[] softmax,
        int size,
        int width,
        float[] maxima,
        float[] sums,
        ParallelOptions parallel
    )
    {
        const int Block = 128;
        Parallel.For(
            0,
            (size + Block - 1) / Block,
            parallel,
            block =>
            {
                int first = block * Block,
                    count = Math.Min(Block, size - first);
                Span<float> max = maxima.AsSpan(first, count),
                    sum = sums.AsSpan(first, count);
                max.Fill(float.NegativeInfinity);
                for (int i = 0; i < size; i++)
                {
                    TensorPrimitives.Max(max, cosines.AsSpan((i * width) + first, count), max);
                }

                TensorPrimitives.Multiply(max, _scale, max);
                for (int i = 0; i < size; i++)
                {
                    Span<float> target = softmax.AsSpan((i * size) + first, count);
                    TensorPrimitives.Multiply(cosines.AsSpan((i * width) + first, count), _scale, target);
                    TensorPrimitives.Subtract(target, max, target);
                    TensorPrimitives.Exp<float>(target, target);
                    TensorPrimitives.Add(sum, target, sum);
                }

                for (int i = 0; i < size; i++)
                {
                    Span<float> target = softmax.AsSpan((i * size) + first, count);
                    TensorPrimitives.Divide(target, sum, target);
                }
            }
        );
    }
}
