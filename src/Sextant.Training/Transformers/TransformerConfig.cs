using System.Text.Json;

namespace Sextant.Training.Transformers;

/// <summary>The shape of a BERT-family encoder, from its <c>config.json</c>.</summary>
public sealed record TransformerConfig
{
    /// <summary>The value that BERT, RoBERTa and DistilBERT were trained with.</summary>
    internal const float UsualDropout = 0.1f;

    /// <summary>Far above any encoder that is trained here; a file that claims more is damaged.</summary>
    private const int MaxWidth = 1 << 16,
        MaxLayers = 512,
        MaxVocabulary = 1 << 24;

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Names the weights and says how positions are counted.</summary>
    public required TransformerFamily Family { get; init; }

    /// <summary>Dimensions of a token's vector.</summary>
    public required int Width { get; init; }

    /// <summary>Layers.</summary>
    public required int Layers { get; init; }

    /// <summary>Attention heads of a layer; they divide <see cref="Width"/>.</summary>
    public required int Heads { get; init; }

    /// <summary>Dimensions of the feed-forward layer.</summary>
    public required int Inner { get; init; }

    /// <summary>Tokens.</summary>
    public required int Vocabulary { get; init; }

    /// <summary>Rows of the table of positions.</summary>
    public required int Positions { get; init; }

    /// <summary>How many kinds of segment there are; 0 for families without.</summary>
    public required int Segments { get; init; }

    /// <summary>The constant that layer normalization adds to the variance.</summary>
    public required float Epsilon { get; init; }

    /// <summary>The id of the padding token.</summary>
    public required int PadId { get; init; }

    /// <summary>The activation of the feed-forward layer.</summary>
    public required TransformerActivation Activation { get; init; }

    /// <summary>The share that is dropped in training, from 0 up to 1.</summary>
    public required float Dropout { get; init; }

    /// <summary>The place of the first token: RoBERTa and its kin begin to count after padding's id.</summary>
    public int FirstPosition => Family is TransformerFamily.Roberta ? PadId + 1 : 0;

    /// <summary>The most tokens of a text.</summary>
    public int MaxTokens => Positions - FirstPosition;

    /// <summary>
    /// This configuration, found in a graph, with what only a <c>config.json</c> can say: the family's name and the dropout.
    /// </summary>
    /// <exception cref="InputException">The file contradicts the graph.</exception>
    internal TransformerConfig With(TransformerConfig file, string graph)
    {
        foreach (
            (string what, int here, int there) in ((string, int, int)[])
                [
                    ("dimensions", Width, file.Width),
                    ("layers", Layers, file.Layers),
                    ("heads", Heads, file.Heads),
                    ("inner dimensions", Inner, file.Inner),
                    ("tokens", Vocabulary, file.Vocabulary),
                    ("positions", Positions, file.Positions),
                    ("as the first position", FirstPosition, file.FirstPosition),
                ]
        )
        {
            if (here != there)
            {
                throw new InputException($"{graph}: the graph has {here} {what}, and config.json has {there}");
            }
        }

        return this with
        {
            Family = file.Family,
            PadId = file.PadId,
            Dropout = file.Dropout,
        };
    }

    /// <summary>The content of a <c>config.json</c>.</summary>
    internal byte[] ToJson()
    {
        bool distil = Family is TransformerFamily.DistilBert;
        var fields = new Dictionary<string, object>
        {
            ["architectures"] = new[]
            {
                Family switch
                {
                    TransformerFamily.Bert => "BertModel",
                    TransformerFamily.Roberta => "RobertaModel",
                    _ => "DistilBertModel",
                },
            },
            ["model_type"] = Family switch
            {
                TransformerFamily.Bert => "bert",
                TransformerFamily.Roberta => "roberta",
                _ => "distilbert",
            },
            [distil ? "dim" : "hidden_size"] = Width,
            [distil ? "n_layers" : "num_hidden_layers"] = Layers,
            [distil ? "n_heads" : "num_attention_heads"] = Heads,
            [distil ? "hidden_dim" : "intermediate_size"] = Inner,
            ["vocab_size"] = Vocabulary,
            ["max_position_embeddings"] = Positions,
            [distil ? "activation" : "hidden_act"] = Activation switch
            {
                TransformerActivation.Gelu => "gelu",
                TransformerActivation.GeluTanh => "gelu_new",
                _ => "relu",
            },
            [distil ? "dropout" : "hidden_dropout_prob"] = Dropout,
            ["layer_norm_eps"] = Epsilon,
            ["pad_token_id"] = PadId,
        };
        if (!distil)
        {
            fields["type_vocab_size"] = Segments;
        }

        return JsonSerializer.SerializeToUtf8Bytes(fields, Indented);
    }

