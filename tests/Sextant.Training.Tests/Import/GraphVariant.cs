using Sextant.Training.Export;
using Sextant.Training.Import;
using Sextant.Training.Transformers;

namespace Sextant.Training.Tests.Import;

/// <summary>Writes one encoder's graph in the ways in which exporters and optimizers write it.</summary>
internal sealed class GraphVariant(TransformerConfig config, IReadOnlyDictionary<string, float[]> weights, GraphStyle style)
{
    private readonly OnnxGraphWriter _graph = new();
    private int _names;

    private int Size => config.Width / config.Heads;

    public void Save(string path)
    {
        string ids = _graph.Input("input_ids", "batch", "sequence"),
            mask = _graph.Input("attention_mask", "batch", "sequence");
        string types = _graph.Input("token_type_ids", "batch", "sequence");
        string x = Embed(ids, types);
        string seen = _graph.Node("Unsqueeze", [mask, Whole([2], 1, 2)]);
        for (int i = 0; i < config.Layers; i++)
        {
            x = Layer(x, mask, seen, $"layer.{i}.");
        }

        _graph.Rename(x, "last_hidden_state");
        _graph.Output("last_hidden_state", "batch", "sequence", config.Width);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        _graph.Save(path, "a variant");
    }

    private string Embed(string ids, string types)
    {
        string words = Table("embeddings.word", config.Vocabulary),
            positions = Table("embeddings.position", config.Positions);
        string segments = Table("embeddings.segment", config.Segments);
        if (style is GraphStyle.Fused)
        {
            return _graph.Nodes(
                "com.microsoft.EmbedLayerNormalization",
                [Narrow(ids), Narrow(types), words, positions, segments, Vector("embeddings.norm.weight"), Vector("embeddings.norm.bias")],
                2,
                ("epsilon", config.Epsilon)
            )[0];
        }

        string length = _graph.Node("Gather", [_graph.Node("Shape", [ids]), Whole([1], 1)]);
        string all = Whole([1, config.Positions], [.. Enumerable.Range(0, config.Positions).Select(static i => (long)i)]);
        string places = _graph.Node("Slice", [all, Whole([1], 0), length, Whole([1], 1)]);
        string sum = _graph.Node("Add", [_graph.Node("Gather", [positions, places]), _graph.Node("Gather", [segments, types])]);
        return Normalize([_graph.Node("Add", [sum, _graph.Node("Gather", [words, ids])])], "embeddings.norm");
    }

    private string Layer(string x, string mask, string seen, string name)
    {
        string attention = style is GraphStyle.Fused ? FusedAttention(x, mask, name) : Attention(x, seen, name);
        x = Normalize(
            [Map(attention, name + "output", withBias: style is not GraphStyle.Fused), x],
            name + "attention.norm",
            name + "output.bias"
        );
        string inner =
            style is GraphStyle.Fused
                ? _graph.Node("com.microsoft.BiasGelu", [Map(x, name + "inner", withBias: false), Vector(name + "inner.bias")])
                : Bend(Map(x, name + "inner"));
        return Normalize([Map(inner, name + "outer", withBias: style is not GraphStyle.Fused), x], name + "norm", name + "outer.bias");
    }

    private string FusedAttention(string x, string mask, string name)
    {
        string[] parts = ["query", "key", "value"];
        string merged = MergedWeights(name),
            bias = Floats([3 * config.Width], [.. parts.SelectMany(part => weights[name + part + ".bias"])]);
        return _graph.Node("com.microsoft.Attention", [x, merged, bias, Narrow(mask)], ("num_heads", config.Heads));
    }

    private string Narrow(string wholes)
    {
        const int Int32 = 6;
        return _graph.Node("Cast", [wholes], ("to", Int32));
    }

