using System.Numerics.Tensors;
using Sextant.Embedding;
using Sextant.Models.Safetensors;
using Sextant.Training.Encoders;
using Sextant.Training.Numerics;
using Sextant.Training.Runs;

namespace Sextant.Training.Adapters;

/// <summary>
/// An adapter while it learns, over vectors that are all there already: Y = X·Wᵀ + max(0, X·Uᵀ + b)·Vᵀ. It begins as the identity, so that
/// the first step starts from the model's own quality.
/// </summary>
/// <param name="weights">The trained weights.</param>
/// <param name="queries">The vectors of texts as queries, by the texts' numbers.</param>
/// <param name="documents">The same as documents.</param>
/// <param name="queriesOnly">Whether documents keep their vectors.</param>
/// <param name="maxGradientNorm">A step's gradient is scaled down to this length; 0 for never.</param>
internal sealed class AdapterEncoder(
    AdapterWeights weights,
    IReadOnlyList<float[]?> queries,
    IReadOnlyList<float[]?> documents,
    bool queriesOnly,
    float maxGradientNorm
) : ITrainedEncoder
{
    private readonly (string Name, float[] Values, int Columns, SparseAdam Adam, float[] Gradient)[] _tensors =
    [
        .. weights
            .Tensors()
            .Select(static t =>
                (t.Name, t.Values, t.Columns, new SparseAdam(t.Values.Length / t.Columns, t.Columns), new float[t.Values.Length])
            ),
    ];

    private float[] _inputs = [];
    private float[] _hidden = [];

    public int Dimensions => weights.Dimensions;

    public long Steps { get; private set; }

    public EmbeddingMatrix Forward(int[] texts, int queryCount, SeededRandom random, ParallelOptions parallel)
    {
        int mapped = queriesOnly ? queryCount : texts.Length;
        _inputs = new float[mapped * Dimensions];
        var outputs = new EmbeddingMatrix(texts.Length, Dimensions);
        for (int i = 0; i < texts.Length; i++)
        {
            float[] vector = (i < queryCount ? queries : documents)[texts[i]]!;
            vector.CopyTo(i < mapped ? _inputs.AsSpan(i * Dimensions) : outputs[i]);
        }

        float[] product = Multiply(Rows(_inputs, mapped, Dimensions), Rows(weights.Weight, Dimensions, Dimensions).Transposed, parallel);
        if (weights.Hidden > 0)
        {
            _hidden = Multiply(
                Rows(_inputs, mapped, Dimensions),
                Rows(weights.HiddenWeight, weights.Hidden, Dimensions).Transposed,
                parallel
            );
            for (int i = 0; i < mapped; i++)
            {
                Span<float> row = _hidden.AsSpan(i * weights.Hidden, weights.Hidden);
                TensorPrimitives.Add(row, weights.HiddenBias, row);
                TensorPrimitives.Max(row, 0f, row);
            }

            float[] bent = Multiply(
                Rows(_hidden, mapped, weights.Hidden),
                Rows(weights.OutputWeight, Dimensions, weights.Hidden).Transposed,
                parallel
            );
            TensorPrimitives.Add(product, bent, product);
        }

        for (int i = 0; i < mapped; i++)
        {
            product.AsSpan(i * Dimensions, Dimensions).CopyTo(outputs[i]);
        }

        return outputs;
    }

    public void Backward(EmbeddingMatrix gradients, float rate, ParallelOptions parallel)
    {
        int mapped = _inputs.Length / Dimensions;
        float[] slope = new float[mapped * Dimensions];
        for (int i = 0; i < mapped; i++)
        {
            gradients[i].CopyTo(slope.AsSpan(i * Dimensions));
        }

        // ∂L/∂W = Gᵀ·X
        MatrixOperand outer = Rows(slope, mapped, Dimensions),
            inputs = Rows(_inputs, mapped, Dimensions);
        MatrixProduct.Multiply(outer.Transposed, inputs, _tensors[0].Gradient, parallel);
        if (weights.Hidden > 0)
        {
            // ∂L/∂V = Gᵀ·H; then through V and the corner of max(0, ·) to U and b.
            MatrixProduct.Multiply(outer.Transposed, Rows(_hidden, mapped, weights.Hidden), _tensors[3].Gradient, parallel);
            float[] inner = Multiply(outer, Rows(weights.OutputWeight, Dimensions, weights.Hidden), parallel);
            for (int i = 0; i < inner.Length; i++)
            {
                inner[i] = _hidden[i] > 0 ? inner[i] : 0;
            }

            MatrixProduct.Multiply(Rows(inner, mapped, weights.Hidden).Transposed, inputs, _tensors[1].Gradient, parallel);
            float[] bias = _tensors[2].Gradient;
            Array.Clear(bias);
            for (int i = 0; i < mapped; i++)
            {
                TensorPrimitives.Add(bias, inner.AsSpan(i * bias.Length, bias.Length), bias);
            }
        }

        Step(rate);
    }

    public EmbeddingMatrix Embed(int[] texts, EmbeddingRole role)
    {
        var embeddings = new EmbeddingMatrix(texts.Length, Dimensions);
        bool query = role == EmbeddingRole.Query;
        Parallel.For(
            0,
            texts.Length,
            i =>
            {
                float[] vector = (query ? queries : documents)[texts[i]]!;
                (query || !queriesOnly ? weights.Apply(vector) : vector).CopyTo(embeddings[i]);
            }
        );
        return embeddings;
    }

    public void Save(SafetensorsWriter file)
    {
        foreach ((string name, float[] values, _, SparseAdam adam, _) in _tensors)
        {
            file.Add(name, [values.Length], values);
            file.Add("first_moments." + name, [values.Length], adam.FirstMoments);
            file.Add("second_moments." + name, [values.Length], adam.SecondMoments);
        }
    }

    public void Restore(SafetensorsFile file, long steps)
    {
        foreach ((string name, float[] values, _, SparseAdam adam, _) in _tensors)
        {
            TrainingCheckpoint.Copy(file, name, values);
            TrainingCheckpoint.Copy(file, "first_moments." + name, adam.FirstMoments);
            TrainingCheckpoint.Copy(file, "second_moments." + name, adam.SecondMoments);
        }

        Steps = steps;
    }

    private void Step(float rate)
    {
        Steps++;
        double squares = _tensors.Sum(static tensor => (double)TensorPrimitives.SumOfSquares<float>(tensor.Gradient));
        float scale = maxGradientNorm > 0 ? (float)Math.Min(1, maxGradientNorm / Math.Sqrt(squares)) : 1;
        foreach ((_, float[] values, int columns, SparseAdam adam, float[] gradient) in _tensors)
        {
            if (scale < 1)
            {
                TensorPrimitives.Multiply(gradient, scale, gradient);
            }

            for (int row = 0; row < values.Length / columns; row++)
            {
                adam.Update(row, values.AsSpan(row * columns, columns), gradient.AsSpan(row * columns, columns), rate, Steps);
            }
        }
    }

    private static MatrixOperand Rows(float[] values, int rows, int columns) => MatrixOperand.RowMajor(values, rows, columns);

    private static float[] Multiply(MatrixOperand a, MatrixOperand b, ParallelOptions parallel)
    {
        float[] product = new float[a.Rows * b.Columns];
        MatrixProduct.Multiply(a, b, product, parallel);
        return product;
    }
}
