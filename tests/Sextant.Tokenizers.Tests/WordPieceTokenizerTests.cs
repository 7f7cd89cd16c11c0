using System.Globalization;
using System.Text;
using CsCheck;
using Sextant.Tests.Shared;
using BertOptions = Microsoft.ML.Tokenizers.BertOptions;
using BertTokenizer = Microsoft.ML.Tokenizers.BertTokenizer;

namespace Sextant.Tokenizers.Tests;

public sealed class WordPieceTokenizerTests
{
    private static readonly string[] Tokens =
    [
        "[PAD]",
        "[UNK]",
        "[CLS]",
        "[SEP]",
        "[MASK]",
        "the",
        "un",
        "##aff",
        "##able",
        "##a",
        "##b",
        "a",
        "b",
        "ab",
        "##ab",
        "cafe",
        "naive",
        ".",
        ",",
        "!",
        "$",
        "[",
        "]",
        "mask",
        "sep",
        "日",
        "本",
        "é",
        "e",
        "##e",
        "and",
        "##s",
        "-",
        "1",
        "##1",
        "##2",
        "ß",
        "я",
        "##я",
        "\ud83d\ude00",
    ];

    private static readonly WordPieceTokenizer Tokenizer = new(
        new WordPieceVocabulary([.. Tokens.Select((token, id) => KeyValuePair.Create(token, id))])
    );

    [Theory]
    [InlineData("", "")]
    [InlineData(" \t\r\n\u00a0\u2003", "")]
    [InlineData("The unaffable", "the un ##aff ##able")]
    [InlineData("THE,the!", "the , the !")]
    [InlineData("aab ba", "a ##ab b ##a")]
    [InlineData("abq ab", "[UNK] ab")]
    [InlineData("Café CAFE\u0301 naïve", "cafe cafe naive")]
    [InlineData("日本", "日 本")]
    [InlineData("a日b", "a 日 b")]
    [InlineData("[MASK] [SEP]", "[ mask ] [ sep ]")]
    [InlineData("a\u0000b a\u200bb a\ufffdb a\u0007b", "ab ab ab ab")]
    [InlineData("$1.21", "$ 1 . [UNK]")]
    [InlineData("\ud83d\ude00 \ud83d\ude01", "\ud83d\ude00 [UNK]")]
    [InlineData("\ud83d a \ude00", "a")]
    public void Text_is_tokenized_like_BERT(string text, string expected) =>
        Assert.Equal(expected, string.Join(' ', Encode(Tokenizer, text).Select(id => Tokens[id])));

    [Fact]
    public void Word_of_100_characters_is_tokenized_and_a_longer_one_is_unknown()
    {
        Assert.Equal(50, Encode(Tokenizer, string.Concat(Enumerable.Repeat("ab", 50))).Count);
        Assert.Equal([1], Encode(Tokenizer, string.Concat(Enumerable.Repeat("ab", 50)) + "a"));
        Assert.Equal([1, 5], Encode(Tokenizer, new string('a', 5000) + " the"));
    }

    [Fact]
    public void Counting_agrees_with_encoding()
    {
        Assert.Equal(0, Tokenizer.Count(""));
        Assert.Equal(4, Tokenizer.Count("the unaffable"));
        Assert.Equal(200_000, Tokenizer.Count(string.Concat(Enumerable.Repeat("the ", 200_000))));
    }

    [Fact]
    public void Token_count_equals_the_number_of_ids_for_any_text() =>
        Gen.String[Gen.Char, 0, 60]
            .Sample(text =>
            {
                List<int> ids = Encode(Tokenizer, text);
                Assert.Equal(ids.Count, Tokenizer.Count(text));
                Assert.All(ids, id => Assert.InRange(id, 0, Tokens.Length - 1));
            });

    [Fact]
    public void Case_is_kept_when_the_model_is_cased()
    {
        var cased = new WordPieceTokenizer(
            new WordPieceVocabulary([new("[UNK]", 0), new("The", 1), new("the", 2), new("é", 3)]),
            new BertNormalization { Lowercase = false, StripAccents = false }
        );
        Assert.Equal([1, 2, 3, 0], Encode(cased, "The the é É"));
    }

