using System.Text.Json;
using Sextant.Tokenizers.TokenModels;

namespace Sextant.Tokenizers.Files;

/// <summary>Reads a tokenizer.json, the file that describes a Hugging Face tokenizer.</summary>
internal static class TokenizerJson
{
    /// <exception cref="InputException">
    /// It is damaged, or has a part that is not known; the message names the file and the part.
    /// </exception>
    public static SequenceTokenizer Parse(byte[] bytes, string file)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(bytes);
            return Read(document.RootElement);
        }
        catch (Exception e) when (IsDamage(e))
        {
            throw new InputException($"{file}: the tokenizer cannot be read: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }

    /// <summary>What reading a file of the wrong shape can run into.</summary>
    public static bool IsDamage(Exception e) =>
        e
            is JsonException
                or InvalidOperationException
                or FormatException
                or KeyNotFoundException
                or ArgumentException
                or IndexOutOfRangeException
                or OverflowException
                or NullReferenceException;

    private static SequenceTokenizer Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
            throw new FormatException("it is not a JSON object");

        JsonElement modelJson = Part(root, "model") is { ValueKind: JsonValueKind.Object } found
            ? found
            : throw new FormatException("it has no model");
        JsonElement? normalizer = Part(root, "normalizer"),
            preTokenizer = Part(root, "pre_tokenizer");
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
        JsonElement? padding = Part(root, "padding"),
            truncation = Part(root, "truncation");
        return new SequenceTokenizer(pipeline, prefix, suffix)
        {
            Pair = SpecialTokenTemplate.TryReadPair(Part(root, "post_processor")),
            Find = token => added.Find(t => t.Content == token)?.Id ?? find(token),
            PadId =
                padding is { } pad && pad.ValueKind == JsonValueKind.Object && pad.TryGetProperty("pad_id", out JsonElement padId)
                    ? Id(padId, "pad_id")
                    : null,
            PadsLeft = padding?.StringOrNull("direction") == "Left",
            MaxLength =
                truncation is { } cut
                && cut.ValueKind == JsonValueKind.Object
                && cut.TryGetProperty("max_length", out JsonElement most)
                && most.TryGetInt32(out int length)
                && length > 0
                    ? length
                    : null,
        };
    }

    /// <summary>Whether a single pass can replace the sequence of normalizer, pre-tokenizer and model.</summary>
    private static bool IsBert(JsonElement model, JsonElement? normalizer, JsonElement? preTokenizer) =>
        TokenizerJsonModel.TypeOf(model) == "WordPiece"
        && TokenizerJsonModel.MaxWordLength(model) == WordPieceTokenizer.MaxWordLength
        && normalizer?.StringOrNull("type") == "BertNormalizer"
        && preTokenizer?.StringOrNull("type") == "BertPreTokenizer";

    private static List<AddedToken> ReadAddedTokens(JsonElement root)
    {
        var tokens = new List<AddedToken>();
        foreach (JsonElement token in Part(root, "added_tokens")?.EnumerateArray() ?? default)
        {
            if (token.ValueKind != JsonValueKind.Object)
                throw new FormatException("one of its added tokens is not an object");
            tokens.Add(
                new AddedToken(token.GetProperty("content").RequiredString("added token"), Id(token.GetProperty("id"), "added token"))
                {
                    SingleWord = token.BoolOrNull("single_word") ?? false,
                    StripsLeft = token.BoolOrNull("lstrip") ?? false,
                    StripsRight = token.BoolOrNull("rstrip") ?? false,
                    Normalized = token.BoolOrNull("normalized") ?? !(token.BoolOrNull("special") ?? false),
                }
            );
        }

        return tokens;
    }

    /// <summary>A token's id, which is an index into arrays that are made for it.</summary>
    public static int Id(JsonElement id, string what) =>
        id.ValueKind == JsonValueKind.Number && id.TryGetInt32(out int value) && value is >= 0 and < TokenizerJsonModel.MaxVocabularyId
            ? value
            : throw new FormatException($"its {what} has the id {id.GetRawText()}");

    private static JsonElement? Part(JsonElement root, string name) =>
        root.TryGetProperty(name, out JsonElement part) && part.ValueKind is JsonValueKind.Object or JsonValueKind.Array ? part : null;
}
