using System.Text;
using System.Text.Json;

namespace Sextant.Training.Transformers;

/// <summary>
/// What the sentence-transformers files of a directory say: modules, pooling, prompts, the limit. A directory without them is pooled by the
/// mean.
/// </summary>
internal sealed record SentenceLayout
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>The transformer's folder within the directory, with a trailing slash; empty for the directory itself.</summary>
    public string TransformerFolder { get; private init; } = "";

    /// <summary>Whether the first token stands for the text, instead of the mean of all.</summary>
    public bool PoolsFirst { get; private init; }

    /// <summary>Whether vectors are scaled to length 1.</summary>
    public bool Normalizes { get; private init; }

    public int? MaxLength { get; private init; }

    public string QueryPrompt { get; private init; } = "";

    public string DocumentPrompt { get; private init; } = "";

    /// <summary>The folders of all modules.</summary>
    public IReadOnlyList<string> Folders { get; private init; } = [];

    private bool IsComplete { get; init; }

    /// <exception cref="InputException">A file is damaged, or there is a module or a pooling that is not known.</exception>
    public static SentenceLayout Read(ModelFiles files)
    {
        if (Json(files, "modules.json") is not { ValueKind: JsonValueKind.Array } modules)
        {
            return new SentenceLayout { MaxLength = Whole(Json(files, "sentence_bert_config.json"), "max_seq_length"), Normalizes = true };
        }

        string transformer = "",
            pooling = "";
        bool normalizes = false;
        var folders = new List<string>();
        foreach (JsonElement module in modules.EnumerateArray())
        {
            string type = module.StringOrNull("type") ?? "",
                path = module.StringOrNull("path") ?? "";
            if (Path.IsPathRooted(path) || path.Split('/', '\\').Contains(".."))
            {
                throw new InputException($"{files.Locate("modules.json")}: the module's path '{path}' is outside the model's folder");
            }

            folders.Add(path);
            string folder = path.Length == 0 ? "" : path + "/";
            switch (type[(type.LastIndexOf('.') + 1)..])
            {
                case "Transformer":
                    transformer = folder;
                    break;
                case "Pooling":
                    pooling = folder;
                    break;
                case "Normalize":
                    normalizes = true;
                    break;
                case string other:
                    throw new InputException(
                        $"{files.Locate("modules.json")}: the module '{other}' is not trained or exported; Transformer, Pooling and "
                            + "Normalize are"
                    );
            }
        }

        (string query, string document) = Prompts(files);
        return new SentenceLayout
        {
            TransformerFolder = transformer,
            PoolsFirst = PoolsByFirst(files, pooling + "config.json"),
            Normalizes = normalizes,
            MaxLength = Whole(Json(files, transformer + "sentence_bert_config.json"), "max_seq_length"),
            QueryPrompt = query,
            DocumentPrompt = document,
            Folders = folders,
            IsComplete = true,
        };
    }

    /// <summary>Adds the files that say how vectors are pooled, to a directory that had none.</summary>
    public void Complete(string output, int width, int maxTokens)
    {
        if (IsComplete)
        {
            return;
        }

        const string Modules = "sentence_transformers.models.";
        Write(
            "modules.json",
            new[]
            {
                new
                {
                    idx = 0,
                    name = "0",
                    path = "",
                    type = Modules + "Transformer",
                },
                new
                {
                    idx = 1,
                    name = "1",
                    path = "1_Pooling",
                    type = Modules + "Pooling",
                },
                new
                {
                    idx = 2,
                    name = "2",
                    path = "2_Normalize",
                    type = Modules + "Normalize",
                },
            }
        );
        Write(
            "1_Pooling/config.json",
            new
            {
                word_embedding_dimension = width,
                pooling_mode_cls_token = PoolsFirst,
                pooling_mode_mean_tokens = !PoolsFirst,
            }
        );
        Write("sentence_bert_config.json", new { max_seq_length = maxTokens, do_lower_case = false });
        Directory.CreateDirectory(Path.Combine(output, "2_Normalize"));

        void Write(string name, object content) =>
            AtomicFile.Write(
                Path.Combine(output, name),
                stream => stream.Write(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(content, Indented)))
            );
    }

    private static bool PoolsByFirst(ModelFiles files, string name)
    {
        JsonElement config = Json(files, name) ?? throw new InputException($"{files.Location}: no {name}");
        string? mode = config.StringOrNull("pooling_mode");
        string[] chosen =
            mode is not null ? [mode]
            : config.ValueKind == JsonValueKind.Object
                ?
                [
                    .. config
                        .EnumerateObject()
                        .Where(static p =>
                            p.Name.StartsWith("pooling_mode_", StringComparison.Ordinal) && p.Value.ValueKind == JsonValueKind.True
                        )
                        .Select(static p => p.Name["pooling_mode_".Length..]),
                ]
            : [];
        return chosen switch
        {
            [] or ["mean"] or ["mean_tokens"] => false,
            ["cls"] or ["cls_token"] => true,
            _ => throw new InputException(
                $"{files.Locate(name)}: pooling by {string.Join(" and ", chosen)} is not trained or exported; mean and cls are"
            ),
        };
    }

    private static (string Query, string Document) Prompts(ModelFiles files)
    {
        if (
            Json(files, "config_sentence_transformers.json") is not { ValueKind: JsonValueKind.Object } config
            || !config.TryGetProperty("prompts", out JsonElement prompts)
        )
        {
            return ("", "");
        }

        string byDefault = config.StringOrNull("default_prompt_name") is { } name ? prompts.StringOrNull(name) ?? "" : "";
        return (
            prompts.StringOrNull("query") ?? prompts.StringOrNull("search_query") ?? byDefault,
            prompts.StringOrNull("document") ?? prompts.StringOrNull("passage") ?? prompts.StringOrNull("search_document") ?? byDefault
        );
    }

    private static JsonElement? Json(ModelFiles files, string name)
    {
        if (files.TryReadAll(name) is not { } bytes)
        {
            return null;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(bytes);
            return document.RootElement.Clone();
        }
        catch (JsonException e)
        {
            throw new InputException($"{files.Locate(name)}: not JSON ({e.Message})", e);
        }
    }

    private static int? Whole(JsonElement? json, string field) =>
        json is { ValueKind: JsonValueKind.Object } found
        && found.TryGetProperty(field, out JsonElement value)
        && value.ValueKind == JsonValueKind.Number
        && value.TryGetInt32(out int number)
        && number > 0
            ? number
            : null;
}
