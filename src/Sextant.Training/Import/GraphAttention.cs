namespace Sextant.Training.Import;

/// <summary>Self-attention found in a graph: the maps of query, key and value, over one input.</summary>
internal sealed record GraphAttention(GraphLinear Query, GraphLinear Key, GraphLinear Value, int Heads)
{
    public string Input => Query.Input;
}

/// <summary>Reads self-attention, as one of ONNX Runtime's fused nodes or as its parts.</summary>
internal sealed class GraphAttentionReader(OnnxGraphIndex graph, GraphConstants constants)
{
    private const int MaxSteps = 64;
    private const double Tolerance = 1e-3,
        LeastExcluded = -1000;

    /// <param name="value">The attention's output, [texts, tokens, width], before the output map.</param>
    public GraphAttention Read(string value)
    {
        value = graph.ResolveContent(value);
        OnnxNode node = graph.Producer(value) ?? throw Unknown(value, "self-attention");
        if (node.IsFused("Attention"))
        {
            return ReadFused(node, value);
        }

        if (node.IsFused("MultiHeadAttention"))
        {
            return ReadMultiHead(node, value);
        }

        if (
            !node.Is("Transpose")
            || node.Wholes("perm") is not [0, 2, 1, 3]
            || graph.Producer(node.Input(0)) is not { } product
            || !product.Is("MatMul")
        )
        {
            throw Unknown(value, "the heads of self-attention put together");
        }

        (GraphLinear values, int heads, _) = ReadHeads(product.Input(1), [0, 2, 1, 3]);
        (GraphLinear query, GraphLinear key) = ReadScores(product.Input(0), heads);
        return Check(new GraphAttention(query, key, values, heads), value);
    }

    private GraphAttention ReadFused(OnnxNode node, string value)
    {
        int heads = (int)node.Whole("num_heads", 0);
        if (
            node.Whole("unidirectional", 0) != 0
            || node.Input(4).Length > 0
            || node.Attributes.ContainsKey("qkv_hidden_sizes")
            || heads <= 0
            || (node.Input(5).Length > 0 && !IsMask(node.Input(5)))
            || constants.TryReadWeights(node.Input(1)) is not { Shape: [var inputs, var outputs] } weights
            || outputs % 3 != 0
        )
        {
            throw Unknown(value, "self-attention over all tokens, with constant weights of query, key and value");
        }

        var all = new GraphLinear(
            GraphConstants.Transpose(weights.Values, (int)inputs, (int)outputs),
            new float[outputs],
            graph.ResolveContent(node.Input(0))
        );
        if (node.Input(2).Length > 0)
        {
            all = all.Add(constants.TryReadVector(node.Input(2), outputs) ?? throw Unknown(value, "a constant bias"));
        }

        int width = (int)outputs / 3;
        GraphLinear query = Rescale(all.Rows(0, width), node.Number("scale", 0), heads);
        return Check(new GraphAttention(query, all.Rows(width, width), all.Rows(2 * width, width), heads), value);
    }

    private GraphAttention ReadMultiHead(OnnxNode node, string value)
    {
        int heads = (int)node.Whole("num_heads", 0);
        GraphLinear[] maps = [.. Enumerable.Range(0, 3).Select(i => ReadLinear(node.Input(i)))];
        int width = maps[0].Outputs;
        if (
            heads <= 0
            || node.Whole("unidirectional", 0) != 0
            || Array.Exists(maps, map => map.Outputs != width)
            || (node.Input(5).Length > 0 && !IsMask(node.Input(5)))
            || node.Input(6).Length > 0
        )
        {
            throw Unknown(value, "self-attention over all tokens");
        }

        if (node.Input(3).Length > 0)
        {
            float[] bias = constants.TryReadVector(node.Input(3), 3L * width) ?? throw Unknown(value, "a constant bias");
            for (int i = 0; i < maps.Length; i++)
            {
                maps[i] = maps[i].Add(bias.AsSpan(i * width, width).ToArray());
            }
        }

        return Check(new GraphAttention(Rescale(maps[0], node.Number("scale", 0), heads), maps[1], maps[2], heads), value);
    }

