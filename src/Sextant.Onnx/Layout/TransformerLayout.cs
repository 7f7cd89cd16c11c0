using System.Text.Json;
using Sextant.Onnx.Pooling;

namespace Sextant.Onnx.Layout;

/// <summary>
/// What a sentence-transformers directory says about its model beyond the graph: modules, prompts, limits.
/// A directory without <c>modules.json</c> is a bare transformer, whose token vectors are averaged.
/// </summary>
internal sealed class TransformerLayout
{
    /// <summary>How token vectors become one; <see langword="null"/> if the directory does not specify it.</summary>
    public TokenPooling? Pooling { get; private init; }

    /// <summary>The steps after pooling, in order.</summary>
    public required IReadOnlyList<VectorModule> Modules { get; init; }

    public required ModelPrompts Prompts { get; init; }

    /// <summary>
    /// The most tokens of a text that the configuration allows, special ones included; <see langword="null"/> when none is named.
    /// </summary>
    public int? MaxLength { get; private init; }

    /// <summary>Where the modules keep their files, each ending in <c>/</c>; those of the folder itself left out.</summary>
    public required IReadOnlyList<string> Folders { get; init; }

    /// <summary>Whether the vectors come out with length 1.</summary>
    public bool Normalizes => Modules is [.., NormalizeModule];

    /// <exception cref="InputException">A file is damaged, or there is a module that is not known.</exception>
    public static TransformerLayout Read(ModelFiles files)
    {
        TokenPooling? pooling = null;
        var steps = new List<VectorModule>();
        var folders = new List<string>();
        string transformer = "";
        foreach ((string type, string folder) in ReadModules(files))
        {
            if (folder.Length > 0)
            {
                folders.Add(folder);
            }

            switch (type)
            {
                case "Transformer":
                    transformer = folder;
                    break;
                case "Pooling":
                    pooling = PoolingConfig.Read(files, folder + "config.json");
                    break;
                case "Normalize":
                    steps.Add(new NormalizeModule());
                    break;
                case "Dense":
                    steps.Add(DenseModule.Read(files, folder));
                    break;
                default:
                    throw new InputException(
                        $"{files.Locate("modules.json")}: the module '{type}' is unknown; "
                            + "use Transformer, Pooling, Dense and Normalize"
                    );
            }
        }

        return new TransformerLayout
        {
            Pooling = pooling,
            Modules = steps,
            Folders = folders,
            Prompts = ModelPrompts.Read(files),
            MaxLength = ReadMaxLength(files, transformer),
        };
    }

    private static IEnumerable<(string Type, string Folder)> ReadModules(ModelFiles files)
    {
        if (JsonFile.TryRead(files, "modules.json") is not { ValueKind: JsonValueKind.Array } modules)
        {
            yield break;
        }

        foreach (JsonElement module in modules.EnumerateArray())
        {
            string type = module.StringOrNull("type") ?? "",
                path = module.StringOrNull("path") ?? "";
            if (Path.IsPathRooted(path) || path.Split('/', '\\').Contains(".."))
            {
                throw new InputException($"{files.Locate("modules.json")}: the module's path '{path}' is outside the model's folder");
            }

            // Module classes have moved between packages over the years; only their last name stays.
            yield return (type[(type.LastIndexOf('.') + 1)..], path.Length == 0 ? "" : path + "/");
        }
    }

    /// <summary>The most tokens that the configuration in <paramref name="transformer"/> allows, special ones included.</summary>
    internal static int? ReadMaxLength(ModelFiles files, string transformer)
    {
        int? own = JsonFile.TryRead(files, transformer + "sentence_bert_config.json")?.IntOrNull("max_seq_length");
        JsonElement? config = JsonFile.TryRead(files, transformer + "config.json") ?? JsonFile.TryRead(files, "config.json");
        int? positions = config?.IntOrNull("max_position_embeddings");
        // RoBERTa and its kin begin to count at the place after padding's id.
        if (config?.StringOrNull("model_type") is "roberta" or "xlm-roberta" or "camembert" or "mpnet" or "xlm-roberta-xl")
        {
            positions -= (config?.IntOrNull("pad_token_id") ?? 1) + 1;
        }

        int? least = Least(own, positions);
        return least is null or > 0
            ? least
            : throw new InputException($"{files.Location}: the configuration lets the model read {least} tokens");
    }

    /// <summary>The smaller of those that are named.</summary>
    internal static int? Least(int? a, int? b) =>
        a is null ? b
        : b is null ? a
        : Math.Min(a.Value, b.Value);
}
