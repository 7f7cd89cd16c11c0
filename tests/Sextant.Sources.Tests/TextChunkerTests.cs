using System.Globalization;
using CsCheck;
using Sextant.Tokenizers;

namespace Sextant.Sources.Tests;

public sealed class TextChunkerTests
{
    /// <summary>Pieces of texts of every sort, put together at random: prose, code, marks that combine, scripts without spaces.</summary>
    private static readonly string[] Samples =
    [
        "word ",
        "A sentence ends here. ",
        "Really? ",
        "Dr. Who paid 3.14 to J. Smith, e.g. twice. ",
        "\n",
        "\n\n",
        "\r\n",
        "# Heading\n",
        "- item\n",
        "1. first\n",
        "```\ncode. Not a sentence. x = 1\n```\n",
        "```",
        "~~~~",
        "这是一个句子。",
        "日本語！",
        "e\u0301\u0323",
        "👩‍👩‍👧‍👦",
        "👍🏽",
        "🇩🇪",
        " \u0301",
        "नमस्ते ",
        "...",
        "?!",
        "”)",
        "supercalifragilisticexpialidocious",
        "\t",
        "เกียรติศักดิ์",
        "ๆ ",
        "สิทธิ์ ",
        "ມະນຸດທຸກຄົນ ",
        "ក្នុងផ្នែកសេចក្ដី\u200B",
        "។",
        "\u00A0",
        "\u200D",
        "\uD83D",
        "\uDC4D",
        ".",
    ];

    private static readonly Gen<string> Texts = Gen.Int[0, Samples.Length - 1].Select(i => Samples[i]).Array[0, 60].Select(string.Concat);

    private static readonly Gen<ITokenCounter> Counters = Gen.Int[0, 3]
        .Select(i =>
            (ITokenCounter)(
                i switch
                {
                    0 => new Words(),
                    1 => new Bytes(1),
                    2 => new Bytes(4),
                    _ => new Pairs(),
                }
            )
        );

    [Fact]
    public void Chunks_without_overlap_concatenate_to_the_text() =>
        Gen.Select(Texts, Counters, Gen.Int[1, 40]).Sample((text, counter, most) => string.Concat(Chunk(text, counter, most)) == text);

    [Fact]
    public void Chunks_respect_the_token_limit_unless_they_are_one_character() =>
        Gen.Select(Texts, Counters, Gen.Int[1, 40], Gen.Int[0, 39])
            .Where((_, _, most, overlap) => overlap < most)
            .Sample(
                (text, counter, most, overlap) =>
                    Chunk(text, counter, most, overlap)
                        .All(part => counter.Count(part) <= most || new StringInfo(part).LengthInTextElements == 1)
            );

    [Fact]
    public void No_character_is_split() =>
        Gen.Select(Texts, Counters, Gen.Int[1, 40])
            .Sample(
                (text, counter, most) =>
                {
                    HashSet<int> characters = [.. StringInfo.ParseCombiningCharacters(text), text.Length];
                    int at = 0;
                    return Chunk(text, counter, most).All(part => characters.Contains(at += part.Length));
                }
            );

    [Fact]
    public void Every_chunk_continues_or_overlaps_the_previous_one() =>
        Gen.Select(Texts, Counters, Gen.Int[2, 40], Gen.Int[1, 39])
            .Where((_, _, most, overlap) => overlap < most)
            .Sample(
                (text, counter, most, overlap) =>
                {
                    // A part of a text that repeats itself can match in several places; those that start with the true one end where the
                    // text does.
                    HashSet<int> ends = [0];
                    foreach (string part in Chunk(text, counter, most, overlap))
                    {
                        ends =
                        [
                            .. ends.SelectMany(at =>
                                Enumerable
                                    .Range(0, Math.Min(at, part.Length) + 1)
                                    .Where(back =>
                                        (back < part.Length || part.Length == 0)
                                        && string.CompareOrdinal(text, at - back, part, 0, part.Length) == 0
                                        && counter.Count(text.AsSpan(at - back, back)) <= overlap
                                    )
                                    .Select(back => at + part.Length - back)
                            ),
                        ];
                    }

                    return ends.Contains(text.Length);
                }
            );

