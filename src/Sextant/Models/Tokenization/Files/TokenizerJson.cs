using System.Text.Json;
using Sextant.Models.Tokenization.TokenModels;

namespace Sextant.Models.Tokenization.Files;

/// <summary>Reads a tokenizer.json, the file that describes every Hugging Face tokeniser.</summary>
internal static class TokenizerJson
{
    /// <exception cref="InputException">It is damaged, or has a part that is not known; the message names the file and the part.</exception>
    public static SequenceTokenizer Parse(byte[] bytes, string file)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(bytes);
            return Read(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or KeyNotFoundException
            or ArgumentException or IndexOutOfRangeException)
        {
            throw new InputException($"{file}: the tokeniser cannot be read: {e.Message}", e);
        }
    }

    private static SequenceTokenizer Read(JsonElement root)
    {
        JsonElement modelJson = root.GetProperty("model");
        JsonElement? normalizer = Part(root, "normalizer"), preTokenizer = Part(root, "pre_tokenizer");
        List<AddedToken> added = ReadAddedTokens(root);
        TokenizerPipeline pipeline;
        Func<string, int?> find;
        if (IsBert(modelJson, normalizer, preTokenizer) && !added.Exists(static token => token.Normalized))
        {
            WordPieceVocabulary vocabulary = TokenizerJsonModel.ReadWordPieceVocabulary(modelJson);
            pipeline = new TokenizerPipeline(added)
            {
                Whole = new WordPieceTokenizer(vocabulary, TokenizerJsonParts.ReadBert(normalizer!.Value)),
            };
            find = token => vocabulary.TryGetStart(token, out int id) ? id : null;
        }
        else
        {
            TokenModel model = TokenizerJsonModel.Read(modelJson);
            pipeline = new TokenizerPipeline(added, normalizer is { } n ? TokenizerJsonParts.ReadNormalizer(n) : null)
            {
                PreTokenizer = preTokenizer is { } p ? TokenizerJsonParts.ReadPreTokenizer(p) : null,
                Model = model,
            };
            find = model.Find;
        }

        (int[] prefix, int[] suffix) = Part(root, "post_processor") is { } post ? SpecialTokenTemplate.Read(post) : ([], []);
        JsonElement? padding = Part(root, "padding"), truncation = Part(root, "truncation");
        return new SequenceTokenizer(pipeline, prefix, suffix)
        {
            Find = token => added.Find(t => t.Content == token)?.Id ?? find(token),
            PadId = padding is { } pad && pad.TryGetProperty("pad_id", out JsonElement padId) ? padId.GetInt32() : null,
            PadsLeft = padding?.StringOrNull("direction") == "Left",
            MaxLength = truncation is { } cut && cut.TryGetProperty("max_length", out JsonElement most) ? most.GetInt32() : null,
        };
    }

    /// <summary>Whether one pass can do what normaliser, pre-tokeniser and model are to do one after the other.</summary>
    private static bool IsBert(JsonElement model, JsonElement? normalizer, JsonElement? preTokenizer) =>
        TokenizerJsonModel.TypeOf(model) == "WordPiece" && TokenizerJsonModel.MaxWordLength(model) == WordPieceTokenizer.MaxWordLength
        && normalizer?.StringOrNull("type") == "BertNormalizer" && preTokenizer?.StringOrNull("type") == "BertPreTokenizer";

    private static List<AddedToken> ReadAddedTokens(JsonElement root)
    {
        var tokens = new List<AddedToken>();
        foreach (JsonElement token in Part(root, "added_tokens")?.EnumerateArray() ?? default)
        {
            tokens.Add(new AddedToken(token.GetProperty("content").GetString()!, token.GetProperty("id").GetInt32())
            {
                SingleWord = token.BoolOrNull("single_word") ?? false,
                StripsLeft = token.BoolOrNull("lstrip") ?? false,
                StripsRight = token.BoolOrNull("rstrip") ?? false,
                Normalized = token.BoolOrNull("normalized") ?? !(token.BoolOrNull("special") ?? false),
            });
        }

        return tokens;
    }

    private static JsonElement? Part(JsonElement root, string name) =>
        root.TryGetProperty(name, out JsonElement part) && part.ValueKind is JsonValueKind.Object or JsonValueKind.Array ? part : null;
}