    private string Attention(string x, string seen, string name)
    {
        string[] maps = style switch
        {
            GraphStyle.Merged => Split(x, name),
            GraphStyle.Sliced => Slice(x, name),
            _ => [Map(x, name + "query"), Map(x, name + "key"), Map(x, name + "value")],
        };
        string query = Heads(maps[0], 0, 2, 1, 3),
            value = Heads(maps[2], 0, 2, 1, 3),
            key,
            scores;
        string masked = _graph.Node("Cast", [seen], ("to", OnnxGraphWriter.Float));
        if (style is GraphStyle.Scaled)
        {
            // As torch exports scaled_dot_product_attention: the root of the scale on either side, computed from the shape.
            string size = _graph.Node("Slice", [_graph.Node("Shape", [query]), Whole([1], -1), Whole([1], long.MaxValue)]);
            string scale = _graph.Node(
                "Sqrt",
                [_graph.Node("Div", [Floats([1], 1), _graph.Node("Sqrt", [_graph.Node("Cast", [size], ("to", OnnxGraphWriter.Float))])])]
            );
            key = _graph.Node("Transpose", [Heads(maps[1], 0, 2, 1, 3)], ("perm", (long[])[0, 1, 3, 2]));
            scores = _graph.Node("MatMul", [_graph.Node("Mul", [query, scale]), _graph.Node("Mul", [key, scale])]);
            string hidden = _graph.Node("Equal", [masked, Floats([], 0)]);
            scores = _graph.Node("Where", [hidden, Floats([], float.NegativeInfinity), scores]);
        }
        else
        {
            key = Heads(maps[1], 0, 2, 3, 1);
            scores = _graph.Node("Div", [_graph.Node("MatMul", [query, key]), Floats([], MathF.Sqrt(Size))]);
            scores = _graph.Node("Add", [_graph.Node("Mul", [_graph.Node("Sub", [Floats([], 1), masked]), Floats([], -10000)]), scores]);
        }

        string shares = _graph.Node("Softmax", [scores], ("axis", style is GraphStyle.Scaled ? -1 : 3));
        if (style is GraphStyle.Scaled)
        {
            shares = _graph.Node("Where", [_graph.Node("IsNaN", [shares]), Floats([], 0), shares]);
        }

        string joined = _graph.Node("Transpose", [_graph.Node("MatMul", [shares, value])], ("perm", (long[])[0, 2, 1, 3]));
        return _graph.Node("Reshape", [joined, Whole([3], 0, 0, config.Width)]);
    }

    private string Heads(string map, params long[] order) =>
        _graph.Node("Transpose", [_graph.Node("Reshape", [map, Whole([4], 0, 0, config.Heads, -1)])], ("perm", order));

    private string[] Split(string x, string name) => _graph.Nodes("Split", [Merged(x, name)], 3, ("axis", 2));

    private string[] Slice(string x, string name)
    {
        string merged = Merged(x, name);
        return
        [
            .. Enumerable
                .Range(0, 3)
                .Select(i =>
                    _graph.Node(
                        "Slice",
                        [merged, Whole([1], i * config.Width), Whole([1], i == 2 ? long.MaxValue : (i + 1) * config.Width), Whole([1], -1)]
                    )
                ),
        ];
    }

    private string Merged(string x, string name)
    {
        string[] parts = ["query", "key", "value"];
        string bias = Floats([3 * config.Width], [.. parts.SelectMany(part => weights[name + part + ".bias"])]);
        return _graph.Node("Add", [bias, _graph.Node("MatMul", [x, MergedWeights(name)])]);
    }

    private string MergedWeights(string name)
    {
        float[] rows = [.. ((string[])["query", "key", "value"]).SelectMany(part => weights[name + part + ".weight"])];
        return Floats([config.Width, 3 * config.Width], GraphConstants.Transpose(rows, 3 * config.Width, config.Width));
    }

    private string Map(string x, string name, bool withBias = true)
    {
        float[] rows = weights[name + ".weight"],
            bias = weights[name + ".bias"];
        long outputs = bias.Length,
            inputs = rows.Length / outputs;
        if (style is GraphStyle.Gemm)
        {
            string flat = _graph.Node("Reshape", [x, Whole([2], -1, inputs)]);
            string product = _graph.Node("Gemm", [flat, Floats([outputs, inputs], rows), Vector(name + ".bias")], ("transB", 1));
            return _graph.Node(
                "Reshape",
                [
                    product,
                    _graph.Nodes(
                        "Concat",
                        [_graph.Node("Slice", [_graph.Node("Shape", [x]), Whole([1], 0), Whole([1], 2)]), Whole([1], outputs)],
                        1,
                        ("axis", 0)
                    )[0],
                ]
            );
        }

        string weight =
            style is GraphStyle.Turned
                ? _graph.Node("Transpose", [Floats([outputs, inputs], rows)], ("perm", (long[])[1, 0]))
                : Floats([inputs, outputs], GraphConstants.Transpose(rows, (int)outputs, (int)inputs));
        string map = _graph.Node("MatMul", [x, weight]);
        return withBias ? _graph.Node("Add", [Vector(name + ".bias"), map]) : map;
    }

