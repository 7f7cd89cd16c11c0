using Sextant.Training.Transformers;

namespace Sextant.Training.Import;

/// <summary>An encoder read from an ONNX graph.</summary>
/// <param name="Config">Its shape.</param>
/// <param name="Weights">Its weights, by the names of <see cref="TransformerParameter"/>.</param>
internal sealed record GraphEncoder(TransformerConfig Config, Dictionary<string, float[]> Weights)
{
    /// <summary>Reads a BERT-family encoder from its graph.</summary>
    /// <exception cref="InputException">The file is damaged, or a node of it is not understood; the message names the first.</exception>
    public static GraphEncoder Read(string path) => new GraphEncoderReader(OnnxModelReader.Read(path)).Read();
}

/// <summary>
/// Finds the weights of an encoder by what the graph computes with them, from its output back to its tables. Names are not relied on:
/// exporters
/// rename, transpose, merge and fuse weights.
/// </summary>
internal sealed class GraphEncoderReader
{
    private const int MaxLayers = 512,
        MaxTerms = 8;

    private static readonly string[] TokenOutputs = ["last_hidden_state", "token_embeddings", "hidden_states"];

    private readonly OnnxGraphIndex _graph;
    private readonly GraphConstants _constants;
    private readonly GraphAttentionReader _attention;
    private readonly GraphEmbeddingsReader _embeddings;

    public GraphEncoderReader(OnnxModel model)
    {
        _graph = new OnnxGraphIndex(model);
        _constants = new GraphConstants(_graph);
        _attention = new GraphAttentionReader(_graph, _constants);
        _embeddings = new GraphEmbeddingsReader(_graph, _constants);
    }

    public GraphEncoder Read()
    {
        string value = FindOutput();
        var layers = new Stack<Layer>();
        GraphEmbeddings? embeddings;
        while ((embeddings = _embeddings.TryRead(value)) is null)
        {
            Layer layer = ReadLayer(value);
            layers.Push(layer);
            value = layer.Attention.Input;
            if (layers.Count > MaxLayers)
            {
                throw new InputException($"{_graph.Model.Path}: the graph has more than {MaxLayers} layers");
            }
        }

        return Assemble(embeddings, [.. layers]);
    }

    private string FindOutput()
    {
        List<string> outputs = _graph.Model.Outputs;
        string? named = Array.Find(TokenOutputs, outputs.Contains);
        // An output with another name will do where it is the only one.
        return named
            ?? (
                outputs is [var only]
                    ? only
                    : throw new InputException(
                        $"{_graph.Model.Path}: none of the graph's outputs ({string.Join(", ", outputs.Take(MaxTerms))}) is "
                            + $"{string.Join(" or ", TokenOutputs)}"
                    )
            );
    }

    private Layer ReadLayer(string value)
    {
        (GraphNormalization norm, GraphLinear outer, string middle) = ReadResidual(value);
        (TransformerActivation kind, string bent, string bias) = new GraphActivation(_graph, _constants).Read(outer.Input);
        GraphLinear inner = ReadLinear(bent);
        if (bias.Length > 0)
        {
            inner = inner.Add(_constants.TryReadVector(bias, inner.Outputs) ?? throw _graph.Unknown(outer.Input, "a constant bias"));
        }

        if (!_graph.AreSame(inner.Input, middle))
        {
            throw _graph.Unknown(bent, "a map of the same values that its result is added to");
        }

        (GraphNormalization attentionNorm, GraphLinear output, string before) = ReadResidual(middle);
        GraphAttention attention = _attention.Read(output.Input);
        return _graph.AreSame(attention.Input, before)
            ? new Layer(attention, output, attentionNorm, inner, kind, outer, norm)
            : throw _graph.Unknown(output.Input, "attention over the same values that its result is added to");
    }

    // normalize(map(…) + before)
    private (GraphNormalization Norm, GraphLinear Map, string Before) ReadResidual(string value)
    {
        GraphNormalization norm =
            GraphNormalization.TryRead(_graph, _constants, value) ?? throw _graph.Unknown(value, "a layer normalization");
        string[] terms =
            GraphSum.Terms(_graph, _constants, norm.Addends, MaxTerms)
            ?? throw _graph.Unknown(norm.Addends[0], "a map and what it is added to");
        GraphLinear? map = null;
        string? before = null;
        var biases = new List<float[]>();
        foreach (string term in terms)
        {
            if (_graph.Constant(term) is not null)
            {
                biases.Add(_constants.TryReadVector(term, norm.Scale.Length) ?? throw _graph.Unknown(term, "a bias"));
            }
            else if (map is null && _graph.Producer(_graph.ResolveContent(term)) is { Type: "MatMul" or "Gemm" or "FusedMatMul" })
            {
                map = ReadLinear(term);
            }
            else
            {
                before = before is null ? term : throw _graph.Unknown(term, "one map and what it is added to");
            }
        }

        if (map is null || before is null || map.Outputs != norm.Scale.Length)
        {
            throw _graph.Unknown(norm.Addends[0], "the sum of a linear map and of what was before it");
        }

        return (norm, biases.Aggregate(map, static (sum, bias) => sum.Add(bias)), before);
    }

