using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sextant.Models;
using Sextant.Tests.Shared;
using Sextant.Tokenizers;
using Sextant.Tokenizers.Files;

namespace Sextant.Onnx.Tests.Tokenization;

/// <summary>
/// More than ten thousand strings of every script, of mixed-up and technical text, emoji and marks, tokenized by our tokenizers and by the
/// reference ones (see <c>golden/</c>). All ids are compared by one hash; a one-byte hash per string locates a difference.
/// </summary>
public sealed class ParityTests
{
    private static readonly Lazy<string[]> Strings = new(() => ReadPacked("strings.json.gz").Deserialize<string[]>()!);
    private static readonly Lazy<JsonElement> Expected = new(() => ReadPacked("expected.json.gz"));

    [Theory]
    [InlineData("bert")]
    [InlineData("roberta")]
    [InlineData("xlmr")]
    [InlineData("mistral")]
    public void Small_tokenizer_json_matches_the_reference_ids(string name) =>
        Compare(name, TokenizerFiles.Load(ModelFiles.InDirectory(Path.Combine(TinyModel.Fixtures, name))).Text);

    [Theory]
    [InlineData("bert-cased", "bert")]
    [InlineData("qwen-style", "roberta")]
    public void Other_tokenizer_components_match_the_reference_ids(string name, string vocabulary)
    {
        JsonObject json = JsonNode.Parse(File.ReadAllText(Path.Combine(TinyModel.Fixtures, vocabulary, "tokenizer.json")))!.AsObject();
        foreach (
            (string part, JsonNode? value) in JsonNode
                .Parse(File.ReadAllText(Path.Combine(TinyModel.Fixtures, "parity", name + ".json")))!
                .AsObject()
        )
        {
            json[part] = value?.DeepClone();
        }

        // The Lao sign U+0EBA got its combining class in Unicode 12; the reference's normal form C does not know that yet.
        Compare(
            name,
            TokenizerJson.Parse(JsonSerializer.SerializeToUtf8Bytes(json), name).Text,
            text => name == "qwen-style" && text.Contains('\u0EBA')
        );
    }

    [Fact]
    public void Tokenizer_of_the_built_in_model_matches_the_reference_ids()
    {
        byte[] file =
            ModelFiles
                .InAssembly(typeof(Sextant.Model.Small.SmallModel).Assembly, StaticModelProvider.BuiltInModel)
                .TryReadAll("tokenizer.json")
            ?? [];
        Assert.SkipUnless(
            Convert.ToHexStringLower(SHA256.HashData(file)) == Expected.Value.GetProperty("sextant-small").GetProperty("file").GetString(),
            "the built-in model's tokenizer is another one since the reference was run; golden/run does it again"
        );

        Compare("sextant-small", TokenizerJson.Parse(file, "sextant-small").Text);
    }

    [Fact]
    public void BERT_vocabulary_matches_the_reference_ids() =>
        Compare("bert-base-uncased", TokenizerFiles.Load(ModelFiles.InDirectory(RealVocabulary("bert-base-uncased"))).Text);

    [Theory]
    [InlineData("bert", "bert", "vocab.txt")]
    [InlineData("roberta", "roberta", "vocab.json", "merges.txt")]
    [InlineData("xlmr", "xlmr model", "sentencepiece.bpe.model")]
    [InlineData("mistral", "mistral model", "tokenizer.model")]
    public void Older_tokenizer_files_replace_a_missing_tokenizer_json(string folder, string expected, params string[] names)
    {
        using var model = new TinyModel(folder);
        foreach (
            string file in Directory
                .GetFiles(model.Folder)
                .Where(file => Path.GetFileName(file) != "tokenizer_config.json" && !names.Contains(Path.GetFileName(file)))
        )
        {
            File.Delete(file);
        }

        Compare(expected, TokenizerFiles.Load(ModelFiles.InDirectory(model.Folder)).Text);
    }

