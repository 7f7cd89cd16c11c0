using System.Text;
using System.Text.Json;

namespace Sextant.Tokenizers;

/// <summary>
/// Reads a WordPiece tokenizer from a model's files: <c>tokenizer.json</c> in Hugging Face's format, or else <c>vocab.txt</c> (one token
/// per line, whose id is the line number) with an optional <c>tokenizer_config.json</c>.
/// </summary>
public static class WordPieceFiles
{
    /// <summary>Reads the tokenizer of a model that uses WordPiece with BERT's way of cutting words.</summary>
    /// <param name="files">The model's files.</param>
    /// <param name="folder">A prefix of their names: empty, or with a trailing slash.</param>
    /// <exception cref="InputException">The tokenizer is missing, of another kind, or damaged; the message names the file.</exception>
    public static WordPieceTokenizer Load(ModelFiles files, string folder = "")
    {
        string json = folder + "tokenizer.json",
            text = folder + "vocab.txt";
        if (files.TryReadAll(json) is { } tokenizer)
        {
            return Guard(files.Locate(json), () => FromTokenizerJson(tokenizer, files.Locate(json)));
        }

        if (files.TryReadAll(text) is { } vocabulary)
        {
            byte[]? config = files.TryReadAll(folder + "tokenizer_config.json");
            return Guard(files.Locate(text), () => FromVocabulary(vocabulary, config));
        }

        throw new InputException($"{files.Location}: no tokenizer; a static model needs {json} or {text}");
    }

    private static WordPieceTokenizer Guard(string file, Func<WordPieceTokenizer> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (Files.TokenizerJson.IsDamage(e))
        {
            throw new InputException($"{file}: the tokenizer cannot be read: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }

    private static WordPieceTokenizer FromTokenizerJson(byte[] bytes, string file)
    {
        using JsonDocument document = JsonDocument.Parse(bytes);
        JsonElement root = document.RootElement,
            model = root.GetProperty("model");
        // Files of the first years carry no type; only WordPiece had a prefix for continuing pieces.
        string type = model.StringOrNull("type") ?? (model.TryGetProperty("continuing_subword_prefix", out _) ? "WordPiece" : "unnamed");
        Require(type == "WordPiece", file, $"a {type} model");
        string? preTokenizer = root.TryGetProperty("pre_tokenizer", out JsonElement pre) ? pre.StringOrNull("type") : null;
        Require(preTokenizer == "BertPreTokenizer", file, $"the pre-tokenizer {preTokenizer ?? "none"}");

        var tokens = new List<KeyValuePair<string, int>>(1 << 15);
        foreach (JsonProperty token in model.GetProperty("vocab").EnumerateObject())
        {
            tokens.Add(new(token.Name, token.Value.GetInt32()));
        }

        string prefix = model.StringOrNull("continuing_subword_prefix") ?? WordPieceVocabulary.ContinuationPrefix;
        var vocabulary = new WordPieceVocabulary(tokens, prefix, model.StringOrNull("unk_token") ?? "[UNK]");
        return new WordPieceTokenizer(vocabulary, ReadNormalizer(root, file));
    }

    private static BertNormalization ReadNormalizer(JsonElement root, string file)
    {
        if (!root.TryGetProperty("normalizer", out JsonElement normalizer) || normalizer.ValueKind == JsonValueKind.Null)
        {
            return new BertNormalization
            {
                CleanText = false,
                SplitIdeographs = false,
                StripAccents = false,
                Lowercase = false,
            };
        }

        Require(normalizer.StringOrNull("type") == "BertNormalizer", file, $"the normalizer {normalizer.StringOrNull("type")}");
        bool lowercase = normalizer.BoolOrNull("lowercase") ?? true;
        return new BertNormalization
        {
            CleanText = normalizer.BoolOrNull("clean_text") ?? true,
            SplitIdeographs = normalizer.BoolOrNull("handle_chinese_chars") ?? true,
            // Left open, accents go where case goes.
            StripAccents = normalizer.BoolOrNull("strip_accents") ?? lowercase,
            Lowercase = lowercase,
        };
    }

    private static WordPieceTokenizer FromVocabulary(byte[] vocabulary, byte[]? config)
    {
        var tokens = new List<KeyValuePair<string, int>>(1 << 15);
        using var reader = new StreamReader(new MemoryStream(vocabulary), Encoding.UTF8);
        while (reader.ReadLine() is { } line)
        {
            tokens.Add(new(line, tokens.Count));
        }

        bool lowercase = true;
        bool? stripAccents = null;
        if (config is not null)
        {
            using JsonDocument document = JsonDocument.Parse(config);
            lowercase = document.RootElement.BoolOrNull("do_lower_case") ?? true;
            stripAccents = document.RootElement.BoolOrNull("strip_accents");
        }

        var normalization = new BertNormalization { Lowercase = lowercase, StripAccents = stripAccents ?? lowercase };
        return new WordPieceTokenizer(new WordPieceVocabulary(tokens), normalization);
    }

    private static void Require(bool known, string file, string what)
    {
        if (!known)
        {
            throw new InputException(
                $"{file}: the tokenizer has {what}; static models need WordPiece, BertPreTokenizer and BertNormalizer"
            );
        }
    }
}
