using System.Text.Json;

namespace Sextant.Tokenizers.Files;

/// <summary>
/// Reads the tokenizer of a transformer's directory: <c>tokenizer.json</c>, or else the older files, with the additions of
/// <c>tokenizer_config.json</c>.
/// </summary>
public static class TokenizerFiles
{
    // Some configurations write 10^30 for "no limit".
    private const double NoLimit = 1e6;

    /// <summary>Reads the tokenizer in a model's folder.</summary>
    /// <param name="files">The model's files.</param>
    /// <param name="folder">A prefix of their names: empty, or with a trailing slash.</param>
    /// <exception cref="InputException">The tokenizer is missing or damaged; the message names the file.</exception>
    public static SequenceTokenizer Load(ModelFiles files, string folder = "")
    {
        string json = folder + "tokenizer.json";
        JsonElement? config = ReadConfig(files, folder + "tokenizer_config.json");
        SequenceTokenizer tokenizer = files.TryReadAll(json) is { } bytes
            ? TokenizerJson.Parse(bytes, files.Locate(json))
            : VocabularyFiles.TryLoad(files, folder, config)
                ?? throw new InputException($"{files.Location}: no tokenizer (looked for {VocabularyFiles.Looked})");
        return Configure(tokenizer, config, ReadConfig(files, folder + "special_tokens_map.json"));
    }

    private static JsonElement? ReadConfig(ModelFiles files, string name)
    {
        if (files.TryReadAll(name) is not { } bytes)
        {
            return null;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(bytes);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : null;
        }
        catch (JsonException e)
        {
            throw new InputException($"{files.Locate(name)}: not JSON ({e.Message})", e);
        }
    }

    /// <summary>Adds what only the configuration says: the end token that some decoders require, the side of padding, the limit.</summary>
    private static SequenceTokenizer Configure(SequenceTokenizer tokenizer, JsonElement? config, JsonElement? specials)
    {
        int[] prefix = [.. tokenizer.Prefix],
            suffix = [.. tokenizer.Suffix];
        if (config?.BoolOrNull("add_bos_token") == true && Token(config.Value, "bos_token") is { } begin && !prefix.Contains(begin))
        {
            prefix = [begin, .. prefix];
        }

        if (config?.BoolOrNull("add_eos_token") == true && Token(config.Value, "eos_token") is { } end && !suffix.Contains(end))
        {
            suffix = [.. suffix, end];
        }

        double? limit =
            config is { } c && c.TryGetProperty("model_max_length", out JsonElement most) && most.ValueKind == JsonValueKind.Number
                ? most.GetDouble()
                : null;
        return new SequenceTokenizer(tokenizer.Text, prefix, suffix)
        {
            Find = tokenizer.Find,
            Pair = tokenizer.Pair,
            // The value matters to graphs that detect padding by its id.
            PadId = tokenizer.PadId ?? Named(config) ?? Named(specials) ?? tokenizer.Find("<pad>") ?? tokenizer.Find("[PAD]"),
            PadsLeft = config?.StringOrNull("padding_side") is { } side ? side == "left" : tokenizer.PadsLeft,
            // The limit of a tokenizer.json is how someone last called it, and often shorter than what the model reads.
            MaxLength =
                limit is > 0 and < NoLimit ? (int)limit
                : limit is null ? tokenizer.MaxLength
                : null,
        };

        int? Named(JsonElement? from) => from is { } named ? Token(named, "pad_token") : null;

        // A token is written as a string, or as an object with its content.
        int? Token(JsonElement from, string name) =>
            (from.StringOrNull(name) ?? (from.TryGetProperty(name, out JsonElement token) ? token.StringOrNull("content") : null))
                is { } text
                ? tokenizer.Find(text)
                : null;
    }
}
