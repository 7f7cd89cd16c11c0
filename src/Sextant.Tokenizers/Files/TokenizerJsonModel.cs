using System.Globalization;
using System.Text.Json;
using Sextant.Tokenizers.TokenModels;

namespace Sextant.Tokenizers.Files;

/// <summary>Reads the model of a tokenizer.json: its vocabulary and what it is made of.</summary>
internal static class TokenizerJsonModel
{
    // Far beyond every vocabulary in use; an id is an index into arrays that are made for it.
    public const int MaxVocabularyId = 1 << 24;

    public static TokenModel Read(JsonElement model)
    {
        string type = TypeOf(model);
        return type switch
        {
            "WordPiece" => ReadWordPiece(model),
            "BPE" => ReadBpe(model),
            "Unigram" => ReadUnigram(model),
            "WordLevel" => ReadWordLevel(model),
            _ => throw new FormatException($"its model '{type}' is not supported; use WordPiece, BPE, Unigram or WordLevel"),
        };
    }

    /// <summary>Early files have no type; each kind of model then has a characteristic field.</summary>
    public static string TypeOf(JsonElement model) =>
        model.StringOrNull("type")
        ?? (
            model.TryGetProperty("merges", out _) ? "BPE"
            : model.TryGetProperty("max_input_chars_per_word", out _) || model.TryGetProperty("continuing_subword_prefix", out _)
                ? "WordPiece"
            : model.TryGetProperty("unk_id", out _) ? "Unigram"
            : "WordLevel"
        );

    public static WordPieceVocabulary ReadWordPieceVocabulary(JsonElement model) =>
        new(
            ReadVocabulary(model),
            model.StringOrNull("continuing_subword_prefix") ?? WordPieceVocabulary.ContinuationPrefix,
            model.StringOrNull("unk_token") ?? "[UNK]"
        );

    public static int MaxWordLength(JsonElement model) =>
        model.TryGetProperty("max_input_chars_per_word", out JsonElement length) ? length.GetInt32() : WordPieceTokenizer.MaxWordLength;

    private static WordPieceModel ReadWordPiece(JsonElement model)
    {
        Dictionary<string, int> all = ReadVocabulary(model);
        return new WordPieceModel(
            ReadWordPieceVocabulary(model),
            MaxWordLength(model),
            token => all.TryGetValue(token, out int id) ? id : null
        );
    }

    private static WordLevelModel ReadWordLevel(JsonElement model)
    {
        Dictionary<string, int> vocabulary = ReadVocabulary(model);
        return new WordLevelModel(vocabulary, vocabulary.GetValueOrDefault(model.StringOrNull("unk_token") ?? "<unk>", -1));
    }

    private static BpeModel ReadBpe(JsonElement model)
    {
        Dictionary<string, int> vocabulary = ReadVocabulary(model);
        var options = new BpeOptions
        {
            UnknownToken = model.StringOrNull("unk_token"),
            ContinuationPrefix = model.StringOrNull("continuing_subword_prefix") ?? "",
            EndOfWordSuffix = model.StringOrNull("end_of_word_suffix") ?? "",
            ByteFallback = model.BoolOrNull("byte_fallback") ?? false,
            FuseUnknown = model.BoolOrNull("fuse_unk") ?? false,
            IgnoreMerges = model.BoolOrNull("ignore_merges") ?? false,
        };
        // Two ways to write a pair: "a b", and since tokens may hold spaces, ["a", "b"].
        return new BpeModel(
            vocabulary,
            ReadMerges(
                model
                    .GetProperty("merges")
                    .EnumerateArray()
                    .Select(static merge =>
                        merge.ValueKind == JsonValueKind.Array
                            ? (Half(merge, 0), Half(merge, 1))
                            : SplitMerge(merge.RequiredString("merge"))
                    ),
                vocabulary,
                options
            ),
            options
        );
    }

    private static string Half(JsonElement merge, int at) =>
        merge.GetArrayLength() == 2
            ? merge[at].RequiredString("merge's half")
            : throw new FormatException($"its merge {merge.GetRawText()} is not a pair");

    public static (string Left, string Right) SplitMerge(string line) =>
        line.IndexOf(' ') is > 0 and var at
            ? (line[..at], line[(at + 1)..])
            : throw new FormatException($"its merge '{line}' is not a pair");

    public static BpeMerges ReadMerges(
        IEnumerable<(string Left, string Right)> pairs,
        Dictionary<string, int> vocabulary,
        BpeOptions options
    )
    {
        var merges = new BpeMerges();
        int prefix = options.ContinuationPrefix.Length;
        foreach ((string left, string right) in pairs)
        {
            string joined = left + (right.Length > prefix ? right[prefix..] : "");
            if (
                !vocabulary.TryGetValue(left, out int leftId)
                || !vocabulary.TryGetValue(right, out int rightId)
                || !vocabulary.TryGetValue(joined, out int id)
            )
            {
                throw new FormatException($"its merge of '{left}' and '{right}' has a token that is not in the vocabulary");
            }

            merges.Add(leftId, rightId, id);
        }

        return merges;
    }

    private static UnigramModel ReadUnigram(JsonElement model)
    {
        (string Text, double Score)[] pieces =
        [
            .. model
                .GetProperty("vocab")
                .EnumerateArray()
                .Select(static piece =>
                    piece.ValueKind == JsonValueKind.Array && piece.GetArrayLength() == 2
                        ? (piece[0].RequiredString("piece"), piece[1].GetDouble())
                        : throw new FormatException($"its piece {piece.GetRawText()} is not a pair of a text and a score")
                ),
        ];
        int unknown = model.TryGetProperty("unk_id", out JsonElement id) && id.ValueKind == JsonValueKind.Number ? id.GetInt32() : -1;
        return unknown < pieces.Length
            ? new UnigramModel(pieces, unknown, model.BoolOrNull("byte_fallback") ?? false)
            : throw new FormatException($"its unk_id {unknown} is not one of its {pieces.Length} pieces");
    }

    private static Dictionary<string, int> ReadVocabulary(JsonElement model) => ReadTokens(model.GetProperty("vocab"));

    /// <summary>Reads an object of tokens and their ids.</summary>
    public static Dictionary<string, int> ReadTokens(JsonElement tokens)
    {
        var vocabulary = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (JsonProperty token in tokens.EnumerateObject())
        {
            int id = token.Value.GetInt32();
            vocabulary[token.Name] = id is >= 0 and < MaxVocabularyId
                ? id
                : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"its token '{token.Name}' has the id {id}"));
        }

        return vocabulary;
    }
}