    [Theory]
    [InlineData("Dr. Miller paid 3.14 euro. He left.", "Dr. Miller paid 3.14 euro. |He left.")]
    [InlineData(
        "See e.g. Fig. 3 of J. Smith et al. for it. No. Never! Why?",
        "See e.g. Fig. 3 of J. Smith et al. for it. |No. |Never! |Why?"
    )]
    [InlineData("He said \"stop.\" Then (at last.) he went… away", "He said \"stop.\" |Then (at last.) he went… away")]
    [InlineData("Visit example.com. It is v1.2.3 now", "Visit example.com. |It is v1.2.3 now")]
    [InlineData("今日は雨。「本当？」はい！", "今日は雨。|「本当？」|はい！")]
    [InlineData(
        "มนุษย์ทั้งหลายเกิดมามีอิสระและเสมอภาคกัน"
            + "ในเกียรติศักดิ์และสิทธิ ต่างมีเหตุผลและมโนธรรม และควรปฏิบัติต่อกันด้วยเจตนารมณ์แห่งภราดรภาพ",
        "มนุษย์ทั้งหลายเกิดมามีอิสระและเสมอภาคกัน"
            + "ในเกียรติศักดิ์และสิทธิ |ต่างมีเหตุผลและมโนธรรม |และควรปฏิบัติต่อกันด้วยเจตนารมณ์แห่งภราดรภาพ"
    )]
    [InlineData("ราคา 1,250 บาท ต่อคน เด็ก ๆ เข้าฟรี Wi-Fi มีทุกห้อง", "ราคา 1,250 บาท |ต่อคน |เด็ก ๆ เข้าฟรี Wi-Fi มีทุกห้อง")]
    [InlineData(
        "ມະນຸດທຸກຄົນເກີດມາມີກຽດສັກສີ, ສິດທິ ແລະ ຄວາມສະເໝີພາບ. ທຸກໆຄົນມີເຫດຜົນ",
        "ມະນຸດທຸກຄົນເກີດມາມີກຽດສັກສີ, ສິດທິ |ແລະ |ຄວາມສະເໝີພາບ. |ທຸກໆຄົນມີເຫດຜົນ"
    )]
    [InlineData(
        "មនុស្សទាំងអស់ កើតមកមានសេរីភាព និងសមភាព។ មនុស្ស មានវិចារណញ្ញាណ",
        "មនុស្សទាំងអស់ កើតមកមានសេរីភាព និងសមភាព។ |មនុស្ស មានវិចារណញ្ញាណ"
    )]
    [InlineData("One line\nthat wraps\n\nnext\n- item\n- item", "One line\nthat wraps\n\n|next\n|- item\n|- item")]
    public void Sentence_boundaries_match_a_human_reader(string text, string expected) =>
        Assert.Equal(
            expected,
            string.Join('|', Sextant.Sources.Segmentation.TextSegments.Sentences(text).Select(s => text[s.Start..s.End]))
        );