    [Fact]
    public void Tokenizer_matches_Microsoft_ML_Tokenizers_on_any_text()
    {
        using MemoryStream vocabulary = new(Encoding.UTF8.GetBytes(string.Join('\n', Tokens) + "\n"));
        BertTokenizer reference = BertTokenizer.Create(vocabulary, new BertOptions { RemoveNonSpacingMarks = true });
        Texts(Tokens).Sample(text => Assert.Equal(Reference(reference, text), Encode(Tokenizer, text)), iter: 20_000);
    }

    [Fact]
    public void Tokenizer_matches_Microsoft_ML_Tokenizers_on_the_BERT_vocabulary()
    {
        string file = Path.Combine(TestData.Folder ?? "", "tokenizers", "bert-base-uncased", "vocab.txt");
        Assert.SkipUnless(File.Exists(file), "The data folder with bert-base-uncased is absent.");
        string[] tokens = File.ReadAllLines(file);
        var ours = new WordPieceTokenizer(new WordPieceVocabulary([.. tokens.Select((token, id) => KeyValuePair.Create(token, id))]));
        BertTokenizer reference = BertTokenizer.Create(file, new BertOptions { RemoveNonSpacingMarks = true });
        Texts(tokens).Sample(text => Assert.Equal(Reference(reference, text), Encode(ours, text)), iter: 20_000);
    }

    [Fact]
    public void Tokenizer_matches_the_llama_cpp_ids_for_BGE()
    {
        string folder = Path.Combine(TestData.Folder ?? "", "tokenizers");
        string vocabulary = Path.Combine(folder, "bert-base-uncased", "vocab.txt");
        string golden = Path.Combine(folder, "gguf", "ggml-vocab-bert-bge.gguf");
        Assert.SkipUnless(File.Exists(vocabulary) && File.Exists(golden + ".inp"), "The data folder with bge's expected ids is absent.");
        var ours = new WordPieceTokenizer(
            new WordPieceVocabulary([.. File.ReadAllLines(vocabulary).Select((token, id) => KeyValuePair.Create(token, id))])
        );
        string[] texts = File.ReadAllText(golden + ".inp").Split("\n__ggml_vocab_test__\n");
        string[] expected = File.ReadAllLines(golden + ".out");
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i].Trim(), string.Join(' ', Encode(ours, texts[i])));
        }
    }

    /// <summary>Pieces of the vocabulary, letters with and without accents, marks, ideographs and punctuation, in any case and order.
    /// Letters, digits and most punctuation only: the library loses $, ² and emoji and joins words at _ and at line ends;
    /// BERT does neither.</summary>
    private static Gen<string> Texts(string[] tokens)
    {
        string[] pieces =
        [
            .. tokens.Where(t => !t.StartsWith('[')).Select(t => t.Replace("##", "", StringComparison.Ordinal)).Where(t => t.All(IsPlain)),
        ];
        Gen<string> piece = OneOf(pieces);
        Gen<string> accented = OneOf(
            "é",
            "É",
            "e\u0301",
            "ü",
            "ñ",
            "ç",
            "ø",
            "ß",
            "日",
            "本語",
            "кот",
            "й",
            "ё",
            "ẞ",
            "œ",
            "ﬁ",
            "…",
            "“",
            "—",
            "«"
        );
        Gen<string> gap = OneOf(" ", " ", " ", "", "-", ".", ",", "'", "  ", "\u00a0");
        return Gen.Select(Gen.Frequency((5, piece), (1, piece.Select(p => p.ToUpperInvariant())), (2, accented)), gap, (a, b) => a + b)
            .Array[0, 12]
            .Select(string.Concat);
    }

    private static bool IsPlain(char c) =>
        char.IsLetterOrDigit(c) || (char.IsPunctuation(c) && char.GetUnicodeCategory(c) != UnicodeCategory.ConnectorPunctuation);

    private static Gen<string> OneOf(params string[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static IReadOnlyList<int> Reference(BertTokenizer tokenizer, string text) =>
        tokenizer.EncodeToIds(text, addSpecialTokens: false);

    private static List<int> Encode(WordPieceTokenizer tokenizer, string text)
    {
        var ids = new List<int>();
        tokenizer.Encode(text, ids);
        return ids;
    }
}
