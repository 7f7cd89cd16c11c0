using System.Numerics.Tensors;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sextant.Models.Safetensors;
using Sextant.Tokenizers;

namespace Sextant.Models.Static;

/// <summary>
/// Writes a static model as a folder that <see cref="StaticEmbeddingModel"/> and model2vec read: <c>model.safetensors</c>,
/// <c>tokenizer.json</c>,
/// <c>vocab.txt</c> and <c>config.json</c>.
/// </summary>
public sealed class StaticModelWriter
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The WordPiece vocabulary; a token's position is its id. Pieces that continue a word begin with <c>##</c>.</summary>
    public required IReadOnlyList<string> Tokens { get; init; }

    /// <summary>The vector of each token, one after the other: as many values as tokens × <see cref="Dimensions"/>, all finite.</summary>
    public required ReadOnlyMemory<float> Rows { get; init; }

    /// <summary>The length of a token's vector.</summary>
    public required int Dimensions { get; init; }

    /// <summary>How text is normalized before it is split into words.</summary>
    /// <value><see cref="BertNormalization.Uncased"/>.</value>
    public BertNormalization Normalization { get; init; } = BertNormalization.Uncased;

    /// <summary>Whether the model scales its embeddings to length 1.</summary>
    /// <value><see langword="true"/>.</value>
    public bool Normalize { get; init; } = true;

    /// <summary>Dimensions that the model was trained for (Matryoshka), the largest first.</summary>
    /// <value>None.</value>
    public IReadOnlyList<int> MatryoshkaDimensions { get; init; } = [];

    /// <summary>The position whose token has half the weight of the first (see <see cref="PositionWeights"/>).</summary>
    /// <value><see langword="null"/>: equal weights.</value>
    public float? PositionScale { get; init; }

    /// <summary>Whether vectors are stored as int8 with a scale each, a quarter of the size, instead of float32.</summary>
    /// <value><see langword="true"/>.</value>
    public bool Quantize { get; init; } = true;

    /// <summary>Notes for the metadata of <c>model.safetensors</c>, such as the training data and the seed.</summary>
    /// <value>None.</value>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// Writes the folder. A folder that exists is replaced file by file; until all files are written it is not recognized as a model.
    /// </summary>
    /// <exception cref="InvalidOperationException">The number of values is not that of tokens × <see cref="Dimensions"/>.</exception>
    /// <exception cref="SextantException">A vector holds NaN or infinity.</exception>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public void Save(string directory)
    {
        ArgumentNullException.ThrowIfNull(directory);
        if (Rows.Length != (long)Tokens.Count * Dimensions)
        {
            throw new InvalidOperationException($"{Rows.Length} values do not match {Tokens.Count} rows of {Dimensions}.");
        }

        SafetensorsWriter weights = ArrangeWeights();
        Directory.CreateDirectory(directory);
        string config = Path.Combine(directory, "config.json");
        // This file and modules.json identify a model folder, so they are deleted first and written last.
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
        JsonObject vocabulary = [];
        for (int id = 0; id < Tokens.Count; id++)
        {
            vocabulary.Add(Tokens[id], id);
        }

        JsonObject tokenizer = new()
        {
            ["version"] = "1.0",
            ["truncation"] = null,
            ["padding"] = null,
            ["added_tokens"] = new JsonArray(),
            ["normalizer"] = new JsonObject
            {
                ["type"] = "BertNormalizer",
                ["clean_text"] = Normalization.CleanText,
                ["handle_chinese_chars"] = Normalization.SplitIdeographs,
                ["strip_accents"] = Normalization.StripAccents,
                ["lowercase"] = Normalization.Lowercase,
            },
            ["pre_tokenizer"] = new JsonObject { ["type"] = "BertPreTokenizer" },
            ["post_processor"] = null,
            ["decoder"] = new JsonObject
            {
                ["type"] = "WordPiece",
                ["prefix"] = WordPieceVocabulary.ContinuationPrefix,
                ["cleanup"] = true,
            },
            ["model"] = new JsonObject
            {
                ["type"] = "WordPiece",
                ["unk_token"] = "[UNK]",
                ["continuing_subword_prefix"] = WordPieceVocabulary.ContinuationPrefix,
                ["max_input_chars_per_word"] = WordPieceTokenizer.MaxWordLength,
                ["vocab"] = vocabulary,
            },
        };
        return tokenizer.ToJsonString(Compact);
    }

    private static void WriteText(string path, string text) => AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));
}
