using System.Globalization;
using System.Text;
using System.Text.Json;
using Sextant.Tokenizers.Normalizers;
using Sextant.Tokenizers.PreTokenizers;

namespace Sextant.Tokenizers.Files;

/// <summary>Reads the normalizer and the pre-tokenizer of a tokenizer.json.</summary>
/// <remarks>Damaged or unknown parts throw <see cref="FormatException"/>; the caller adds the file name.</remarks>
internal static class TokenizerJsonParts
{
    // Parts within parts: real files have two levels, and a hostile one must not exhaust the stack.
    private const int MaxDepth = 16;

    public static Normalizer ReadNormalizer(JsonElement json, int depth = 0)
    {
        string type = TypeOf(json, depth);
        switch (type)
        {
            case "Sequence":
                return new NormalizerSequence([
                    .. json.GetProperty("normalizers").EnumerateArray().Select(n => ReadNormalizer(n, depth + 1)),
                ]);
            case "BertNormalizer":
                return new BertTextNormalizer(ReadBert(json));
            case "NFC":
                return TextRules.Unicode(NormalizationForm.FormC);
            case "NFD":
                return TextRules.Unicode(NormalizationForm.FormD);
            case "NFKC":
                return TextRules.Unicode(NormalizationForm.FormKC);
            case "NFKD":
                return TextRules.Unicode(NormalizationForm.FormKD);
            case "Lowercase":
                return new TextRule(TextRules.Lowercase);
            case "StripAccents":
                return new TextRule(TextRules.StripAccents);
            case "Nmt":
                return new TextRule(TextRules.Nmt);
            case "Strip":
                bool left = json.BoolOrNull("strip_left") ?? true,
                    right = json.BoolOrNull("strip_right") ?? true;
                return new TextRule(text => TextRules.Strip(text, left, right));
            case "Prepend":
                string prefix = json.GetProperty("prepend").RequiredString("prepend");
                return new TextRule(text => prefix + text);
            case "Replace":
                return ReadReplace(json);
            case "Precompiled":
                return json.TryGetProperty("precompiled_charsmap", out JsonElement map) && map.ValueKind == JsonValueKind.String
                    ? new PrecompiledCharsMap(map.GetBytesFromBase64())
                    : new NormalizerSequence([]);
            default:
                throw new FormatException($"its normalizer '{type}' is not known");
        }
    }

    public static BertNormalization ReadBert(JsonElement json)
    {
        bool lowercase = json.BoolOrNull("lowercase") ?? true;
        return new BertNormalization
        {
            CleanText = json.BoolOrNull("clean_text") ?? true,
            SplitIdeographs = json.BoolOrNull("handle_chinese_chars") ?? true,
            // Left open, accents go where case goes.
            StripAccents = json.BoolOrNull("strip_accents") ?? lowercase,
            Lowercase = lowercase,
        };
    }

    public static PreTokenizer ReadPreTokenizer(JsonElement json, int depth = 0)
    {
        string type = TypeOf(json, depth);
        switch (type)
        {
            case "Sequence":
                return new PreTokenizerSequence([
                    .. json.GetProperty("pretokenizers").EnumerateArray().Select(p => ReadPreTokenizer(p, depth + 1)),
                ]);
            case "BertPreTokenizer":
                return new PreTokenizerSequence([
                    new RunePreTokenizer(Rune.IsWhiteSpace, SplitBehavior.Removed),
                    new RunePreTokenizer(UnicodeClasses.IsPunctuation, SplitBehavior.Isolated),
                ]);
            case "ByteLevel":
                return new ByteLevelPreTokenizer(json.BoolOrNull("add_prefix_space") ?? true, json.BoolOrNull("use_regex") ?? true);
            case "Metaspace":
                return ReadMetaspace(json);
            case "Whitespace":
                return new RegexPreTokenizer(RegexPreTokenizer.Compile(@"\w+|[^\w\s]+"), invert: true, SplitBehavior.Removed);
            case "WhitespaceSplit":
                return new RunePreTokenizer(Rune.IsWhiteSpace, SplitBehavior.Removed);
            case "Punctuation":
                return new RunePreTokenizer(UnicodeClasses.IsPunctuation, ReadBehavior(json, "Isolated"));
            case "Digits":
                bool single = json.BoolOrNull("individual_digits") ?? false;
                return new RunePreTokenizer(RunePreTokenizer.IsNumeric, single ? SplitBehavior.Isolated : SplitBehavior.Contiguous);
            case "CharDelimiterSplit":
                var delimiter = Rune.GetRuneAt(Delimiter(json), 0);
                return new RunePreTokenizer(rune => rune == delimiter, SplitBehavior.Removed);
            case "Split":
                string expression = ReadPattern(json.GetProperty("pattern"));
                return new RegexPreTokenizer(
                    RegexPreTokenizer.Compile(expression),
                    json.BoolOrNull("invert") ?? false,
                    ReadBehavior(json, "Isolated")
                );
            default:
                throw new FormatException($"its pre-tokenizer '{type}' is not known");
        }
    }

    private static MetaspacePreTokenizer ReadMetaspace(JsonElement json)
    {
        string sign = json.StringOrNull("replacement") ?? "\u2581";
        // Older files say whether there is a prefix; newer ones say when.
        MetaspacePrefix prefix = json.StringOrNull("prepend_scheme") switch
        {
            "first" => MetaspacePrefix.First,
            "never" => MetaspacePrefix.Never,
            "always" => MetaspacePrefix.Always,
            null => json.BoolOrNull("add_prefix_space") ?? true ? MetaspacePrefix.Always : MetaspacePrefix.Never,
            var other => throw new FormatException($"its Metaspace has the unknown prepend_scheme '{other}'"),
        };
        return sign.Length == 1
            ? new MetaspacePreTokenizer(sign[0], prefix, json.BoolOrNull("split") ?? true)
            : throw new FormatException($"its Metaspace writes '{sign}' for a space, which is not a single character");
    }

    private static TextRule ReadReplace(JsonElement json)
    {
        string content = json.GetProperty("content").RequiredString("replacement");
        JsonElement pattern = json.GetProperty("pattern");
        if (pattern.StringOrNull("String") is { Length: > 0 } literal)
        {
            return new TextRule(text => text.Replace(literal, content, StringComparison.Ordinal));
        }

        System.Text.RegularExpressions.Regex expression = RegexPreTokenizer.Compile(ReadPattern(pattern));
        // The reference does not support $1: replacements are literal.
        return new TextRule(text => expression.Replace(text, _ => content));
    }

    private static string Delimiter(JsonElement json) =>
        json.GetProperty("delimiter").RequiredString("delimiter") is { Length: > 0 } delimiter
            ? delimiter
            : throw new FormatException("its delimiter is empty");

    private static string ReadPattern(JsonElement pattern) =>
        pattern.StringOrNull("String") is { } literal
            ? System.Text.RegularExpressions.Regex.Escape(literal)
            : pattern.StringOrNull("Regex") ?? throw new FormatException("it has a pattern that is neither String nor Regex");

    private static SplitBehavior ReadBehavior(JsonElement json, string byDefault)
    {
        string name = json.StringOrNull("behavior") ?? byDefault;
        return Enum.TryParse(name, out SplitBehavior behavior) && Enum.IsDefined(behavior)
            ? behavior
            : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"its split behavior '{name}' is not supported"));
    }

    private static string TypeOf(JsonElement json, int depth) =>
        depth > MaxDepth
            ? throw new FormatException("its parts are nested too deep")
            : json.StringOrNull("type") ?? throw new FormatException("one of its parts has no type");
}
