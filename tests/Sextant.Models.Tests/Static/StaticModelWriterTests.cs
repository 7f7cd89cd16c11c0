using Microsoft.Extensions.AI;
using Sextant.Embedding;
using Sextant.Models.Static;
using Sextant.Tests.Shared;
using Sextant.Tokenizers;

namespace Sextant.Models.Tests.Static;

public sealed class StaticModelWriterTests : IDisposable
{
    private static readonly string[] Tokens = ["[UNK]", "red", "\"quoted\"", "grün", "##ish", "日"];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Saved_model_opens(bool quantize)
    {
        const int Dimensions = 24;
        var random = new Random(3);
        float[] rows = [.. Enumerable.Range(0, Tokens.Length * Dimensions).Select(_ => (random.NextSingle() * 4) - 2)];
        Array.Clear(rows, 0, Dimensions);
        new StaticModelWriter
        {
            Tokens = Tokens,
            Rows = rows,
            Dimensions = Dimensions,
            Normalize = false,
            Quantize = quantize,
            MatryoshkaDimensions = [24, 12],
            Normalization = new BertNormalization { StripAccents = false },
            Metadata = new Dictionary<string, string> { ["seed"] = "42" },
        }.Save(_folder.Path);

        using IEmbeddingGenerator<string, Embedding<float>> generator = await new StaticModelProvider().OpenAsync(_folder.Path);
        StaticEmbeddingModel model = ((StaticEmbeddingGenerator)generator).Model;
        Assert.Equal(Tokens, model.Tokenizer.Vocabulary.ToTokens());
        Assert.Equal([24, 12], generator.GetService<ModelProfile>()!.MatryoshkaDimensions);
        float[] vector = new float[Dimensions];
        for (int token = 0; token < Tokens.Length; token++)
        {
            model.Table.Sum([token], vector);
            float[] row = rows[(token * Dimensions)..((token + 1) * Dimensions)];
            // Half a step of 127 to the largest value, and float's own rounding.
            float tolerance = quantize ? (row.Max(MathF.Abs) / 254) + 1e-6f : 0;
            for (int i = 0; i < Dimensions; i++)
            {
                Assert.InRange(vector[i], row[i] - tolerance, row[i] + tolerance);
            }
        }

        Assert.Equal(2, model.Tokenizer.Count("GRÜNish"));
    }

