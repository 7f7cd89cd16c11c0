using System.Text.Json;

namespace Sextant.Tests.Shared.Transformers;

/// <summary>
/// Writes the directory of a very small encoder whose weights come from a formula, so that its vectors can be computed elsewhere: value i
/// of tensor p is frac(sin(12.9898·i + 78.233·p) · 43758.5453) − ½, and normalizations are 1 + a fifth of that. <c>tiny_transformer.py</c>
/// next to this file computes the same with PyTorch and printed the vectors that tests compare with.
/// </summary>
internal static class TinyTransformer
{
    public const int Width = 16;

    public static readonly string[] Texts = ["the dog sees a boat", "doctor", "she buys the stone and the song and the forest"];

    private static readonly string[] Words =
    [
        "the",
        "a",
        "dog",
        "sees",
        "boat",
        "doctor",
        "she",
        "buys",
        "stone",
        "song",
        "forest",
        "and",
        "hound",
        "ship",
        "physician",
        "rock",
        "tune",
        "woods",
        "woman",
        "notices",
        "purchases",
        "car",
        "automobile",
        "##s",
        "##ing",
    ];

    public static void Write(string folder, string family)
    {
        Directory.CreateDirectory(folder);
        // RoBERTa's padding is its second token.
        string[] special =
            family == "roberta" ? ["[UNK]", "[PAD]", "[CLS]", "[SEP]", "[MASK]"] : ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];
        string[] vocabulary = [.. special, .. Words];
        File.WriteAllLines(Path.Combine(folder, "vocab.txt"), vocabulary);
        File.WriteAllText(
            Path.Combine(folder, "config.json"),
            family == "distilbert"
                ? JsonSerializer.Serialize(
                    new
                    {
                        model_type = family,
                        dim = Width,
                        n_layers = 2,
                        n_heads = 4,
                        hidden_dim = 32,
                        vocab_size = vocabulary.Length,
                        max_position_embeddings = 40,
                        activation = "gelu",
                        dropout = 0.1,
                        pad_token_id = 0,
                    }
                )
                : JsonSerializer.Serialize(
                    new
                    {
                        model_type = family,
                        hidden_size = Width,
                        num_hidden_layers = 2,
                        num_attention_heads = 4,
                        intermediate_size = 32,
                        vocab_size = vocabulary.Length,
                        max_position_embeddings = 40,
                        type_vocab_size = family == "bert" ? 2 : 1,
                        hidden_act = "gelu",
                        layer_norm_eps = 1e-12,
                        hidden_dropout_prob = 0.1,
                        pad_token_id = family == "roberta" ? 1 : 0,
                    }
                )
        );
        var config = Training.Transformers.TransformerConfig.Read(ModelFiles.InDirectory(folder), "config.json");
        var file = new Models.Safetensors.SafetensorsWriter();
        int place = 0;
        foreach (Training.Transformers.TransformerParameter parameter in Training.Transformers.TransformerParameter.List(config))
        {
            int tensor = place++;
            bool norm = parameter.Name.EndsWith("norm.weight", StringComparison.Ordinal);
            float[] values =
            [
                .. Enumerable.Range(0, (int)parameter.Shape.Aggregate(1L, (a, b) => a * b)).Select(i => Value(i, tensor, norm)),
            ];
            file.Add(family + "." + parameter.FileName, parameter.Shape, values);
        }

        file.Save(Path.Combine(folder, "model.safetensors"));
    }

    private static float Value(int i, int tensor, bool norm)
    {
        double wave = Math.Sin((12.9898 * i) + (78.233 * tensor)) * 43758.5453,
            value = wave - Math.Floor(wave) - 0.5;
        return (float)(norm ? 1 + (value / 5) : value);
    }
}
