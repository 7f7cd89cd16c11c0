using Sextant.Training.Transformers;
using static TorchSharp.torch;

namespace Sextant.Training.Torch.Encoders;

/// <summary>The computation of a BERT-family encoder over tensors: token ids in, a vector a text out, neither scaled.</summary>
internal sealed class EncoderNetwork(
    TransformerConfig config,
    bool poolsFirst,
    IReadOnlyDictionary<string, Tensor> weights,
    IReadOnlyDictionary<string, LoraMap> changes,
    Device device
)
{
    private const float Excluded = -1e9f;

    /// <summary>Embeds some texts.</summary>
    /// <param name="texts">Their ids, special tokens included; rows of <paramref name="words"/>.</param>
    /// <param name="length">The padded length.</param>
    /// <param name="words">The table of words, or the rows of it that this step uses.</param>
    /// <param name="training">Whether there is dropout.</param>
    public Tensor Forward(IReadOnlyList<int[]> texts, int length, Tensor words, bool training)
    {
        long[] ids = new long[texts.Count * length],
            positions = new long[texts.Count * length];
        float[] mask = new float[texts.Count * length];
        for (int i = 0; i < texts.Count; i++)
        {
            for (int j = 0; j < length; j++)
            {
                bool there = j < texts[i].Length;
                ids[(i * length) + j] = there ? texts[i][j] : 0;
                positions[(i * length) + j] = there ? config.FirstPosition + j : 0;
                mask[(i * length) + j] = there ? 1 : 0;
            }
        }

        Tensor seen = tensor(mask, [texts.Count, length], device: device);
        Tensor Rows(Tensor table, long[] rows) =>
            table.index_select(0, tensor(rows, device: device)).view(texts.Count, length, config.Width);
        Tensor x = Rows(words, ids) + Rows(weights["embeddings.position"], positions);
        if (config.Segments > 0)
        {
            x += weights["embeddings.segment"][0];
        }

        x = Drop(Normalize(x, "embeddings.norm"), training);
        // As many numbers for each text, to be added to what every head makes of it.
        Tensor bias = ((1 - seen) * Excluded).unsqueeze(1).unsqueeze(1);
        for (int i = 0; i < config.Layers; i++)
        {
            x = Layer(x, bias, $"layer.{i}.", training);
        }

        if (poolsFirst)
        {
            return x.select(1, 0);
        }

        Tensor share = seen.unsqueeze(-1);
        return (x * share).sum(1) / share.sum(1);
    }

    private Tensor Layer(Tensor x, Tensor bias, string name, bool training)
    {
        long batch = x.shape[0],
            length = x.shape[1],
            size = config.Width / config.Heads;
        Tensor Heads(string part) => Map(x, name + part).view(batch, length, config.Heads, size).transpose(1, 2);
        Tensor attention = nn.functional.scaled_dot_product_attention(
            Heads("query"),
            Heads("key"),
            Heads("value"),
            bias,
            training ? config.Dropout : 0
        );
        attention = attention.transpose(1, 2).reshape(batch, length, config.Width);
        x = Normalize(Drop(Map(attention, name + "output"), training) + x, name + "attention.norm");
        Tensor inner = Map(x, name + "inner");
        inner = config.Activation switch
        {
            TransformerActivation.Relu => nn.functional.relu(inner),
            TransformerActivation.Gelu => nn.functional.gelu(inner),
            _ => 0.5f * inner * (1 + (MathF.Sqrt(2 / MathF.PI) * (inner + (0.044715f * inner.pow(3)))).tanh()),
        };
        return Normalize(Drop(Map(inner, name + "outer"), training) + x, name + "norm");
    }

    private Tensor Map(Tensor x, string name)
    {
        Tensor y = nn.functional.linear(x, weights[name + ".weight"], weights[name + ".bias"]);
        return changes.TryGetValue(name, out LoraMap? change) ? y + change.Apply(x) : y;
    }

    private Tensor Normalize(Tensor x, string name) =>
        nn.functional.layer_norm(x, [config.Width], weights[name + ".weight"], weights[name + ".bias"], config.Epsilon);

    private Tensor Drop(Tensor x, bool training) =>
        training && config.Dropout > 0 ? nn.functional.dropout(x, config.Dropout, training: true) : x;
}
