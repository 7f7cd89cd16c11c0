using System.Text.Json;

namespace Sextant.Onnx.Layout;

/// <summary>
/// The prompts of a model for queries and documents: the <c>prompts</c> of <c>config_sentence_transformers.json</c>,
/// which have no fixed names. The first of the usual ones counts, else the default prompt.
/// </summary>
internal sealed record ModelPrompts(string Query, string Document)
{
    private static readonly string[] QueryNames = ["query", "search_query", "web_search_query", "retrieval_query", "retrieval.query"];
    private static readonly string[] DocumentNames = ["document", "passage", "corpus", "search_document", "retrieval.passage"];

    public static ModelPrompts Read(ModelFiles files)
    {
        if (
            JsonFile.TryRead(files, "config_sentence_transformers.json") is not { } config
            || config.ValueKind != JsonValueKind.Object
            || !config.TryGetProperty("prompts", out JsonElement prompts)
        )
        {
            return new ModelPrompts("", "");
        }

        string byDefault = config.StringOrNull("default_prompt_name") is { } name ? prompts.StringOrNull(name) ?? "" : "";
        return new ModelPrompts(First(prompts, QueryNames) ?? byDefault, First(prompts, DocumentNames) ?? byDefault);
    }

    private static string? First(JsonElement prompts, string[] names) =>
        names.Select(name => prompts.StringOrNull(name)).FirstOrDefault(static prompt => prompt is not null);
}
