using System.Numerics.Tensors;

namespace Sextant.Evaluation.Learning;

/// <summary>
/// Logistic regression with scikit-learn's defaults: log loss, a ridge penalty with C = 1 on all weights except the intercepts, one weight
/// vector for two classes and one per class for more, minimized by L-BFGS until no component of the mean loss's gradient exceeds 1e-4, or
/// for 100 steps.
/// </summary>
internal sealed class LogisticRegression
{
    private const float Tolerance = 1e-4f;
    private const int MaxIterations = 100;

    private readonly int _outputs;
    private readonly int _dimensions;

    /// <summary>The weight vectors, one after another, and then the intercepts.</summary>
    private readonly float[] _weights;

    private LogisticRegression(int classes, int dimensions)
    {
        _outputs = classes == 2 ? 1 : classes;
        _dimensions = dimensions;
        _weights = new float[_outputs * (dimensions + 1)];
    }

    /// <summary>Learns from rows of a table.</summary>
    /// <param name="table">The vectors.</param>
    /// <param name="rows">Which of them to learn from.</param>
    /// <param name="labels">The class of each of these rows, from 0.</param>
    /// <param name="classes">The number of classes; at least 2.</param>
    public static LogisticRegression Fit(EmbeddingTable table, int[] rows, int[] labels, int classes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 2);
        var model = new LogisticRegression(classes, table.Dimensions);
        LimitedMemoryBfgs.Minimize(
            (point, gradient) => model.Loss(point, gradient, table, rows, labels),
            model._weights,
            Tolerance,
            MaxIterations
        );
        return model;
    }

    /// <summary>The most likely class of each row of a table.</summary>
    public int[] Predict(EmbeddingTable table)
    {
        int[] classes = new int[table.Count];
        Span<float> logits = new float[_outputs];
        for (int row = 0; row < classes.Length; row++)
        {
            Logits(_weights, table[row], logits);
            classes[row] = _outputs == 1 ? (logits[0] > 0 ? 1 : 0) : TensorPrimitives.IndexOfMax<float>(logits);
        }

        return classes;
    }

    private void Logits(ReadOnlySpan<float> weights, ReadOnlySpan<float> x, Span<float> logits)
    {
        DotProducts.Compute(x, weights[..(_outputs * _dimensions)], logits);
        TensorPrimitives.Add(logits, weights[(_outputs * _dimensions)..], logits);
    }

    /// <summary>The mean loss and the penalty, divided by the number of rows as well.</summary>
    private double Loss(ReadOnlySpan<float> weights, Span<float> gradient, EmbeddingTable table, int[] rows, int[] labels)
    {
        int penalized = _outputs * _dimensions;
        float each = 1f / rows.Length;
        TensorPrimitives.Multiply(weights[..penalized], each, gradient[..penalized]);
        gradient[penalized..].Clear();
        double loss = 0;
        Span<float> logits = new float[_outputs];
        for (int i = 0; i < rows.Length; i++)
        {
            ReadOnlySpan<float> x = table[rows[i]];
            Logits(weights, x, logits);
            loss += _outputs == 1 ? BinaryError(logits, labels[i]) : MultinomialError(logits, labels[i]);
            for (int k = 0; k < _outputs; k++)
            {
                float factor = logits[k] * each;
                Span<float> target = gradient.Slice(k * _dimensions, _dimensions);
                TensorPrimitives.MultiplyAdd(x, factor, target, target);
                gradient[penalized + k] += factor;
            }
        }

        return (loss + (0.5 * TensorPrimitives.SumOfSquares(weights[..penalized]))) * each;
    }

    /// <summary>The loss of one row; its logits become the loss's slope against them.</summary>
    private static double MultinomialError(Span<float> logits, int label)
    {
        float largest = TensorPrimitives.Max<float>(logits),
            own = logits[label];
        TensorPrimitives.Subtract(logits, largest, logits);
        TensorPrimitives.Exp(logits, logits);
        float sum = TensorPrimitives.Sum<float>(logits);
        TensorPrimitives.Divide(logits, sum, logits);
        logits[label] -= 1;
        return Math.Log(sum) + largest - own;
    }

    private static double BinaryError(Span<float> logits, int label)
    {
        double z = logits[0];
        logits[0] = (float)((1 / (1 + Math.Exp(-z))) - label);
        return Math.Max(z, 0) + Math.Log(1 + Math.Exp(-Math.Abs(z))) - (label * z);
    }
}
