using Sextant.Training.Transformers;

namespace Sextant.Training.Export;

/// <summary>The computation of an encoder as ONNX nodes: batch and length stay free.</summary>
internal sealed class EncoderGraph(
    OnnxGraphWriter graph,
    TransformerConfig config,
    IReadOnlyDictionary<string, float[]> weights,
    InputScales? int8
)
{
    private const float Excluded = -1e9f;

    private readonly LinearNodes _linear = new(graph, weights, int8);

    public void Build(SentenceLayout layout, bool pooled)
    {
        string ids = graph.Input("input_ids", "batch", "sequence"),
            mask = graph.Input("attention_mask", "batch", "sequence");
        string x = Embed(ids, mask);
        string weight = graph.Node("Cast", [mask], ("to", OnnxGraphWriter.Float));
        // Padding gets no attention: a number so low that its share is exactly zero.
        string bias = graph.Node(
            "Mul",
            [
                graph.Node("Sub", [Scalar("one", 1), graph.Node("Unsqueeze", [weight, graph.Constant("axes.heads", [2], [1L, 2])])]),
                Scalar("excluded", Excluded),
            ]
        );
        for (int i = 0; i < config.Layers; i++)
        {
            x = Layer(x, bias, $"layer.{i}.");
        }

        if (pooled)
        {
            graph.Rename(Pool(x, weight, layout), "sentence_embedding");
            graph.Output("sentence_embedding", "batch", config.Width);
        }
        else
        {
            graph.Rename(x, "last_hidden_state");
            graph.Output("last_hidden_state", "batch", "sequence", config.Width);
        }
    }

    private string Embed(string ids, string mask)
    {
        string words = _linear.Rows("embeddings.word", config.Vocabulary, config.Width, ids);
        string positions =
            config.FirstPosition == 0
                ? graph.Node("Range", [Whole("zero", 0), Length(ids), Whole("step", 1)])
                // RoBERTa numbers tokens, not positions; padding has its own id as its position.
                : graph.Node(
                    "Add",
                    [graph.Node("Mul", [graph.Node("CumSum", [mask, Whole("axis", 1)]), mask]), Whole("padding", config.PadId)]
                );
        string sum = graph.Node("Add", [words, graph.Node("Gather", [Table("embeddings.position", config.Positions), positions])]);
        if (config.Segments > 1)
        {
            string segments = graph.Input("token_type_ids", "batch", "sequence");
            sum = graph.Node("Add", [sum, graph.Node("Gather", [Table("embeddings.segment", config.Segments), segments])]);
        }
        else if (config.Segments == 1)
        {
            sum = graph.Node("Add", [sum, Vector("embeddings.segment")]);
        }

        return Normalize(sum, "embeddings.norm");
    }

    private string Layer(string x, string bias, string name)
    {
        int size = config.Width / config.Heads;
        string Heads(string part, params long[] order) =>
            graph.Node(
                "Transpose",
                [
                    graph.Node(
                        "Reshape",
                        [
                            _linear.Apply(x, name + part, config.Width, config.Width),
                            graph.Constant("shape.heads", [4], [0L, 0, config.Heads, size]),
                        ]
                    ),
                ],
                ("perm", order)
            );

        string scores = graph.Node("MatMul", [Heads("query", 0, 2, 1, 3), Heads("key", 0, 2, 3, 1)]);
        scores = graph.Node("Add", [graph.Node("Div", [scores, Scalar("scale", MathF.Sqrt(size))]), bias]);
        string seen = graph.Node("MatMul", [graph.Node("Softmax", [scores], ("axis", -1)), Heads("value", 0, 2, 1, 3)]);
        seen = graph.Node(
            "Reshape",
            [graph.Node("Transpose", [seen], ("perm", (long[])[0, 2, 1, 3])), graph.Constant("shape.width", [3], [0L, 0, config.Width])]
        );
        x = Normalize(graph.Node("Add", [_linear.Apply(seen, name + "output", config.Width, config.Width), x]), name + "attention.norm");
        string inner = Bend(_linear.Apply(x, name + "inner", config.Width, config.Inner));
        return Normalize(graph.Node("Add", [_linear.Apply(inner, name + "outer", config.Inner, config.Width), x]), name + "norm");
    }

    private string Bend(string x)
    {
        switch (config.Activation)
        {
            case TransformerActivation.Relu:
                return graph.Node("Relu", [x]);
            case TransformerActivation.Gelu:
                string erf = graph.Node("Erf", [graph.Node("Div", [x, Scalar("root.two", MathF.Sqrt(2))])]);
                return graph.Node("Mul", [graph.Node("Mul", [x, graph.Node("Add", [erf, Scalar("one", 1)])]), Scalar("half", 0.5f)]);
            default:
                string cube = graph.Node("Mul", [graph.Node("Mul", [x, x]), x]);
                string inside = graph.Node(
                    "Mul",
                    [
                        graph.Node("Add", [x, graph.Node("Mul", [cube, Scalar("cubic", 0.044715f)])]),
                        Scalar("root.two.by.pi", MathF.Sqrt(2 / MathF.PI)),
                    ]
                );
                return graph.Node(
                    "Mul",
                    [graph.Node("Mul", [x, graph.Node("Add", [graph.Node("Tanh", [inside]), Scalar("one", 1)])]), Scalar("half", 0.5f)]
                );
        }
    }

    private string Pool(string x, string weight, SentenceLayout layout)
    {
        string vector;
        string axis = graph.Constant("axes.tokens", [1], [1L]);
        if (layout.PoolsFirst)
        {
            vector = graph.Node("Gather", [x, Whole("zero", 0)], ("axis", 1));
        }
        else
        {
            string weights3 = graph.Node("Unsqueeze", [weight, graph.Constant("axes.last", [1], [-1L])]);
            string sum = graph.Node("ReduceSum", [graph.Node("Mul", [x, weights3]), axis], ("keepdims", 0));
            string count = graph.Node("ReduceSum", [weights3, axis], ("keepdims", 0));
            vector = graph.Node("Div", [sum, graph.Node("Max", [count, Scalar("least.count", 1e-9f)])]);
        }

        return layout.Normalizes
            ? graph.Node(
                "Div",
                [
                    vector,
                    graph.Node(
                        "Max",
                        [graph.Node("ReduceL2", [vector], ("axes", (long[])[-1]), ("keepdims", 1)), Scalar("least.length", 1e-12f)]
                    ),
                ]
            )
            : vector;
    }

    private string Normalize(string x, string name) =>
        graph.Node("LayerNormalization", [x, Vector(name + ".weight"), Vector(name + ".bias")], ("axis", -1), ("epsilon", config.Epsilon));

    private string Length(string ids) => graph.Node("Gather", [graph.Node("Shape", [ids]), Whole("step", 1)]);

    private string Table(string name, int rows) => graph.Constant(name, [rows, config.Width], weights[name]);

    private string Vector(string name) => graph.Constant(name, [weights[name].Length], weights[name]);

    private string Scalar(string name, float value) => graph.Constant("number." + name, [], [value]);

    private string Whole(string name, long value) => graph.Constant("whole." + name, [], [value]);
}
