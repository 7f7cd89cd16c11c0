using System.Text.Json;
using Sextant.Models.Safetensors;

namespace Sextant.Tests.Shared.Models;

/// <summary>Writes model folders small enough to work out their vectors by hand.</summary>
internal static class TinyModel
{
    public static readonly string[] Tokens = ["[UNK]", "red", "green", "blue", "##ish", "cafe", ".", "naive"];

    /// <summary>Row i is zero but for column i, where it is i + 1.</summary>
    public static float[] Rows(int dimensions)
    {
        float[] rows = new float[Tokens.Length * dimensions];
        for (int i = 0; i < Tokens.Length; i++)
        {
            rows[(i * dimensions) + (i % dimensions)] = i + 1;
        }

        return rows;
    }

    public static string Write(string folder, int dimensions = 8, bool normalize = true, Action<SafetensorsWriter>? tensors = null)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(
            Path.Combine(folder, "config.json"),
            JsonSerializer.Serialize(
                new
                {
                    model_type = "model2vec",
                    normalize,
                    hidden_dim = dimensions,
                    matryoshka_dimensions = new[] { dimensions, dimensions / 2 },
                }
            )
        );
        var writer = new SafetensorsWriter();
        if (tensors is null)
        {
            writer.Add("embeddings", [Tokens.Length, dimensions], Rows(dimensions));
        }
        else
        {
            tensors(writer);
        }

        writer.Save(Path.Combine(folder, "model.safetensors"));
        File.WriteAllText(Path.Combine(folder, "tokenizer.json"), TokenizerJson(Tokens));
        return folder;
    }

    public static string TokenizerJson(IEnumerable<string> tokens, bool lowercase = true) =>
        JsonSerializer.Serialize(
            new
            {
                version = "1.0",
                normalizer = new
                {
                    type = "BertNormalizer",
                    clean_text = true,
                    handle_chinese_chars = true,
                    strip_accents = (bool?)null,
                    lowercase,
                },
                pre_tokenizer = new { type = "BertPreTokenizer" },
                model = new
                {
                    type = "WordPiece",
                    unk_token = "[UNK]",
                    continuing_subword_prefix = "##",
                    max_input_chars_per_word = 100,
                    vocab = tokens.Select((token, id) => (token, id)).ToDictionary(t => t.token, t => t.id),
                },
            }
        );
}
