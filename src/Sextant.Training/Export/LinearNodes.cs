using System.Numerics.Tensors;

namespace Sextant.Training.Export;

/// <summary>
/// The parts of an encoder that hold its weights: linear maps and the word embeddings, in float32 or int8. An int8 map quantizes its input
/// dynamically, multiplies integers, and scales the sums. Weights have one scale per output. Processors without VNNI add the products of
/// two neighbors in 16 bits, so the scale is the smallest at which no two neighbors can overflow.
/// </summary>
/// <param name="graph">Receives the nodes.</param>
/// <param name="weights">The encoder's weights.</param>
/// <param name="int8">The factors of the inputs of 8-bit maps; <see langword="null"/> for float32.</param>
internal sealed class LinearNodes(OnnxGraphWriter graph, IReadOnlyDictionary<string, float[]> weights, InputScales? int8)
{
    private const int Largest = 127;

    /// <summary>Inputs that are already quantized; query, key and value share one.</summary>
    private readonly Dictionary<string, string[]> _quantized = [];

    /// <summary>x·Wᵀ + b.</summary>
    public string Apply(string x, string name, int inputs, int outputs)
    {
        string bias = graph.Constant(name + ".bias", [outputs], weights[name + ".bias"]);
        float[] rows = weights[name + ".weight"];
        if (int8 is null)
        {
            return graph.Node(
                "Add",
                [graph.Node("MatMul", [x, graph.Constant(name + ".weight", [inputs, outputs], Transpose(rows, outputs, inputs))]), bias]
            );
        }

        float[]? factors = int8.Factors(name);
        if (!_quantized.TryGetValue(x, out string[]? whole))
        {
            string smooth = factors is null
                ? x
                : graph.Node(
                    "Mul",
                    [x, graph.Constant(name + ".factors", [inputs], Array.ConvertAll(factors, static factor => 1 / factor))]
                );
            _quantized.Add(x, whole = graph.Nodes("DynamicQuantizeLinear", [smooth], 3));
        }

        (sbyte[] values, float[] scales) = Quantize(factors is null ? rows : Scale(rows, factors), outputs, inputs, neighbors: true);
        string product = graph.Node(
            "MatMulInteger",
            [whole[0], graph.Constant(name + ".weight", [inputs, outputs], Transpose(values, outputs, inputs)), whole[2]]
        );
        string scale = graph.Node("Mul", [whole[1], graph.Constant(name + ".scale", [outputs], scales)]);
        return graph.Node("Add", [graph.Node("Mul", [graph.Node("Cast", [product], ("to", OnnxGraphWriter.Float)), scale]), bias]);
    }

    /// <summary>The rows of a table that ids name.</summary>
    public string Rows(string name, int rows, int columns, string ids)
    {
        if (int8 is null)
        {
            return graph.Node("Gather", [graph.Constant(name, [rows, columns], weights[name]), ids]);
        }

        (sbyte[] values, float[] scales) = Quantize(weights[name], rows, columns, neighbors: false);
        string row = graph.Node(
            "Cast",
            [graph.Node("Gather", [graph.Constant(name, [rows, columns], values), ids])],
            ("to", OnnxGraphWriter.Float)
        );
        return graph.Node("Mul", [row, graph.Node("Gather", [graph.Constant(name + ".scale", [rows, 1], scales), ids])]);
    }

    private static (sbyte[] Values, float[] Scales) Quantize(float[] matrix, int rows, int columns, bool neighbors)
    {
        sbyte[] values = new sbyte[matrix.Length];
        float[] scales = new float[rows];
        Parallel.For(
            0,
            rows,
            row =>
            {
                ReadOnlySpan<float> line = matrix.AsSpan(row * columns, columns);
                float scale = scales[row] = (neighbors ? LargestSum(line) : MathF.Abs(TensorPrimitives.MaxMagnitude(line))) / Largest;
                for (int i = 0; i < columns && scale > 0; i++)
                {
                    values[(row * columns) + i] = (sbyte)MathF.Round(line[i] / scale);
                }
            }
        );
        return (values, scales);
    }

    /// <summary>
    /// The largest sum of the magnitudes of two neighbors: two bytes of 255 times weights of 128 together stay below 2¹⁵.
    /// </summary>
    private static float LargestSum(ReadOnlySpan<float> line)
    {
        float largest = 0;
        for (int i = 0; i < line.Length; i += 2)
        {
            largest = MathF.Max(largest, MathF.Abs(line[i]) + (i + 1 < line.Length ? MathF.Abs(line[i + 1]) : 0));
        }

        return largest;
    }

    private static float[] Scale(float[] rows, float[] factors)
    {
        float[] scaled = new float[rows.Length];
        for (int row = 0; row < rows.Length; row += factors.Length)
        {
            TensorPrimitives.Multiply(rows.AsSpan(row, factors.Length), factors, scaled.AsSpan(row, factors.Length));
        }

        return scaled;
    }

    private static T[] Transpose<T>(T[] matrix, int rows, int columns)
    {
        var turned = new T[matrix.Length];
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