    private GraphLinear ReadLinear(string value) =>
        GraphLinear.TryRead(_graph, _constants, value) ?? throw _graph.Unknown(value, "a linear map with constant weights");

    private GraphEncoder Assemble(GraphEmbeddings embeddings, Layer[] layers)
    {
        if (layers.Length == 0)
        {
            throw new InputException($"{_graph.Model.Path}: the graph has no layers of attention");
        }

        int width = embeddings.Normalization.Scale.Length;
        var weights = new Dictionary<string, float[]>(StringComparer.Ordinal)
        {
            ["embeddings.word"] = embeddings.Words.Values,
            ["embeddings.position"] = embeddings.Positions.Values,
            ["embeddings.norm.weight"] = embeddings.Normalization.Scale,
            ["embeddings.norm.bias"] = embeddings.Normalization.Shift,
        };
        if (embeddings.Segments is { } segments)
        {
            weights["embeddings.segment"] = segments.Values;
        }

        for (int i = 0; i < layers.Length; i++)
        {
            layers[i].AddTo(weights, $"layer.{i}.");
        }

        var config = new TransformerConfig
        {
            Family =
                embeddings.FirstPosition > 0 ? TransformerFamily.Roberta
                : embeddings.Segments is null ? TransformerFamily.DistilBert
                : TransformerFamily.Bert,
            Width = width,
            Layers = layers.Length,
            Heads = layers[0].Attention.Heads,
            Inner = layers[0].Inner.Outputs,
            Vocabulary = (int)embeddings.Words.Shape[0],
            Positions = (int)embeddings.Positions.Shape[0],
            Segments = (int)(embeddings.Segments?.Shape[0] ?? 0),
            Epsilon = embeddings.Normalization.Epsilon,
            PadId = Math.Max(0, embeddings.FirstPosition - 1),
            Activation = layers[0].Activation,
            Dropout = TransformerConfig.UsualDropout,
        };
        return Check(new GraphEncoder(config, weights), layers);
    }

    private GraphEncoder Check(GraphEncoder encoder, Layer[] layers)
    {
        TransformerConfig config = encoder.Config;
        foreach (Layer layer in layers)
        {
            float[] epsilons = [layer.AttentionNorm.Epsilon, layer.Norm.Epsilon];
            if (
                layer.Attention.Heads != config.Heads
                || layer.Activation != config.Activation
                || Array.Exists(epsilons, e => e != config.Epsilon)
            )
            {
                throw new InputException(
                    $"{_graph.Model.Path}: the layers of the graph differ in heads, activation or epsilon, which is not supported"
                );
            }
        }

        foreach (TransformerParameter parameter in TransformerParameter.List(config))
        {
            if (
                !encoder.Weights.TryGetValue(parameter.Name, out float[]? values)
                || values.Length != parameter.Shape.Aggregate(1L, static (a, b) => a * b)
            )
            {
                throw new InputException(
                    $"{_graph.Model.Path}: the weights that the graph has as {parameter.Name} are not "
                        + $"[{string.Join(", ", parameter.Shape)}]"
                );
            }
        }

        return encoder;
    }

    private sealed record Layer(
        GraphAttention Attention,
        GraphLinear Output,
        GraphNormalization AttentionNorm,
        GraphLinear Inner,
        TransformerActivation Activation,
        GraphLinear Outer,
        GraphNormalization Norm
    )
    {
        public void AddTo(Dictionary<string, float[]> weights, string name)
        {
            foreach (
                (string part, GraphLinear map) in ((string, GraphLinear)[])
                    [
                        ("query", Attention.Query),
                        ("key", Attention.Key),
                        ("value", Attention.Value),
                        ("output", Output),
                        ("inner", Inner),
                        ("outer", Outer),
                    ]
            )
            {
                weights[name + part + ".weight"] = map.Weight;
                weights[name + part + ".bias"] = map.Bias;
            }

            foreach (
                (string part, GraphNormalization norm) in ((string, GraphNormalization)[])
                    [("attention.norm", AttentionNorm), ("norm", Norm)]
            )
            {
                weights[name + part + ".weight"] = norm.Scale;
                weights[name + part + ".bias"] = norm.Shift;
            }
        }
    }
}
