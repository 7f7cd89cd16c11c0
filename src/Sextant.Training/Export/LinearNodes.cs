using System.Numerics.Tensors;

namespace Sextant.Training.Export;

/// <summary>
/// The parts of an encoder that hold its weights: linear maps and the table of words, in float32 or in 8 bits. An 8-bit map quantises its
/// input as it comes, multiplies whole numbers, and scales the sums; weights have a scale for each output, and use 7 of the 8
/// bits, because processors without VNNI add two products in 16 bits and would overflow.
/// </summary>
internal sealed class LinearNodes(OnnxGraphWriter graph, IReadOnlyDictionary<string, float[]> weights, bool int8)
{
    private const int LargestWeight = 63;
    private const int LargestRow = 127;

    /// <summary>Inputs that are quantised already: query, key and value share theirs.</summary>
    private readonly Dictionary<string, string[]> _quantized = [];

    /// <summary>x·Wᵀ + b.</summary>
    public string Apply(string x, string name, int inputs, int outputs)
    {
        string bias = graph.Constant(name + ".bias", [outputs], weights[name + ".bias"]);
        float[] rows = weights[name + ".weight"];
        if (!int8)
        {
            return graph.Node("Add", [graph.Node("MatMul", [x, graph.Constant(name + ".weight", [inputs, outputs], Transpose(rows, outputs, inputs))]), bias]);
        }

        if (!_quantized.TryGetValue(x, out string[]? whole))
        {
            _quantized.Add(x, whole = graph.Nodes("DynamicQuantizeLinear", [x], 3));
        }

        (sbyte[] values, float[] scales) = Quantize(rows, outputs, inputs, LargestWeight);
        string product = graph.Node("MatMulInteger", [whole[0], graph.Constant(name + ".weight", [inputs, outputs], Transpose(values, outputs, inputs)), whole[2]]);
        string scale = graph.Node("Mul", [whole[1], graph.Constant(name + ".scale", [outputs], scales)]);
        return graph.Node("Add", [graph.Node("Mul", [graph.Node("Cast", [product], ("to", OnnxGraphWriter.Float)), scale]), bias]);
    }

    /// <summary>The rows of a table that ids name.</summary>
    public string Rows(string name, int rows, int columns, string ids)
    {
        if (!int8)
        {
            return graph.Node("Gather", [graph.Constant(name, [rows, columns], weights[name]), ids]);
        }

        (sbyte[] values, float[] scales) = Quantize(weights[name], rows, columns, LargestRow);
        string row = graph.Node("Cast", [graph.Node("Gather", [graph.Constant(name, [rows, columns], values), ids])], ("to", OnnxGraphWriter.Float));
        return graph.Node("Mul", [row, graph.Node("Gather", [graph.Constant(name + ".scale", [rows, 1], scales), ids])]);
    }

    private static (sbyte[] Values, float[] Scales) Quantize(float[] matrix, int rows, int columns, int largest)
    {
        sbyte[] values = new sbyte[matrix.Length];
        float[] scales = new float[rows];
        Parallel.For(0, rows, row =>
        {
            ReadOnlySpan<float> line = matrix.AsSpan(row * columns, columns);
            float scale = scales[row] = MathF.Abs(TensorPrimitives.MaxMagnitude(line)) / largest;
            for (int i = 0; i < columns && scale > 0; i++)
            {
                values[(row * columns) + i] = (sbyte)MathF.Round(line[i] / scale);
            }
        });
        return (values, scales);
    }

    private static T[] Transpose<T>(T[] matrix, int rows, int columns)
    {
        var turned = new T[matrix.Length];
        Parallel.For(0, columns, column =>
        {
            for (int row = 0; row < rows; row++)
            {
                turned[(column * rows) + row] = matrix[(row * columns) + column];
            }
        });
        return turned;
    }
}
