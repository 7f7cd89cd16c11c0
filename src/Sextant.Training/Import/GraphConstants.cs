namespace Sextant.Training.Import;

/// <summary>A matrix or vector of weights, taken out of a graph.</summary>
internal sealed record GraphWeights(long[] Shape, float[] Values);

/// <summary>
/// Computes what a graph computes from constants alone: turned and cut weights, scalars, and the known lengths of shapes.
/// </summary>
internal sealed class GraphConstants(OnnxGraphIndex graph)
{
    private const int MaxDepth = 64;

    /// <summary>The values of a float constant, or <see langword="null"/> for any other value.</summary>
    public GraphWeights? TryReadWeights(string value, int depth = 0)
    {
        if (graph.Constant(value) is { } tensor)
        {
            return tensor.IsFloat ? new GraphWeights(tensor.Shape, tensor.ReadSingles()) : null;
        }

        if (depth > MaxDepth || graph.Producer(value) is not { } node)
        {
            return null;
        }

        if (
            node.Is("Transpose")
            && TryReadWeights(node.Input(0), depth + 1) is { Shape: [var rows, var columns] } matrix
            && (node.Wholes("perm") ?? [1, 0]) is [1, 0]
        )
        {
            return new GraphWeights([columns, rows], Transpose(matrix.Values, (int)rows, (int)columns));
        }

        return
            node is { Type: "Reshape" or "Squeeze" or "Unsqueeze" or "Flatten" }
            && TryReadWeights(node.Input(0), depth + 1) is { } whole
            && whole.Shape.Count(static length => length > 1) <= 1
            ? new GraphWeights([whole.Values.Length], whole.Values)
            : null;
    }

    /// <summary>A vector of <paramref name="length"/> weights, or <see langword="null"/>.</summary>
    public float[]? TryReadVector(string value, long? length = null) =>
        TryReadWeights(value) is { } weights
        && weights.Shape.Count(static side => side > 1) <= 1
        && (length is null || weights.Values.Length == length)
            ? weights.Values
            : null;

    /// <summary>A single number, computed where need be.</summary>
    /// <param name="value">The value.</param>
    /// <param name="lastLength">What the last length of every shape is; <see langword="null"/> where it is not known.</param>
    /// <param name="depth">How deep the computation is already.</param>
    public double? TryReadScalar(string value, long? lastLength = null, int depth = 0)
    {
        if (graph.Constant(value) is { Count: 1 } tensor)
        {
            return tensor.IsFloat ? tensor.ReadSingles()[0]
                : tensor.IsInteger ? tensor.ReadIntegers()[0]
                : null;
        }

        if (depth > MaxDepth || graph.Producer(value) is not { } node)
        {
            return null;
        }

        double? Operand(int index) => TryReadScalar(node.Input(index), lastLength, depth + 1);
        switch (node.Type)
        {
            case "Sqrt":
                return Operand(0) is { } square ? Math.Sqrt(square) : null;
            case "Reciprocal":
                return 1 / Operand(0);
            case "Mul":
                return Operand(0) * Operand(1);
            case "Div":
                return Operand(0) / Operand(1);
            case "Pow":
                return Operand(0) is { } root && Operand(1) is { } exponent ? Math.Pow(root, exponent) : null;
            case "Squeeze" or "Unsqueeze" or "Reshape":
                return Operand(0);
            case "Gather" or "Slice" when graph.Producer(node.Input(0))?.Is("Shape") is true && TryReadScalar(node.Input(1)) is -1 or 3:
                return lastLength;
            default:
                return null;
        }
    }

    /// <summary>The lengths that a shape names, 0 or less for those that are not known.</summary>
    public long[]? TryReadShape(string value)
    {
        if (graph.Constant(value) is { IsInteger: true } tensor)
        {
            return tensor.ReadIntegers();
        }

        return graph.Producer(value) is { } node && node.Is("Concat")
            ?
            [
                .. node.Inputs.SelectMany(part =>
                    graph.Constant(part) is { IsInteger: true } known ? known.ReadIntegers() : [(long)(TryReadScalar(part) ?? 0)]
                ),
            ]
            : null;
    }

    /// <summary>The whole numbers of a constant, or <see langword="null"/>.</summary>
    public long[]? TryReadIntegers(string value) => graph.Constant(value) is { IsInteger: true } tensor ? tensor.ReadIntegers() : null;

    public static float[] Transpose(float[] matrix, int rows, int columns)
    {
        float[] turned = GC.AllocateUninitializedArray<float>(matrix.Length);
        Parallel.For(
            0,
            columns,
            column =>
            {
                for (int row = 0; row < rows; row++)
                {
                    turned[(column * rows) + row] = matrix[(row * columns) + column];
                }
            }
        );
        return turned;
    }
}