    [Theory]
    [InlineData("มนุษย์ทั้งหลายเกิดมามีอิสระและเสมอภาคกันในเกียรติศักดิ์และสิทธิ", "มนุษย์|ทั้ง|เกิด|ให้|เสมอ|ศักดิ์|และ")]
    [InlineData("ທຸກໆຄົນມີເຫດຜົນແລະຄວາມຄິດຄວາມເຫັນສ່ວນຕົວຂອງໃຜຂອງມັນ", "ທຸກໆ|ເຫດ|ແລະ|ໃຜ")]
    [InlineData("ក្នុងផ្នែកសេចក្ដីថ្លៃថ្នូរនិងសិទ្ធិ", "ក្នុ|ផ្នែ|ក្ដី|ថ្លៃ|ទ្ធិ")]
    public void Phrase_without_spaces_that_is_too_long_is_cut_between_syllables(string phrase, string syllables)
    {
        string[] parts = Chunk(phrase, new Bytes(1), 40);

        Assert.Equal(phrase, string.Concat(parts));
        Assert.All(parts, part => Assert.True(new Bytes(1).Count(part) <= 40));
        // A vowel that is written before its consonant, marks, stacked consonants and what they silence stay together.
        Assert.All(parts[..^1], part => Assert.DoesNotContain(part[^1], "เแโใไເແໂໃໄ\u17D2"));
        Assert.All(parts[1..], part => Assert.DoesNotContain(part[0], "ะาำๅๆะາຳະໆ\u17D2"));
        foreach (string syllable in syllables.Split('|').Where(s => phrase.Contains(s, StringComparison.Ordinal)))
            Assert.DoesNotContain(parts[..^1], part => EndsWithin(part, syllable));

        bool EndsWithin(string part, string syllable)
        {
            int cut = phrase.IndexOf(part, StringComparison.Ordinal) + part.Length;
            int at = phrase.IndexOf(syllable, StringComparison.Ordinal);
            return cut > at && cut < at + syllable.Length;
        }
    }

    [Fact]
    public void Zero_width_space_separates_words() =>
        Assert.Equal(["ខ្ញុំ\u200Bចង់\u200B", "ទៅ\u200Bផ្សារ"], Chunk("ខ្ញុំ\u200Bចង់\u200Bទៅ\u200Bផ្សារ", new Bytes(1), 10));

    [Fact]
    public void Code_block_that_fits_is_not_split()
    {
        const string Code = "```csharp\nvar a = 1. B. C. D.\n\n# not a heading\n```\n\n";
        string[] parts = Chunk("Before it come words. Many of them.\n\n" + Code + "After it too. And more.", new Words(), 13);

        Assert.Contains(parts, part => part.Contains(Code, StringComparison.Ordinal));
    }

