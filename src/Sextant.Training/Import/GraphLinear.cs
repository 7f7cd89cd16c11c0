using System.Numerics.Tensors;

namespace Sextant.Training.Import;

/// <summary>A linear map found in a graph: x·Wᵀ + b.</summary>
/// <param name="Weight">W, [outputs, inputs].</param>
/// <param name="Bias">b.</param>
/// <param name="Input">The value that is mapped.</param>
internal sealed record GraphLinear(float[] Weight, float[] Bias, string Input)
{
    private const int MaxDepth = 64;

    public int Outputs => Bias.Length;

    public int Inputs => Weight.Length / Bias.Length;

    /// <summary>
    /// Reads the map that computes <paramref name="value"/>: a product with a constant, with an optional addition, slice or scale.
    /// </summary>
    public static GraphLinear? TryRead(OnnxGraphIndex graph, GraphConstants constants, string value, int depth = 0)
    {
        value = graph.ResolveContent(value);
        if (depth > MaxDepth || graph.Producer(value) is not { } node)
        {
            return null;
        }

        GraphLinear? Operand(int index) => TryRead(graph, constants, node.Input(index), depth + 1);
        switch (node.Type)
        {
            case "MatMul" when node.Is("MatMul"):
                return Product(graph, constants, node, turned: false, 1);
            case "FusedMatMul" when node.Whole("transA", 0) == 0 && node.Whole("transBatchA", 0) == 0 && node.Whole("transBatchB", 0) == 0:
                return Product(graph, constants, node, node.Whole("transB", 0) == 1, node.Number("alpha", 1));
            case "Gemm" when node.Is("Gemm") && node.Whole("transA", 0) == 0 && node.Number("beta", 1) is 1:
                GraphLinear? product = Product(graph, constants, node, node.Whole("transB", 0) == 1, node.Number("alpha", 1));
                return node.Input(2).Length == 0 ? product
                    : product is not null && constants.TryReadVector(node.Input(2), product.Outputs) is { } added ? product.Add(added)
                    : null;
            case "Add" when node.Is("Add"):
                for (int i = 0; i < 2; i++)
                {
                    if (graph.Constant(node.Input(i)) is not null)
                    {
                        return Operand(1 - i) is { } map && constants.TryReadVector(node.Input(i), map.Outputs) is { } bias
                            ? map.Add(bias)
                            : null;
                    }
                }

                return null;
            case "Mul" or "Div":
                return constants.TryReadScalar(node.Input(1)) is { } factor ? Operand(0)?.Scale(node.Type == "Mul" ? factor : 1 / factor)
                    : node.Type == "Mul" && constants.TryReadScalar(node.Input(0)) is { } first ? Operand(1)?.Scale(first)
                    : null;
            case "Split" when node.Whole("axis", 0) is -1 or 2:
                int part = node.Outputs.IndexOf(value);
                return Operand(0) is { } whole && part >= 0 ? whole.Part(constants, node, part) : null;
            case "Slice":
                return Operand(0) is { } source ? source.Cut(constants, node) : null;
            default:
                return null;
        }
    }

    /// <summary>The same map with a factor.</summary>
    public GraphLinear Scale(double factor)
    {
        TensorPrimitives.Multiply(Weight, (float)factor, Weight);
        TensorPrimitives.Multiply(Bias, (float)factor, Bias);
        return this;
    }

    /// <summary>The same map with more added to what it gives.</summary>
    public GraphLinear Add(float[] bias)
    {
        TensorPrimitives.Add(Bias, bias, Bias);
        return this;
    }

    /// <summary>Some of its outputs.</summary>
    public GraphLinear Rows(int from, int count) =>
        new(Weight.AsSpan(from * Inputs, count * Inputs).ToArray(), Bias.AsSpan(from, count).ToArray(), Input);

    private static GraphLinear? Product(OnnxGraphIndex graph, GraphConstants constants, OnnxNode node, bool turned, float factor)
    {
        if (constants.TryReadWeights(node.Input(1)) is not { Shape: [var rows, var columns] } weights || weights.Values.Length == 0)
        {
            return null;
        }

        int outputs = (int)(turned ? rows : columns);
        float[] weight = turned ? weights.Values : GraphConstants.Transpose(weights.Values, (int)rows, (int)columns);
        var map = new GraphLinear(weight, new float[outputs], graph.ResolveContent(node.Input(0)));
        return factor is 1 ? map : map.Scale(factor);
    }

    private GraphLinear? Part(GraphConstants constants, OnnxNode split, int part)
    {
        long[] lengths =
            split.Wholes("split")
            ?? constants.TryReadIntegers(split.Input(1))
            ?? [.. split.Outputs.Select(_ => (long)(Outputs / split.Outputs.Count))];
        return lengths.Length == split.Outputs.Count && lengths.All(static length => length > 0) && lengths.Sum() == Outputs
            ? Rows((int)lengths.Take(part).Sum(), (int)lengths[part])
            : null;
    }

    private GraphLinear? Cut(GraphConstants constants, OnnxNode slice)
    {
        long[]? from = slice.Wholes("starts") ?? constants.TryReadIntegers(slice.Input(1));
        long[]? to = slice.Wholes("ends") ?? constants.TryReadIntegers(slice.Input(2));
        long[]? axes = slice.Wholes("axes") ?? constants.TryReadIntegers(slice.Input(3));
        bool byOne = slice.Input(4).Length == 0 || constants.TryReadIntegers(slice.Input(4)) is [1];
        if (from is not [var start] || to is not [var end] || axes is not ([-1] or [2]) || !byOne)
        {
            return null;
        }

        start = start < 0 ? start + Outputs : start;
        end = Math.Min(end < 0 ? end + Outputs : end, Outputs);
        return start >= 0 && start < end ? Rows((int)start, (int)(end - start)) : null;
    }
}
