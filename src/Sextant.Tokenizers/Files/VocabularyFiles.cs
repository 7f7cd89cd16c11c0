using System.Globalization;
using System.Text;
using System.Text.Json;
using Sextant.Tokenizers.Normalizers;
using Sextant.Tokenizers.PreTokenizers;
using Sextant.Tokenizers.TokenModels;

namespace Sextant.Tokenizers.Files;

/// <summary>
/// Creates a tokenizer from the files used before tokenizer.json existed: a vocabulary, with the known additional steps of the model's own
/// library.
/// </summary>
internal static class VocabularyFiles
{
    private static readonly string[] WordPieceSpecials = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];
    private static readonly string[] BytePairSpecials = ["<s>", "<pad>", "</s>", "<unk>", "<mask>", "<|endoftext|>"];

    private static readonly string[] SentencePieceNames =
    [
        "sentencepiece.bpe.model",
        "tokenizer.model",
        "spiece.model",
        "sentencepiece.model",
    ];

    /// <summary>The names that are looked for, for a message.</summary>
    public static string Looked { get; } =
        $"tokenizer.json, vocab.txt, vocab.json with merges.txt, {string.Join(", ", SentencePieceNames)}";

    /// <summary>The tokenizer, or <see langword="null"/> if none of the files exists.</summary>
    /// <exception cref="InputException">A file is damaged; the message names it.</exception>
    public static SequenceTokenizer? TryLoad(ModelFiles files, string folder, JsonElement? config)
    {
        if (files.TryReadAll(folder + "vocab.txt") is not null)
        {
            return FromWordPieces(files, folder);
        }

        if (files.TryReadAll(folder + "vocab.json") is { } vocabulary && files.TryReadAll(folder + "merges.txt") is { } merges)
        {
            return Guard(files.Locate(folder + "vocab.json"), () => FromBytePairs(vocabulary, merges, config));
        }

        foreach (string name in SentencePieceNames)
        {
            if (files.TryReadAll(folder + name) is { } model)
            {
                return Guard(files.Locate(folder + name), () => FromSentencePiece(name, model, config));
            }
        }

        return null;
    }

    private static SequenceTokenizer Guard(string file, Func<SequenceTokenizer> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (TokenizerJson.IsDamage(e))
        {
            throw new InputException($"{file}: the tokenizer cannot be read: {e.Message}", e);
        }
    }

    private static SequenceTokenizer FromWordPieces(ModelFiles files, string folder)
    {
        WordPieceTokenizer words = WordPieceFiles.Load(files, folder);
        AddedToken[] added =
        [
            .. WordPieceSpecials.Where(token => Find(token) is not null).Select(token => new AddedToken(token, Find(token)!.Value)),
        ];
        return new SequenceTokenizer(new TokenizerPipeline(added) { Whole = words }, [Special("[CLS]")], [Special("[SEP]")])
        {
            Find = Find,
            Pair = PairTemplate.Bert(Special("[CLS]"), Special("[SEP]")),
        };

        int? Find(string token) => words.Vocabulary.TryGetStart(token, out int id) ? id : null;

        int Special(string token) =>
            Find(token) ?? throw new InputException($"{files.Locate(folder + "vocab.txt")}: the vocabulary has no {token}");
    }

    /// <summary>GPT-2's and RoBERTa's files; the latter put <c>&lt;s&gt;</c> and <c>&lt;/s&gt;</c> around a text.</summary>
    private static SequenceTokenizer FromBytePairs(byte[] vocabularyJson, byte[] mergesText, JsonElement? config)
    {
        using JsonDocument document = JsonDocument.Parse(vocabularyJson);
        Dictionary<string, int> vocabulary = TokenizerJsonModel.ReadTokens(document.RootElement);
        IEnumerable<(string, string)> pairs = Encoding
            .UTF8.GetString(mergesText)
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(static line => line.TrimEnd('\r'))
            .Where(static line => line.Length > 0 && !line.StartsWith("#version", StringComparison.Ordinal))
            .Select(TokenizerJsonModel.SplitMerge);
        var options = new BpeOptions();
        AddedToken[] added =
        [
            .. BytePairSpecials
                .Where(vocabulary.ContainsKey)
                .Select(token => new AddedToken(token, vocabulary[token]) { StripsLeft = token == "<mask>" }),
        ];
        var pipeline = new TokenizerPipeline(added)
        {
            PreTokenizer = new ByteLevelPreTokenizer(config?.BoolOrNull("add_prefix_space") ?? false, useRegex: true),
            Model = new BpeModel(vocabulary, TokenizerJsonModel.ReadMerges(pairs, vocabulary, options), options),
        };
        (int[] prefix, int[] suffix) =
            vocabulary.TryGetValue("<s>", out int begin) && vocabulary.TryGetValue("</s>", out int end)
                ? (new[] { begin }, new[] { end })
                : ([], []);
        return new SequenceTokenizer(pipeline, prefix, suffix)
        {
            Find = token => vocabulary.TryGetValue(token, out int id) ? id : null,
            Pair = prefix.Length > 0 ? PairTemplate.Roberta(prefix[0], suffix[0]) : PairTemplate.Plain(),
        };
    }

    private static SequenceTokenizer FromSentencePiece(string name, byte[] model, JsonElement? config)
    {
        var file = SentencePieceFile.Parse(model);
        string family = config?.StringOrNull("tokenizer_class") ?? "";
        if (family.StartsWith("Camembert", StringComparison.Ordinal) || family.StartsWith("MBart", StringComparison.Ordinal))
        {
            throw new FormatException(
                string.Create(CultureInfo.InvariantCulture, $"{family} assigns its own ids to the pieces; add a tokenizer.json")
            );
        }

        bool fairseq = name == "sentencepiece.bpe.model" || family.StartsWith("XLMRoberta", StringComparison.Ordinal);
        IdOffset offset = fairseq ? IdOffset.Fairseq : IdOffset.None;
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < file.Pieces.Count; i++)
        {
            ids.TryAdd(file.Pieces[i].Text, offset.Move(i));
        }

        if (fairseq)
        {
            ids["<pad>"] = 1;
        }

        bool albert = ids.ContainsKey("[CLS]") && ids.ContainsKey("[SEP]");
        (string[] before, string[] after) =
            albert ? (["[CLS]"], ["[SEP]"])
            : fairseq ? (["<s>"], ["</s>"])
            : file.IsBpe ? (config?.BoolOrNull("add_bos_token") == false ? [] : new[] { "<s>" }, Array.Empty<string>())
            // T5 and its kin.
            : ([], ["</s>"]);
        return new SequenceTokenizer(
            SentencePieceTokenizer.Create(file, offset, albert ? Albert(config) : null),
            Special(before),
            Special(after)
        )
        {
            Find = token => ids.TryGetValue(token, out int id) ? id : null,
            Pair =
                albert ? PairTemplate.Bert(ids["[CLS]"], ids["[SEP]"])
                : fairseq ? PairTemplate.Roberta(ids["<s>"], ids["</s>"])
                : null,
        };

        int[] Special(string[] tokens) =>
            [.. tokens.Select(token => ids.TryGetValue(token, out int id) ? id : throw new FormatException($"it has no {token}"))];
    }

    /// <summary>What ALBERT does before SentencePiece: quotes unified, accents and case removed.</summary>
    private static NormalizerSequence Albert(JsonElement? config)
    {
        List<Normalizer> steps =
        [
            new TextRule(static text => text.Replace("``", "\"", StringComparison.Ordinal).Replace("''", "\"", StringComparison.Ordinal)),
        ];
        if (config?.BoolOrNull("keep_accents") != true)
        {
            steps.Add(TextRules.Unicode(NormalizationForm.FormKD));
            steps.Add(new TextRule(TextRules.StripAccents));
        }

        if (config?.BoolOrNull("do_lower_case") != false)
        {
            steps.Add(new TextRule(TextRules.Lowercase));
        }

        return new NormalizerSequence(steps);
    }
}