    /// <param name="files">The model's folder.</param>
    /// <param name="name">The file.</param>
    /// <param name="graph">What a graph says, for fields that the file leaves out; <see langword="null"/> when all must be there.</param>
    /// <exception cref="InputException">There is no such file, or the model is of another family or shape.</exception>
    internal static TransformerConfig Read(ModelFiles files, string name, TransformerConfig? graph = null)
    {
        byte[] bytes = files.TryReadAll(name) ?? throw new InputException($"{files.Location}: no transformer here (no {name})");
        JsonElement json;
        try
        {
            using JsonDocument document = JsonDocument.Parse(bytes);
            json = document.RootElement.Clone();
        }
        catch (JsonException e)
        {
            throw new InputException($"{files.Locate(name)}: not JSON ({e.Message})", e);
        }

        string place = files.Locate(name);
        TransformerFamily family = json.StringOrNull("model_type") switch
        {
            "bert" => TransformerFamily.Bert,
            "roberta" or "xlm-roberta" or "camembert" => TransformerFamily.Roberta,
            "distilbert" => TransformerFamily.DistilBert,
            string other => throw new InputException(
                $"{place}: models of type '{other}' are not trained or exported; bert, roberta, xlm-roberta, camembert and distilbert are"
            ),
            null => throw new InputException($"{place}: no model_type"),
        };
        if (json.StringOrNull("position_embedding_type") is not (null or "absolute"))
        {
            throw new InputException(
                $"{place}: relative positions are not supported; only models with absolute positions can be trained or exported"
            );
        }

        bool distil = family is TransformerFamily.DistilBert;
        var config = new TransformerConfig
        {
            Family = family,
            Width = Whole(distil ? "dim" : "hidden_size", MaxWidth, graph?.Width),
            Layers = Whole(distil ? "n_layers" : "num_hidden_layers", MaxLayers, graph?.Layers),
            Heads = Whole(distil ? "n_heads" : "num_attention_heads", MaxWidth, graph?.Heads),
            Inner = Whole(distil ? "hidden_dim" : "intermediate_size", MaxWidth * 4, graph?.Inner),
            Vocabulary = Whole("vocab_size", MaxVocabulary, graph?.Vocabulary),
            Positions = Whole("max_position_embeddings", MaxVocabulary, graph?.Positions),
            Segments = distil ? 0 : Whole("type_vocab_size", 1024, graph?.Segments),
            Epsilon = Number("layer_norm_eps") ?? 1e-12f,
            PadId = (int)(Number("pad_token_id") ?? (family is TransformerFamily.Roberta ? 1 : 0)),
            Activation = (json.StringOrNull(distil ? "activation" : "hidden_act") ?? "gelu") switch
            {
                "gelu" => TransformerActivation.Gelu,
                "gelu_new" or "gelu_pytorch_tanh" => TransformerActivation.GeluTanh,
                "relu" => TransformerActivation.Relu,
                string other => throw new InputException(
                    $"{place}: the activation '{other}' is not supported; gelu, gelu_new and relu are"
                ),
            },
            Dropout = Number(distil ? "dropout" : "hidden_dropout_prob") ?? UsualDropout,
        };
        return config.Width % config.Heads == 0 && config.MaxTokens > 0 && config.PadId >= 0
            ? config
            : throw new InputException(
                $"{place}: {config.Width} dimensions, {config.Heads} heads and {config.Positions} positions are inconsistent"
            );

        int Whole(string field, int most, int? ofGraph) =>
            ofGraph is { } known && !json.TryGetProperty(field, out _) ? known
            : json.ValueKind == JsonValueKind.Object
            && json.TryGetProperty(field, out JsonElement value)
            && value.ValueKind == JsonValueKind.Number
            && value.TryGetInt32(out int number)
            && number >= 1
            && number <= most
                ? number
            : throw new InputException($"{place}: '{field}' must be a whole number from 1 to {most}");

        float? Number(string field) =>
            json.TryGetProperty(field, out JsonElement value) && value.ValueKind == JsonValueKind.Number ? value.GetSingle() : null;
    }
}
