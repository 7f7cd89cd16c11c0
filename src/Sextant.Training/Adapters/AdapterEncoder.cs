using Sextant.Training.Encoders;
using Sextant.Training.Numerics;

namespace Sextant.Training.Adapters;

/// <summary>The map while it learns. Begins as the identity, so that the first step starts from the model's own quality.</summary>
internal sealed class AdapterEncoder
{
    private readonly SparseAdam _adam;
    private long _steps;

    public AdapterEncoder(int dimensions)
    {
        Dimensions = dimensions;
        Weight = new float[dimensions * dimensions];
        _adam = new SparseAdam(dimensions, dimensions);
        for (int i = 0; i < dimensions; i++)
        {
            Weight[(i * dimensions) + i] = 1;
        }
    }

    public int Dimensions { get; }

    public float[] Weight { get; }

    /// <summary>Y = X·Wᵀ for B rows.</summary>
    public EmbeddingMatrix Forward(float[] inputs, int rows, ParallelOptions parallel)
    {
        var outputs = new EmbeddingMatrix(rows, Dimensions);
        float[] product = new float[rows * Dimensions];
        MatrixProduct.Multiply(
            MatrixOperand.RowMajor(inputs, rows, Dimensions), MatrixOperand.RowMajor(Weight, Dimensions, Dimensions).Transposed, product, parallel);
        for (int i = 0; i < rows; i++)
        {
            product.AsSpan(i * Dimensions, Dimensions).CopyTo(outputs[i]);
        }

        return outputs;
    }

    /// <summary>∂L/∂W = Gᵀ·X, and a step of Adam.</summary>
    public void Backward(float[] inputs, float[] gradients, int rows, float rate, ParallelOptions parallel)
    {
        float[] slope = new float[Weight.Length];
        MatrixProduct.Multiply(
            MatrixOperand.RowMajor(gradients, rows, Dimensions).Transposed, MatrixOperand.RowMajor(inputs, rows, Dimensions), slope, parallel);
        _steps++;
        for (int row = 0; row < Dimensions; row++)
        {
            int start = row * Dimensions;
            _adam.Update(row, Weight.AsSpan(start, Dimensions), slope.AsSpan(start, Dimensions), rate, _steps);
        }
    }
}
