using System.Globalization;
using System.Text.Json;

namespace Sextant.Onnx.Layout;

/// <summary>
/// What a cross-encoder's directory says beyond the graph: a transformer with a classification head of one label, which reads query and
/// document together.
/// </summary>
/// <param name="ScoreKind">What sentence-transformers makes of the logit: a probability by the sigmoid function, or nothing.</param>
/// <param name="MaxLength">The most tokens of query and document together, special ones included; <see langword="null"/> when none is
/// named.</param>
internal sealed record CrossEncoderLayout(ScoreKind ScoreKind, int? MaxLength)
{
    // What Hugging Face takes a classifier to have when its configuration does not say.
    private const int UsualLabels = 2;

    /// <summary>Reads the directory; <see langword="null"/> when it holds an embedding model.</summary>
    /// <exception cref="InputException">It holds a classifier or reranker of a kind that cannot be run here.</exception>
    public static CrossEncoderLayout? TryRead(ModelFiles files)
    {
        if (JsonFile.TryRead(files, "config.json") is not { ValueKind: JsonValueKind.Object } config)
        {
            return null;
        }

        JsonElement? own = JsonFile.TryRead(files, "config_sentence_transformers.json") is { ValueKind: JsonValueKind.Object } found
            ? found
            : null;
        string architecture =
            config.TryGetProperty("architectures", out JsonElement names)
            && names.ValueKind == JsonValueKind.Array
            && names.GetArrayLength() > 0
            && names[0].ValueKind == JsonValueKind.String
                ? names[0].GetString()!
                : "";
        bool isClassifier = architecture.EndsWith("ForSequenceClassification", StringComparison.Ordinal);
        bool? said = own?.StringOrNull("model_type") is { } kind ? kind == "CrossEncoder" : null;
        // A classifier in a directory with modules, such as pooling, is a base from which an embedding model was trained.
        if (!(said ?? (isClassifier && JsonFile.TryRead(files, "modules.json") is null)))
        {
            return null;
        }

        if (!isClassifier)
        {
            throw new InputException(
                $"{files.Locate("config.json")}: rerankers of type '{architecture}' are not supported; "
                    + "use one for sequence classification (…ForSequenceClassification) with one label"
            );
        }

        int labels =
            config.IntOrNull("num_labels")
            ?? (
                config.TryGetProperty("id2label", out JsonElement label) && label.ValueKind == JsonValueKind.Object
                    ? label.EnumerateObject().Count()
                    : UsualLabels
            );
        return labels == 1
            ? new CrossEncoderLayout(ReadActivation(files, config, own), TransformerLayout.ReadMaxLength(files, ""))
            : throw new InputException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{files.Location}: this is a classifier with {labels} labels, not a reranker with one score"
                )
            );
    }

    /// <summary>The newest place first, as sentence-transformers looks for it.</summary>
    private static ScoreKind ReadActivation(ModelFiles files, JsonElement config, JsonElement? own)
    {
        string? name =
            own?.StringOrNull("activation_fn")
            ?? (config.TryGetProperty("sentence_transformers", out JsonElement nested) ? nested.StringOrNull("activation_fn") : null)
            ?? config.StringOrNull("sbert_ce_default_activation_function");
        // Classes have moved between modules; only their last name stays.
        return name?[(name.LastIndexOf('.') + 1)..] switch
        {
            null or "Sigmoid" => ScoreKind.Probability,
            "Identity" => ScoreKind.Logit,
            var other => throw new InputException(
                $"{files.Locate("config.json")}: the activation '{other}' of the scores is unknown; use Sigmoid or Identity"
            ),
        };
    }
}