    private string Bend(string x)
    {
        if (config.Activation is TransformerActivation.GeluTanh)
        {
            string cube = _graph.Node("Mul", [Floats([], 0.044715f), _graph.Node("Pow", [x, Floats([], 3)])]);
            string bent = _graph.Node("Tanh", [_graph.Node("Mul", [_graph.Node("Add", [x, cube]), Floats([], MathF.Sqrt(2 / MathF.PI))])]);
            return _graph.Node("Mul", [_graph.Node("Mul", [x, Floats([], 0.5f)]), _graph.Node("Add", [Floats([], 1), bent])]);
        }

        string erf = _graph.Node("Erf", [_graph.Node("Mul", [x, Floats([], 1 / MathF.Sqrt(2))])]);
        return _graph.Node("Mul", [_graph.Node("Mul", [_graph.Node("Add", [Floats([], 1), erf]), Floats([], 0.5f)]), x]);
    }

    private string Normalize(string[] addends, string name, string? bias = null)
    {
        if (style is GraphStyle.Fused)
        {
            return _graph.Nodes(
                "com.microsoft.SkipLayerNormalization",
                [.. addends, Vector(name + ".weight"), Vector(name + ".bias"), Vector(bias!)],
                1,
                ("epsilon", config.Epsilon)
            )[0];
        }

        string x = addends is [var one] ? one : _graph.Node("Add", addends);
        string deviation = _graph.Node("Sub", [x, _graph.Node("ReduceMean", [x], ("axes", (long[])[-1]))]);
        string square =
            style is GraphStyle.Turned ? _graph.Node("Mul", [deviation, deviation]) : _graph.Node("Pow", [deviation, Floats([], 2)]);
        string root = _graph.Node(
            "Sqrt",
            [_graph.Node("Add", [_graph.Node("ReduceMean", [square], ("axes", (long[])[-1])), Floats([], config.Epsilon)])]
        );
        string ratio =
            style is GraphStyle.Turned
                ? _graph.Node("Mul", [deviation, _graph.Node("Reciprocal", [root])])
                : _graph.Node("Div", [deviation, root]);
        return _graph.Node("Add", [_graph.Node("Mul", [ratio, Vector(name + ".weight")]), Vector(name + ".bias")]);
    }

    private string Table(string name, int rows) => Floats([rows, config.Width], weights[name]);

    private string Vector(string name) => Floats([weights[name].Length], weights[name]);

    // Names say nothing, as an exporter's often do.
    private string Floats(long[] shape, params float[] values) => _graph.Constant($"onnx::{_names++}", shape, values);

    private string Whole(long[] shape, params long[] values) => _graph.Constant($"onnx::{_names++}", shape, values);
}

/// <summary>How a graph is written.</summary>
internal enum GraphStyle
{
    /// <summary>One product for each map, as torch's older exporter writes it.</summary>
    Plain = 0,

    /// <summary>Query, key and value in one product that is split.</summary>
    Merged = 1,

    /// <summary>The same, cut by slices.</summary>
    Sliced = 2,

    /// <summary>Maps as Gemm over texts and tokens in one dimension.</summary>
    Gemm = 3,

    /// <summary>Weights as torch keeps them, transposed by a node; normalization by a reciprocal.</summary>
    Turned = 4,

    /// <summary>scaled_dot_product_attention as torch exports it: scales on query and key, masked by a condition.</summary>
    Scaled = 5,

    /// <summary>ONNX Runtime's fused nodes.</summary>
    Fused = 6,
}
