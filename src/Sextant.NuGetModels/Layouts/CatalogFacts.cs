using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sextant.Models.Catalog;

namespace Sextant.NuGetModels.Layouts;

/// <summary>
/// Catalog data for a model whose package contains only a graph and a vocabulary: pooling, normalization, length and prompts, written as
/// sentence-transformers files. Code that opens the folder then does not need the catalog.
/// </summary>
internal static class CatalogFacts
{
    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The files by name; empty if the package is not in the catalog.</summary>
    public static IReadOnlyDictionary<string, string> FilesFor(string packageId)
    {
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (ModelCatalog.Default.Find(ModelCatalog.PackagePrefix + packageId) is not { Pooling: { } pooling } known)
        {
            return files;
        }

        JsonArray modules = [Module(0, "", "Transformer"), Module(1, "1_Pooling", "Pooling")];
        if (known.Normalized == true)
        {
            modules.Add(Module(2, "2_Normalize", "Normalize"));
        }

        files["modules.json"] = modules.ToJsonString(Json);
        files["1_Pooling/config.json"] = new JsonObject
        {
            ["word_embedding_dimension"] = known.Dimensions,
            ["pooling_mode_cls_token"] = pooling == "cls",
            ["pooling_mode_mean_tokens"] = pooling == "mean",
            ["pooling_mode_max_tokens"] = pooling == "max",
            ["pooling_mode_mean_sqrt_len_tokens"] = false,
            ["pooling_mode_lasttoken"] = pooling == "last",
        }.ToJsonString(Json);
        if (known.MaxTokens is { } tokens)
        {
            files["sentence_bert_config.json"] = new JsonObject { ["max_seq_length"] = tokens, ["do_lower_case"] = false }.ToJsonString(
                Json
            );
        }

        if (known.QueryPrompt.Length + known.DocumentPrompt.Length > 0)
        {
            files["config_sentence_transformers.json"] = new JsonObject
            {
                ["prompts"] = new JsonObject { ["query"] = known.QueryPrompt, ["document"] = known.DocumentPrompt },
                ["default_prompt_name"] = null,
                ["similarity_fn_name"] = "cosine",
            }.ToJsonString(Json);
        }

        return files;
    }

    /// <summary>
    /// Writes those of <see cref="FilesFor"/> that <paramref name="folder"/> lacks, where the model is a graph that nothing describes.
    /// </summary>
    public static void AddTo(string folder, string packageId)
    {
        bool described = File.Exists(Path.Combine(folder, "modules.json")) || !File.Exists(Path.Combine(folder, "model.onnx"));
        foreach ((string name, string content) in described ? new Dictionary<string, string>() : FilesFor(packageId))
        {
            string path = Path.Combine(folder, name);
            if (!File.Exists(path))
            {
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                File.WriteAllText(path, content);
            }
        }
    }

    private static JsonObject Module(int index, string path, string type) =>
        new()
        {
            ["idx"] = index,
            ["name"] = index.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["path"] = path,
            ["type"] = "sentence_transformers.models." + type,
        };
}