    [Theory]
    [InlineData("albert model", "albert-fixture", "spiece.model")]
    [InlineData("llama2 model", "llama2", "tokenizer.model")]
    [InlineData("botchan model", "sentencepiece", "test_model.model")]
    public void SentencePiece_models_match_SentencePiece(string expected, string folder, string name)
    {
        byte[] file = File.ReadAllBytes(Path.Combine(RealVocabulary(folder), name));

        // Of two tokenizations with equal probability, the reference takes the one that its rounding to float32 favors, which is
        // unpredictable.
        Compare(
            expected,
            SentencePieceTokenizer.Create(SentencePieceFile.Parse(file), IdOffset.None),
            text => text.StartsWith("---k2fpab_3", StringComparison.Ordinal) || text == "momomomomomomomomomomo"
        );
    }

    [Fact]
    public void GPT_2_files_match_the_reference_ids()
    {
        using var model = new TinyModel("roberta");
        File.Delete(model.PathOf("tokenizer.json"));
        File.Copy(Path.Combine(RealVocabulary("gpt2"), "encoder.json"), model.PathOf("vocab.json"), overwrite: true);
        File.Copy(Path.Combine(RealVocabulary("gpt2"), "vocab.bpe"), model.PathOf("merges.txt"), overwrite: true);

        Compare("gpt2", TokenizerFiles.Load(ModelFiles.InDirectory(model.Folder)).Text);
    }

    private static string RealVocabulary(string name)
    {
        string? folder = TestData.Folder is { } data ? Path.Combine(data, "tokenizers", name) : null;
        Assert.SkipWhen(folder is null || !Directory.Exists(folder), $"the vocabulary of {name} is not there");
        return folder!;
    }

    /// <param name="name">Of the expected ids.</param>
    /// <param name="tokenizer">Ours.</param>
    /// <param name="explained">Strings that may differ, at most one in ten thousand; why is said where this is called.</param>
    private static void Compare(string name, TextTokenizer tokenizer, Func<string, bool>? explained = null)
    {
        JsonElement expected = Expected.Value.GetProperty(name);
        byte[] digests = expected.GetProperty("digests").GetBytesFromBase64();
        Assert.True(Strings.Value.Length >= 10_000);
        using var all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var different = new List<string>();
        int known = 0;
        var ids = new List<int>();
        for (int i = 0; i < Strings.Value.Length; i++)
        {
            ids.Clear();
            tokenizer.Encode(Strings.Value[i], ids);
            if (Digest(ids) != digests[i] && explained?.Invoke(Strings.Value[i]) == true)
            {
                known++;
            }
            else if (Digest(ids) != digests[i])
            {
                different.Add($"{JsonSerializer.Serialize(Strings.Value[i])}: {string.Join(' ', ids)}");
            }

            foreach (int id in ids.Append(-1))
            {
                all.AppendData(BitConverter.GetBytes(id));
            }
        }

        Assert.True(different.Count == 0, $"{different.Count} strings differ:\n{string.Join('\n', different.Take(20))}");
        Assert.True(known * 10_000 <= Strings.Value.Length);
        if (known == 0)
        {
            Assert.Equal(expected.GetProperty("all").GetString(), Convert.ToHexStringLower(all.GetHashAndReset()));
        }
    }

    /// <summary>FNV-1a over the ids' bytes, folded to one byte.</summary>
    private static byte Digest(List<int> ids)
    {
        uint hash = 2166136261;
        foreach (int id in ids)
        {
            for (int shift = 0; shift < 32; shift += 8)
            {
                hash = (hash ^ ((uint)id >> shift & 0xFF)) * 16777619;
            }
        }

        return (byte)(hash ^ (hash >> 8) ^ (hash >> 16) ^ (hash >> 24));
    }

    private static JsonElement ReadPacked(string name)
    {
        using var file = new GZipStream(File.OpenRead(Path.Combine(TinyModel.Fixtures, "parity", name)), CompressionMode.Decompress);
        return JsonDocument.Parse(file).RootElement;
    }
}
