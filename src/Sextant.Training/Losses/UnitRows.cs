using System.Numerics.Tensors;
using Sextant.Training.Numerics;

namespace Sextant.Training.Losses;

/// <summary>
/// The rows of one or more matrices, scaled to length 1 and copied into one block, and the way back: with x̂ = x / |x|,
/// ∂L/∂x = (∂L/∂x̂ − (∂L/∂x̂ · x̂) x̂) / |x|. A zero row stays zero and receives no gradient.
/// </summary>
internal sealed class UnitRows
{
    private readonly float[] _inverseLengths;

    public UnitRows(EmbeddingMatrix first, EmbeddingMatrix? second = null)
    {
        Columns = first.Columns;
        Rows = first.Rows + (second?.Rows ?? 0);
        Values = GC.AllocateUninitializedArray<float>(Rows * Columns);
        _inverseLengths = new float[Rows];
        Copy(first, 0);
        if (second is not null)
        {
            Copy(second, first.Rows);
        }
    }

    public int Rows { get; }

    public int Columns { get; }

    /// <summary>The rows, one after the other.</summary>
    public float[] Values { get; }

    public MatrixOperand Operand => MatrixOperand.RowMajor(Values, Rows, Columns);

    public ReadOnlySpan<float> this[int row] => Values.AsSpan(row * Columns, Columns);

    /// <summary>Adds <paramref name="factor"/> × the gradient with respect to the original rows.</summary>
    /// <param name="unitGradients">Gradients with respect to all unit rows; overwritten.</param>
    /// <param name="firstRow">The first row of <paramref name="target"/>.</param>
    /// <param name="target">Gradients with respect to the original rows.</param>
    /// <param name="factor">Scales the added gradients.</param>
    public void AddGradients(float[] unitGradients, int firstRow, EmbeddingMatrix target, float factor)
    {
        for (int i = 0; i < target.Rows; i++)
        {
            Span<float> gradient = unitGradients.AsSpan((firstRow + i) * Columns, Columns);
            ReadOnlySpan<float> unit = this[firstRow + i];
            float along = TensorPrimitives.Dot(gradient, unit);
            TensorPrimitives.MultiplyAdd(unit, -along, gradient, gradient);
            TensorPrimitives.MultiplyAdd(gradient, factor * _inverseLengths[firstRow + i], target[i], target[i]);
        }
    }

    private void Copy(EmbeddingMatrix source, int firstRow)
    {
        for (int i = 0; i < source.Rows; i++)
        {
            ReadOnlySpan<float> row = source[i];
            float length = TensorPrimitives.Norm(row);
            _inverseLengths[firstRow + i] = length > 0 ? 1 / length : 0;
            TensorPrimitives.Multiply(row, _inverseLengths[firstRow + i], Values.AsSpan((firstRow + i) * Columns, Columns));
        }
    }
}
