using System.Numerics.Tensors;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sextant.Models.Safetensors;
using Sextant.Tokenizers;

namespace Sextant.Models.Static;

/// <summary>
/// Writes a static model as the folder that <see cref="StaticEmbeddingModel"/> reads (docs/formats.md), so that the format is in one place.
/// </summary>
internal sealed class StaticModelWriter
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The vocabulary; a token's position is its id. Pieces that continue a word begin with <c>##</c>.</summary>
    public required IReadOnlyList<string> Tokens { get; init; }

    /// <summary>A vector for each token, one after the other.</summary>
    public required ReadOnlyMemory<float> Rows { get; init; }

    /// <summary>The length of a token's vector.</summary>
    public required int Dimensions { get; init; }

    /// <summary>How text is prepared before it is cut into words.</summary>
    public BertNormalization Normalization { get; init; } = BertNormalization.Uncased;

    /// <summary>Whether the model scales its vectors to length 1.</summary>
    public bool Normalize { get; init; } = true;

    /// <summary>Lengths to which its vectors may be cut, the largest first.</summary>
    public IReadOnlyList<int> MatryoshkaDimensions { get; init; } = [];

    /// <summary>As in <see cref="PositionWeights"/>; <see langword="null"/> where all tokens count the same.</summary>
    public float? PositionScale { get; init; }

    /// <summary>Whether rows are stored as int8 with a scale each, a quarter of the size, or as float32.</summary>
    public bool Quantize { get; init; } = true;

    /// <summary>Notes for the weights' file: what it was trained on, with which seed.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>Writes the folder. One that is there is replaced file by file; in between it is no model, rather than half of two.</summary>
    public void Save(string directory)
    {
        if (Rows.Length != (long)Tokens.Count * Dimensions)
        {
            throw new InvalidOperationException($"{Rows.Length} values are not {Tokens.Count} rows of {Dimensions}.");
        }

        SafetensorsWriter weights = ArrangeWeights();
        Directory.CreateDirectory(directory);
        string config = Path.Combine(directory, "config.json");
        // A folder is recognised by this file and by modules.json: they go first and come last.
        File.Delete(Path.Combine(directory, "modules.json"));
        File.Delete(config);
        weights.Save(Path.Combine(directory, "model.safetensors"));
        WriteText(Path.Combine(directory, "tokenizer.json"), DescribeTokenizer());
        WriteText(Path.Combine(directory, "vocab.txt"), string.Join('\n', Tokens) + "\n");
        var settings = new JsonObject
        {
            ["model_type"] = "model2vec",
            ["normalize"] = Normalize,
            ["hidden_dim"] = Dimensions,
            ["embedding_dtype"] = Quantize ? "int8" : "float32",
            ["matryoshka_dimensions"] = new JsonArray([.. MatryoshkaDimensions.Select(static length => (JsonNode)length)]),
        };
        if (PositionScale is { } scale)
        {
            settings["position_scale"] = scale;
        }

        WriteText(config, settings.ToJsonString(Indented) + "\n");
    }

    private SafetensorsWriter ArrangeWeights()
    {
        var file = new SafetensorsWriter();
        if (Quantize)
        {
            (sbyte[] values, float[] scales) = QuantizeRows();
            file.Add("embeddings", [Tokens.Count, Dimensions], values);
            file.Add("weights", [Tokens.Count], scales);
        }
        else
        {
            file.Add("embeddings", [Tokens.Count, Dimensions], Rows);
        }

        foreach ((string key, string value) in Metadata)
        {
            file.AddMetadata(key, value);
        }

        return file;
    }

    private (sbyte[] Values, float[] Scales) QuantizeRows()
    {
        sbyte[] values = new sbyte[Rows.Length];
        float[] scales = new float[Tokens.Count];
        for (int token = 0; token < scales.Length; token++)
        {
            ReadOnlySpan<float> row = Rows.Span.Slice(token * Dimensions, Dimensions);
            float largest = MathF.Abs(TensorPrimitives.MaxMagnitude(row));
            if (!float.IsFinite(largest))
            {
                throw new SextantException($"the vector of token '{Tokens[token]}' is not finite");
            }

            scales[token] = largest / sbyte.MaxValue;
            for (int i = 0; i < Dimensions && largest > 0; i++)
            {
                values[(token * Dimensions) + i] = (sbyte)MathF.Round(row[i] / scales[token]);
            }
        }

        return (values, scales);
    }

    private string DescribeTokenizer()
    {
        var vocabulary = new Dictionary<string, int>(Tokens.Count, StringComparer.Ordinal);
        for (int id = 0; id < Tokens.Count; id++)
        {
            vocabulary.Add(Tokens[id], id);
        }

        return JsonSerializer.Serialize(new
        {
            version = "1.0",
            truncation = (object?)null,
            padding = (object?)null,
            added_tokens = Array.Empty<object>(),
            normalizer = new
            {
                type = "BertNormalizer",
                clean_text = Normalization.CleanText,
                handle_chinese_chars = Normalization.SplitIdeographs,
                strip_accents = Normalization.StripAccents,
                lowercase = Normalization.Lowercase,
            },
            pre_tokenizer = new { type = "BertPreTokenizer" },
            post_processor = (object?)null,
            decoder = new { type = "WordPiece", prefix = WordPieceVocabulary.ContinuationPrefix, cleanup = true },
            model = new
            {
                type = "WordPiece",
                unk_token = "[UNK]",
                continuing_subword_prefix = WordPieceVocabulary.ContinuationPrefix,
                max_input_chars_per_word = WordPieceTokenizer.MaxWordLength,
                vocab = vocabulary,
            },
        }, Compact);
    }

    private static void WriteText(string path, string text) =>
        AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));
}
