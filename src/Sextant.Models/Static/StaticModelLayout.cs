using System.Text.Json;
using System.Text.Unicode;

namespace Sextant.Models.Static;

/// <summary>
/// The layout of a static model's folder. Three layouts are in use: model2vec's own (everything in the root), and two that
/// sentence-transformers writes for its StaticEmbedding module (root, or a subfolder).
/// </summary>
/// <param name="Folder">The prefix of the weights and the tokenizer: empty, or with a trailing slash.</param>
/// <param name="Normalize">Whether the model scales its vectors to length 1.</param>
internal sealed record StaticModelLayout(string Folder, bool Normalize)
{
    /// <summary>
    /// Lengths to which its vectors may be cut, the largest first: <c>matryoshka_dimensions</c>, which Sextant adds to model2vec's file.
    /// </summary>
    public IReadOnlyList<int> MatryoshkaDimensions { get; private init; } = [];

    /// <summary>As in <see cref="PositionWeights"/>: <c>position_scale</c>, which Sextant adds as well.</summary>
    public float? PositionScale { get; private init; }

    /// <summary>The layout of these files, or <see langword="null"/> if they are not a static model.</summary>
    /// <exception cref="InputException">A configuration file is invalid.</exception>
    public static StaticModelLayout? Recognize(ModelFiles files)
    {
        using JsonDocument? config = TryRead(files, "config.json");
        if (config?.RootElement.StringOrNull("model_type") == "model2vec")
        {
            bool normalize = config.RootElement.BoolOrNull("normalize") ?? false;
            return new StaticModelLayout("", normalize)
            {
                MatryoshkaDimensions = ReadMatryoshka(config.RootElement),
                PositionScale = ReadPositionScale(config.RootElement, files),
            };
        }

        using JsonDocument? modules = TryRead(files, "modules.json");
        return modules is { RootElement.ValueKind: JsonValueKind.Array } ? FromModules(modules.RootElement, files) : null;
    }

    private static int[] ReadMatryoshka(JsonElement config) =>
        config.TryGetProperty("matryoshka_dimensions", out JsonElement list) && list.ValueKind == JsonValueKind.Array
            ?
            [
                .. list.EnumerateArray()
                    .Select(static item => item.ValueKind == JsonValueKind.Number && item.TryGetInt32(out int value) ? value : 0)
                    .Where(static value => value > 0)
                    .OrderDescending(),
            ]
            : [];

    private static float? ReadPositionScale(JsonElement config, ModelFiles files) =>
        !config.TryGetProperty("position_scale", out JsonElement scale) || scale.ValueKind == JsonValueKind.Null ? null
        : scale.ValueKind == JsonValueKind.Number && scale.TryGetSingle(out float value) && float.IsFinite(value) && value > 0 ? value
        : throw new InputException($"{files.Locate("config.json")}: position_scale is {scale}, not a number above 0");

    private static StaticModelLayout? FromModules(JsonElement modules, ModelFiles files)
    {
        List<string> names = modules.EnumerateArray().Select(LastSegmentOfType).ToList();
        if (names is not ["StaticEmbedding", ..] || !names.TrueForAll(static name => name is "StaticEmbedding" or "Normalize"))
        {
            return null;
        }

        string path = modules[0].StringOrNull("path") ?? "";
        if (Path.IsPathRooted(path) || path.Split('/', '\\').Contains(".."))
        {
            throw new InputException($"{files.Locate("modules.json")}: the module's path '{path}' is outside the model's folder");
        }

        return new StaticModelLayout(path.Length == 0 ? "" : path + "/", names.Contains("Normalize"));
    }

    /// <summary>Module classes have moved between packages over the years; only their last name stays.</summary>
    private static string LastSegmentOfType(JsonElement module) =>
        module.StringOrNull("type") is { } name ? name[(name.LastIndexOf('.') + 1)..] : "";

    private static JsonDocument? TryRead(ModelFiles files, string name)
    {
        if (files.TryReadAll(name) is not { } bytes)
        {
            return null;
        }

        if (!Utf8.IsValid(bytes))
        {
            // The parser would report it only when a string is read.
            throw new InputException($"{files.Locate(name)}: not UTF-8");
        }

        try
        {
            return JsonDocument.Parse(bytes);
        }
        catch (JsonException e)
        {
            throw new InputException($"{files.Locate(name)}: not JSON ({e.Message})", e);
        }
    }
}
