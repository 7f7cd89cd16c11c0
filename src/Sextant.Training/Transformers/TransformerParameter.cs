namespace Sextant.Training.Transformers;

/// <summary>A tensor of an encoder.</summary>
/// <param name="Name">What it is called here, the same for every family: <c>layer.0.query.weight</c>.</param>
/// <param name="FileName">What the family's files call it, without the prefix that some put before all names.</param>
/// <param name="Shape">Its lengths.</param>
public sealed record TransformerParameter(string Name, string FileName, long[] Shape)
{
    /// <summary>Every tensor of a model, in order.</summary>
    /// <param name="config">The model's shape.</param>
    public static IEnumerable<TransformerParameter> List(TransformerConfig config)
    {
        bool distil = config.Family is TransformerFamily.DistilBert;
        long width = config.Width,
            inner = config.Inner;
        yield return new("embeddings.word", "embeddings.word_embeddings.weight", [config.Vocabulary, width]);
        yield return new("embeddings.position", "embeddings.position_embeddings.weight", [config.Positions, width]);
        if (config.Segments > 0)
        {
            yield return new("embeddings.segment", "embeddings.token_type_embeddings.weight", [config.Segments, width]);
        }

        yield return new("embeddings.norm.weight", "embeddings.LayerNorm.weight", [width]);
        yield return new("embeddings.norm.bias", "embeddings.LayerNorm.bias", [width]);
        for (int i = 0; i < config.Layers; i++)
        {
            string own = $"layer.{i}.",
                file = distil ? $"transformer.layer.{i}." : $"encoder.layer.{i}.";
            (string Name, string File, long Outputs, long Inputs)[] maps =
            [
                ("query", distil ? "attention.q_lin" : "attention.self.query", width, width),
                ("key", distil ? "attention.k_lin" : "attention.self.key", width, width),
                ("value", distil ? "attention.v_lin" : "attention.self.value", width, width),
                ("output", distil ? "attention.out_lin" : "attention.output.dense", width, width),
                ("attention.norm", distil ? "sa_layer_norm" : "attention.output.LayerNorm", width, 0),
                ("inner", distil ? "ffn.lin1" : "intermediate.dense", inner, width),
                ("outer", distil ? "ffn.lin2" : "output.dense", width, inner),
                ("norm", distil ? "output_layer_norm" : "output.LayerNorm", width, 0),
            ];
            foreach ((string name, string fileName, long outputs, long inputs) in maps)
            {
                yield return new(own + name + ".weight", file + fileName + ".weight", inputs > 0 ? [outputs, inputs] : [outputs]);
                yield return new(own + name + ".bias", file + fileName + ".bias", [outputs]);
            }
        }
    }
}
