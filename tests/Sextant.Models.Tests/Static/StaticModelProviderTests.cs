using Microsoft.Extensions.AI;
using Sextant.Embedding;
using Sextant.Models.Safetensors;
using Sextant.Tests.Shared;
using Sextant.Tests.Shared.Models;
using Sextant.Tokenizers;

namespace Sextant.Models.Tests.Static;

public sealed class StaticModelProviderTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly StaticModelProvider _provider = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Vector_is_the_normalized_mean_of_the_known_tokens()
    {
        TinyModel.Write(_folder.Path);
        float[][] vectors = await EmbedAsync("red green zebra", "Café.", "greenish");
        // red = 2 at column 1, green = 3 at column 2; zebra is unknown.
        AssertClose([0, 2 / MathF.Sqrt(13), 3 / MathF.Sqrt(13), 0, 0, 0, 0, 0], vectors[0]);
        AssertClose([0, 0, 0, 0, 0, 6 / MathF.Sqrt(85), 7 / MathF.Sqrt(85), 0], vectors[1]);
        AssertClose([0, 0, 3 / MathF.Sqrt(34), 0, 5 / MathF.Sqrt(34), 0, 0, 0], vectors[2]);
    }

    [Fact]
    public async Task Vector_without_normalization_is_the_mean()
    {
        TinyModel.Write(_folder.Path, normalize: false);
        AssertClose([0, 1, 1.5f, 0, 0, 0, 0, 0], (await EmbedAsync("red green unheardof"))[0]);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n")]
    [InlineData("zebra")]
    public async Task Text_without_a_known_token_is_the_zero_vector(string text)
    {
        TinyModel.Write(_folder.Path);
        AssertClose(new float[8], (await EmbedAsync(text))[0]);
    }

    [Fact]
    public async Task Int8_rows_are_dequantized_by_their_weights()
    {
        TinyModel.Write(
            _folder.Path,
            normalize: false,
            tensors: writer =>
            {
                sbyte[] rows = new sbyte[TinyModel.Tokens.Length * 4];
                (rows[4], rows[5], rows[8]) = (100, -50, 10);
                writer.Add("embeddings", [TinyModel.Tokens.Length, 4], rows);
                float[] weights = new float[TinyModel.Tokens.Length];
                (weights[1], weights[2]) = (0.01f, 0.5f);
                writer.Add("weights", [TinyModel.Tokens.Length], weights, SafetensorsType.F16);
            }
        );
        AssertClose([3, -0.25f, 0, 0], (await EmbedAsync("red green"))[0], 1e-3f);
    }

    [Fact]
    public async Task A_mapping_lets_tokens_share_rows()
    {
        TinyModel.Write(
            _folder.Path,
            normalize: false,
            tensors: writer =>
            {
                writer.Add("embeddings", [2, 2], new[] { 1f, 2f, 3f, 4f });
                writer.Add("mapping", [TinyModel.Tokens.Length], new long[] { 0, 1, 1, 0, 0, 0, 0, 0 });
            }
        );
        float[][] vectors = await EmbedAsync("red", "green", "blue");
        AssertClose([3, 4], vectors[0]);
        AssertClose([3, 4], vectors[1]);
        AssertClose([1, 2], vectors[2]);
    }

    [Fact]
    public async Task Layouts_of_sentence_transformers_are_read()
    {
        TinyModel.Write(
            _folder.File("0_StaticEmbedding"),
            tensors: writer => writer.Add("embedding.weight", [TinyModel.Tokens.Length, 8], TinyModel.Rows(8))
        );
        File.Delete(_folder.File("0_StaticEmbedding/config.json"));
        File.WriteAllText(
            _folder.File("modules.json"),
            """
            [{"idx":0,"name":"0","path":"0_StaticEmbedding","type":"sentence_transformers.models.StaticEmbedding"},
             {"idx":1,"name":"1","path":"1_Normalize","type":"sentence_transformers.sentence_transformer.modules.normalize.Normalize"}]
            """
        );
        Assert.True(_provider.Handles(_folder.Path));
        AssertClose([0, 1, 0, 0, 0, 0, 0, 0], (await EmbedAsync("red"))[0]);
    }

    [Fact]
    public async Task Vocabulary_file_replaces_a_missing_tokenizer_json()
    {
        TinyModel.Write(_folder.Path);
        File.Delete(_folder.File("tokenizer.json"));
        File.WriteAllLines(_folder.File("vocab.txt"), TinyModel.Tokens);
        AssertClose([0, 1, 0, 0, 0, 0, 0, 0], (await EmbedAsync("RED"))[0]);
    }

    [Fact]
    public async Task Many_texts_on_many_threads_are_returned_in_order()
    {
        TinyModel.Write(_folder.Path);
        string[] texts = [.. Enumerable.Range(0, 5000).Select(i => TinyModel.Tokens[1 + (i % 3)])];
        float[][] vectors = await EmbedAsync(texts);
        for (int i = 0; i < texts.Length; i++)
        {
            Assert.Equal(1f, vectors[i][1 + (i % 3)]);
        }
    }

    [Fact]
    public async Task Generator_reports_its_profile_and_token_usage()
    {
        TinyModel.Write(_folder.Path);
        using IEmbeddingGenerator<string, Embedding<float>> generator = await _provider.OpenAsync(_folder.Path);
        ModelProfile profile = generator.GetService<ModelProfile>()!;
        Assert.Equal(8, profile.Dimensions);
        Assert.Equal([8, 4], profile.MatryoshkaDimensions);
        Assert.Equal("mean", profile.Pooling);
        Assert.Equal(2, generator.GetService<ITokenCounter>()!.Count("red zebra"));
        GeneratedEmbeddings<Embedding<float>> generated = await generator.GenerateAsync(["red zebra", "", "blue"]);
        Assert.Equal(3, generated.Usage!.InputTokenCount);
    }

    [Fact]
    public async Task Moved_model_keeps_its_fingerprint_and_a_changed_one_does_not()
    {
        TinyModel.Write(_folder.File("a"));
        TinyModel.Write(_folder.File("b"));
        TinyModel.Write(
            _folder.File("c"),
            tensors: w => w.Add("embeddings", [TinyModel.Tokens.Length, 8], new float[TinyModel.Tokens.Length * 8])
        );
        string[] fingerprints =
        [
            .. await Task.WhenAll(
                new[] { "a", "b", "c" }.Select(async name =>
                    (await _provider.OpenAsync(_folder.File(name))).GetService<ModelProfile>()!.Fingerprint
                )
            ),
        ];
        Assert.Equal(fingerprints[0], fingerprints[1]);
        Assert.NotEqual(fingerprints[0], fingerprints[2]);
    }

    [Fact]
    public async Task Vocabulary_larger_than_the_table_is_rejected()
    {
        TinyModel.Write(_folder.Path, tensors: writer => writer.Add("embeddings", [2, 4], new float[8]));
        InputException e = await Assert.ThrowsAsync<InputException>(() => _provider.OpenAsync(_folder.Path));
        Assert.Contains("ids up to 7", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("weights", 3)]
    [InlineData("mapping", 3)]
    public async Task Weights_and_mappings_of_wrong_size_are_rejected(string tensor, int length)
    {
        TinyModel.Write(
            _folder.Path,
            tensors: writer =>
            {
                writer.Add("embeddings", [TinyModel.Tokens.Length, 4], new float[TinyModel.Tokens.Length * 4]);
                if (tensor == "weights")
                {
                    writer.Add(tensor, [length], new float[length]);
                }
                else
                {
                    writer.Add(tensor, [length], new long[] { 0, 99, -1 });
                }
            }
        );
        await Assert.ThrowsAsync<InputException>(() => _provider.OpenAsync(_folder.Path));
    }

    [Theory]
    [InlineData("tokenizer.json", "{")]
    [InlineData("tokenizer.json", "{}")]
    [InlineData("tokenizer.json", """{"model":{"type":"Unigram","vocab":[]}}""")]
    [InlineData("tokenizer.json", """{"model":{"type":"WordPiece","vocab":{"a":-1}},"pre_tokenizer":{"type":"BertPreTokenizer"}}""")]
    [InlineData("tokenizer.json", """{"model":{"type":"WordPiece","vocab":{"a":"b"}},"pre_tokenizer":{"type":"BertPreTokenizer"}}""")]
    [InlineData("config.json", "{")]
    [InlineData("model.safetensors", "no")]
    public async Task Damaged_file_is_reported_by_name(string name, string content)
    {
        TinyModel.Write(_folder.Path);
        File.WriteAllText(_folder.File(name), content);
        InputException e = await Assert.ThrowsAsync<InputException>(() => _provider.OpenAsync(_folder.Path));
        Assert.Contains(name, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("config.json")]
    [InlineData("tokenizer.json")]
    [InlineData("modules.json")]
    public async Task Any_damage_to_a_text_file_is_an_input_error_or_harmless(string name)
    {
        TinyModel.Write(_folder.Path);
        if (name == "modules.json")
        {
            File.Delete(_folder.File("config.json"));
            File.WriteAllText(
                _folder.File(name),
                """[{"idx":0,"path":"","type":"x.StaticEmbedding"},{"idx":1,"path":"1","type":"x.Normalize"}]"""
            );
        }

        byte[] whole = File.ReadAllBytes(_folder.File(name));
        var random = new Random(11);
        for (int round = 0; round < 300; round++)
        {
            byte[] damaged = [.. whole.Take(round % 3 == 0 ? random.Next(whole.Length) : whole.Length)];
            if (damaged.Length > 0)
            {
                // Digits, quotes and brackets do the most harm.
                damaged[random.Next(damaged.Length)] = (byte)"0\"[]{}n-\u00ff"[random.Next(9)];
            }

            File.WriteAllBytes(_folder.File(name), damaged);
            try
            {
                (await _provider.OpenAsync(_folder.Path)).Dispose();
            }
            catch (InputException e)
            {
                Assert.Contains(_folder.Path, e.Message, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData("../elsewhere")]
    [InlineData("/etc")]
    public async Task Module_outside_the_folder_is_rejected(string path)
    {
        File.WriteAllText(_folder.File("modules.json"), $$"""[{"idx":0,"path":"{{path}}","type":"x.StaticEmbedding"}]""");
        InputException e = await Assert.ThrowsAsync<InputException>(() => _provider.OpenAsync(_folder.Path));
        Assert.Contains("is outside the model's folder", e.Message, StringComparison.Ordinal);
    }

    private async Task<float[][]> EmbedAsync(params string[] texts)
    {
        using IEmbeddingGenerator<string, Embedding<float>> generator = await _provider.OpenAsync(_folder.Path);
        return [.. (await generator.GenerateAsync(texts)).Select(e => e.Vector.ToArray())];
    }

    private static void AssertClose(float[] expected, float[] actual, float tolerance = 1e-6f)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.InRange(actual[i], expected[i] - tolerance, expected[i] + tolerance);
        }
    }
}