    // softmax(q·kᵀ · scale + mask): everything around the product is a scale or a mask.
    private (GraphLinear Query, GraphLinear Key) ReadScores(string value, int heads)
    {
        value = SkipGuard(value);
        if (graph.Producer(value) is not { } softmax || !softmax.Is("Softmax") || softmax.Whole("axis", -1) is not (-1 or 3))
        {
            throw Unknown(value, "a softmax over the attention's scores");
        }

        double scale = 1;
        var scales = new List<(string Value, bool Divides)>();
        string current = softmax.Input(0);
        for (int step = 0; step < MaxSteps; step++)
        {
            OnnxNode node = graph.Producer(current) ?? throw Unknown(current, "the product of query and key");
            switch (node.Type)
            {
                case "Add":
                    current =
                        IsMask(node.Input(0)) ? node.Input(1)
                        : IsMask(node.Input(1)) ? node.Input(0)
                        : throw Unknown(current, "the product of query and key with a mask that depends on the text's length alone");
                    break;
                case "Where" when IsMask(node.Input(0)):
                    current =
                        IsExcluded(node.Input(1)) ? node.Input(2)
                        : IsExcluded(node.Input(2)) ? node.Input(1)
                        : throw Unknown(current, "a mask");
                    break;
                case "Max" when node.Inputs.Count == 2 && IsExcluded(node.Input(1)):
                    current = node.Input(0);
                    break;
                case "Mul" or "Div":
                    bool first = node.Type == "Mul" && IsScale(node.Input(0));
                    scales.Add((node.Input(first ? 0 : 1), node.Type == "Div"));
                    current = node.Input(first ? 1 : 0);
                    break;
                case "MatMul" or "FusedMatMul":
                    bool turned = node.Whole("transB", 0) == 1;
                    scale *= node.Type == "FusedMatMul" ? node.Number("alpha", 1) : 1;
                    (GraphLinear query, int queryHeads, List<(string Value, bool Divides)>? queryScales) = ReadHeads(
                        node.Input(0),
                        [0, 2, 1, 3]
                    );
                    (GraphLinear key, int keyHeads, List<(string Value, bool Divides)>? keyScales) = ReadHeads(
                        node.Input(1),
                        turned ? [0, 2, 1, 3] : [0, 2, 3, 1]
                    );
                    if (queryHeads != heads || keyHeads != heads || query.Outputs % heads != 0)
                    {
                        throw Unknown(current, $"query, key and value of {heads} heads");
                    }

                    foreach ((string number, bool divides) in scales.Concat(queryScales).Concat(keyScales))
                    {
                        double factor =
                            constants.TryReadScalar(number, query.Outputs / heads)
                            ?? throw Unknown(number, "a constant scale of the scores");
                        scale *= divides ? 1 / factor : factor;
                    }

                    return (Rescale(query, scale, heads), key);
                default:
                    throw Unknown(current, "the product of query and key");
            }
        }

        throw Unknown(value, "the product of query and key");
    }

    // One head a text and token: a map, cut into heads and turned.
    private (GraphLinear Map, int Heads, List<(string Value, bool Divides)> Scales) ReadHeads(string value, int[] expected)
    {
        int[] order = [0, 1, 2, 3];
        var scales = new List<(string, bool)>();
        for (int step = 0; step < MaxSteps; step++)
        {
            OnnxNode node = graph.Producer(value) ?? throw Unknown(value, "query, key or value");
            switch (node.Type)
            {
                case "Transpose" when node.Wholes("perm") is { Length: 4 } turn && turn.All(static axis => axis is >= 0 and < 4):
                    order = [.. order.Select(axis => (int)turn[axis])];
                    value = node.Input(0);
                    break;
                case "Mul" or "Div":
                    bool first = node.Type == "Mul" && IsScale(node.Input(0));
                    scales.Add((node.Input(first ? 0 : 1), node.Type == "Div"));
                    value = node.Input(first ? 1 : 0);
                    break;
                case "Reshape" when order.SequenceEqual(expected) && constants.TryReadShape(node.Input(1)) is [_, _, var heads, var size]:
                    GraphLinear map = ReadLinear(node.Input(0));
                    heads =
                        heads > 0 ? heads
                        : size > 0 ? map.Outputs / size
                        : 0;
                    return heads > 0 && heads <= map.Outputs && map.Outputs % heads == 0 && (size <= 0 || size * heads == map.Outputs)
                        ? (map, (int)heads, scales)
                        : throw Unknown(value, "the number of heads");
                default:
                    throw Unknown(value, "query, key or value cut into heads");
            }
        }

        throw Unknown(value, "query, key or value cut into heads");
    }

    private GraphLinear ReadLinear(string value) =>
        GraphLinear.TryRead(graph, constants, value) ?? throw Unknown(value, "a linear map with constant weights");

    /// <summary>
    /// Our encoder divides scores by the square root of the head size; any other factor of the graph is folded into the query's weights.
    /// </summary>
    private static GraphLinear Rescale(GraphLinear query, double scale, int heads)
    {
        double factor = scale is 0 ? 1 : scale * Math.Sqrt(query.Outputs / (double)heads);
        return Math.Abs(factor - 1) < Tolerance ? query : query.Scale(factor);
    }

    private GraphAttention Check(GraphAttention attention, string value) =>
        attention.Key.Outputs == attention.Query.Outputs
        && attention.Value.Outputs == attention.Query.Outputs
        && graph.AreSame(attention.Key.Input, attention.Input)
        && graph.AreSame(attention.Value.Input, attention.Input)
            ? attention
            : throw Unknown(value, "query, key and value of one width over the same tokens");

    /// <summary>Newer exporters replace the NaN of a row without tokens by 0.</summary>
    private string SkipGuard(string value) =>
        graph.Producer(value) is { } node && node.Is("Where") && constants.TryReadScalar(node.Input(1)) is 0 ? node.Input(2) : value;

    private bool IsScale(string value) => constants.TryReadScalar(value, 1) is not null;

    private bool IsExcluded(string value) => constants.TryReadScalar(value) is <= LeastExcluded;

    /// <summary>
    /// Whether a value comes from the attention mask and lengths alone: from nothing learned, and not from an order of tokens.
    /// </summary>
    private bool IsMask(string value) =>
        graph
            .Sources(value)
            .All(source =>
                graph.Constant(source) is { } constant
                    ? constant.IsInteger || constant.Count == 1
                    : graph.Producer(source)?.Type
                        is not (
                            "MatMul"
                            or "Gemm"
                            or "LayerNormalization"
                            or "Softmax"
                            or "Trilu"
                            or "Less"
                            or "LessOrEqual"
                            or "Greater"
                            or "GreaterOrEqual"
                        )
            );

    private InputException Unknown(string value, string expected) => graph.Unknown(value, expected);
}