    [Theory]
    [InlineData(null, 2f / 7, 5f / 7)]
    [InlineData(4f, (1f + (1f / 2)) / (1 + (4f / 5) + (4f / 6) + (4f / 7) + (4f / 8) + (4f / 9) + (4f / 10)), 0)]
    public async Task Position_scale_lowers_the_weight_of_later_tokens(float? scale, float red, float blue)
    {
        new StaticModelWriter
        {
            Tokens = ["[UNK]", "red", "blue"],
            Rows = new float[] { 0, 0, 1, 0, 0, 1 },
            Dimensions = 2,
            Normalize = false,
            Quantize = false,
            PositionScale = scale,
        }.Save(_folder.Path);
        using IEmbeddingGenerator<string, Embedding<float>> model = await new StaticModelProvider().OpenAsync(_folder.Path);
        // Unknown words take no position: "red" stands at 0 and 4.
        GeneratedEmbeddings<Embedding<float>> vectors = await model.GenerateAsync(["red what blue blue blue red blue blue"]);
        Assert.Equal(red, vectors[0].Vector.Span[0], 1e-6f);
        Assert.Equal(blue == 0 ? 1 - red : blue, vectors[0].Vector.Span[1], 1e-6f);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-3")]
    [InlineData("\"64\"")]
    [InlineData("1e99")]
    public async Task Invalid_position_scale_is_rejected_by_name(string scale)
    {
        new StaticModelWriter
        {
            Tokens = Tokens,
            Rows = new float[Tokens.Length * 2],
            Dimensions = 2,
            PositionScale = 7.5f,
        }.Save(_folder.Path);
        string config = File.ReadAllText(_folder.File("config.json"));
        File.WriteAllText(_folder.File("config.json"), config.Replace("7.5", scale, StringComparison.Ordinal));
        InputException error = await Assert.ThrowsAsync<InputException>(() => new StaticModelProvider().OpenAsync(_folder.Path));
        Assert.Contains("config.json: position_scale", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Both_vocabulary_files_have_the_same_tokens()
    {
        new StaticModelWriter
        {
            Tokens = Tokens,
            Rows = new float[Tokens.Length * 2],
            Dimensions = 2,
        }.Save(_folder.Path);
        File.Delete(_folder.File("tokenizer.json"));
        var generator = (StaticEmbeddingGenerator)await new StaticModelProvider().OpenAsync(_folder.Path);
        Assert.Equal(Tokens, generator.Model.Tokenizer.Vocabulary.ToTokens());
    }

    [Fact]
    public void Tokenizer_file_is_compact_and_keeps_letters_of_any_language()
    {
        new StaticModelWriter
        {
            Tokens = Tokens,
            Rows = new float[Tokens.Length * 2],
            Dimensions = 2,
            Normalization = new BertNormalization { StripAccents = false },
        }.Save(_folder.Path);

        Assert.Equal(
            string.Concat(
                """
                {"version":"1.0","truncation":null,"padding":null,"added_tokens":[],
                "normalizer":{"type":"BertNormalizer","clean_text":true,"handle_chinese_chars":true,"strip_accents":false,"lowercase":true},
                "pre_tokenizer":{"type":"BertPreTokenizer"},"post_processor":null,
                "decoder":{"type":"WordPiece","prefix":"##","cleanup":true},
                "model":{"type":"WordPiece","unk_token":"[UNK]","continuing_subword_prefix":"##","max_input_chars_per_word":100,
                "vocab":{"[UNK]":0,"red":1,"\"quoted\"":2,"grün":3,"##ish":4,"日":5}}}
                """.Split('\n')
            ),
            File.ReadAllText(_folder.File("tokenizer.json"))
        );
    }

    [Fact]
    public void Interrupted_save_leaves_no_valid_model_folder()
    {
        var writer = new StaticModelWriter
        {
            Tokens = Tokens,
            Rows = new float[Tokens.Length * 2],
            Dimensions = 2,
        };
        writer.Save(_folder.Path);
        Assert.True(new StaticModelProvider().Handles(_folder.Path));
        File.Delete(_folder.File("vocab.txt"));
        Directory.CreateDirectory(_folder.File("vocab.txt"));
        Assert.ThrowsAny<Exception>(() => writer.Save(_folder.Path));
        Assert.False(new StaticModelProvider().Handles(_folder.Path));
    }

    [Fact]
    public void Nonfinite_vectors_are_rejected_before_the_old_model_changes()
    {
        new StaticModelWriter
        {
            Tokens = Tokens,
            Rows = new float[Tokens.Length * 2],
            Dimensions = 2,
        }.Save(_folder.Path);
        float[] broken = new float[Tokens.Length * 2];
        broken[3] = float.NaN;
        var failing = new StaticModelWriter
        {
            Tokens = Tokens,
            Rows = broken,
            Dimensions = 2,
        };
        Assert.Contains("red", Assert.Throws<SextantException>(() => failing.Save(_folder.Path)).Message, StringComparison.Ordinal);
        Assert.True(new StaticModelProvider().Handles(_folder.Path));
    }

    [Fact]
    public void Saving_is_deterministic()
    {
        var writer = new StaticModelWriter
        {
            Tokens = Tokens,
            Rows = new float[Tokens.Length * 2],
            Dimensions = 2,
        };
        writer.Save(_folder.File("a"));
        writer.Save(_folder.File("b"));
        foreach (string name in new[] { "config.json", "model.safetensors", "tokenizer.json", "vocab.txt" })
        {
            Assert.Equal(File.ReadAllBytes(_folder.File($"a/{name}")), File.ReadAllBytes(_folder.File($"b/{name}")));
        }
    }
}