    [Fact]
    public void Code_that_does_not_fit_is_split_at_blank_lines()
    {
        string[] functions = [.. Enumerable.Range(0, 12).Select(i => $"def f{i}(a, b):\n    c = a + b\n\n    return c * {i}\n\n")];
        string code = "# Code\n\n```python\n" + string.Concat(functions) + "```\n";

        string[] parts = Chunk(code, new Words(), 32);

        Assert.Equal(code, string.Concat(parts));
        Assert.All(parts[1..], part => Assert.StartsWith("def f", part, StringComparison.Ordinal));
        Assert.All(functions, function => Assert.Single(parts, part => part.Contains(function, StringComparison.Ordinal)));
        Assert.EndsWith("```\n", parts[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Short_code_chunk_takes_the_next_lines_if_they_fit()
    {
        string small = "a = 1\n\n",
            large = string.Concat(Enumerable.Range(0, 5).Select(i => $"b{i} = f(x, y)\n")) + "\n";

        Assert.Equal(["```\n" + small, large, small + "```"], Chunk("```\n" + small + large + small + "```", new Words(), 21));
    }

    [Theory]
    [InlineData("```\n")]
    [InlineData("~~~js\n")]
    [InlineData("````\n")]
    public void Code_without_blank_lines_is_split_before_unindented_lines(string fence)
    {
        string block = "if (a) {\n  b(c, d);\n  e(f, g);\n}\n";
        string code = fence + string.Concat(Enumerable.Repeat(block, 9));

        string[] parts = Chunk(code, new Words(), 12);

        Assert.Equal(code, string.Concat(parts));
        Assert.All(parts[..^1], part => Assert.EndsWith("}\n", part, StringComparison.Ordinal));
        Assert.All(Chunk(code, new Words(), 4), part => Assert.EndsWith("\n", part, StringComparison.Ordinal));
    }

    [Fact]
    public void Overlap_of_code_is_whole_lines_or_none()
    {
        string code = "```\n" + string.Concat(Enumerable.Range(0, 20).Select(i => $"x{i} = f(a, b, c, d)\n")) + "```\n";

        Assert.All(Chunk(code, new Words(), 20, 4)[1..], part => Assert.StartsWith("x", part, StringComparison.Ordinal));
        Assert.All(Chunk(code, new Words(), 20, 6)[1..], part => Assert.StartsWith("x", part, StringComparison.Ordinal));
    }

    [Fact]
    public void Overlong_code_line_is_split_between_words()
    {
        string code = "```\nshort line\n" + string.Join(' ', Enumerable.Range(0, 30).Select(i => $"w{i}")) + "\nlast line\n```\n";

        string[] parts = Chunk(code, new Words(), 8);

        Assert.Equal(code, string.Concat(parts));
        Assert.All(parts, part => Assert.True(new Words().Count(part) <= 8));
    }

    [Fact]
    public void Chunks_end_at_a_paragraph_if_that_costs_less_than_half() =>
        Assert.Equal(["A b c. D e f.\n\n", "G h i. J k l. ", "M n o."], Chunk("A b c. D e f.\n\nG h i. J k l. M n o.", new Words(), 8));

    [Fact]
    public void Overlap_repeats_whole_sentences_or_whole_words()
    {
        Assert.Equal(["A b c. D e. ", "D e. F g h i. ", "g h i. J k."], Chunk("A b c. D e. F g h i. J k.", new Words(), 6, 3));
        Assert.Equal(["A b c d e f. ", "e f. G h i j. "], Chunk("A b c d e f. G h i j. K l m n o p.", new Words(), 6, 2)[..2]);
    }

    [Fact]
    public void Text_that_fits_keeps_its_id_and_chunks_are_numbered()
    {
        Assert.Equal("d", Assert.Single(new TextChunker(new Words(), 3).Chunk(Document("a b c"))).Id);
        Assert.Equal(["d#1", "d#2"], new TextChunker(new Words(), 2).Chunk(Document("a b c")).Select(c => c.Id));
    }

    [Theory]
    [InlineData('.')]
    [InlineData('`')]
    [InlineData(' ')]
    [InlineData('x')]
    [InlineData('\u0301')]
    public void A_million_equal_characters_are_split(char c)
    {
        string text = new(c, 1_000_000);
        Assert.Equal(text.Length, Chunk(text, new Bytes(4), 256).Sum(part => part.Length));
        string lines = string.Concat(Enumerable.Repeat($"```{c}\n", 100_000));
        Assert.Equal(lines.Length, Chunk(lines, new Bytes(4), 256).Sum(part => part.Length));
    }

    private static string[] Chunk(string text, ITokenCounter counter, int most, int overlap = 0) =>
        [.. new TextChunker(counter, most, overlap).Chunk(Document(text)).Select(chunk => chunk.Text)];

    private static SourceDocument Document(string text) =>
        new()
        {
            Id = "d",
            Text = text,
            Source = "s",
        };

    private sealed class Words : ITokenCounter
    {
        public bool IsExact => true;

        public int Count(ReadOnlySpan<char> text)
        {
            int words = 0;
            for (int i = 0; i < text.Length; i++)
            {
                if (!char.IsWhiteSpace(text[i]) && (i == 0 || char.IsWhiteSpace(text[i - 1])))
                    words++;
            }

            return words;
        }
    }

    /// <summary>A fixed number of characters per token.</summary>
    private sealed class Bytes(int each) : ITokenCounter
    {
        public bool IsExact => true;

        public int Count(ReadOnlySpan<char> text) => (text.Length + each - 1) / each;
    }

    /// <summary>Counts more for two texts together than one by one: each pair of adjacent letters is a separate token.</summary>
    private sealed class Pairs : ITokenCounter
    {
        public bool IsExact => true;

        public int Count(ReadOnlySpan<char> text) => text.Length == 0 ? 0 : Math.Max(1, text.Length - 1);
    }
}
