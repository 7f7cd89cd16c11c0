using Microsoft.Extensions.AI;
using Sextant.Onnx;
using Sextant.Tests.Shared.Transformers;
using Sextant.Training.Export;

namespace Sextant.Training.Tests.Export;

public class OnnxExporterTests
{
    [Theory]
    [InlineData("bert", false)]
    [InlineData("bert", true)]
    [InlineData("roberta", false)]
    [InlineData("roberta", true)]
    [InlineData("distilbert", false)]
    [InlineData("distilbert", true)]
    public async Task Exported_graph_matches_PyTorch(string family, bool pooled)
    {
        using var folder = new TemporaryFolder();
        TinyTransformer.Write(folder.File("model"), family);
        OnnxExporter.Export(folder.File("model"), folder.File("out"), new OnnxExportOptions { Pooled = pooled });
        float[][] vectors = await EmbedAsync(folder.File("out"));
        foreach ((float[] expected, float[] actual) in TinyTransformerVectors.ByFamily[family].Zip(vectors))
        {
            Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
        }

        Assert.Equal(
            ["1_Pooling/config.json", "config.json", "modules.json", "onnx/model.onnx", "sentence_bert_config.json", "vocab.txt"],
            Directory
                .EnumerateFiles(folder.File("out"), "*", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(folder.File("out"), file))
                .Order(StringComparer.Ordinal)
        );
    }

    [Theory]
    [InlineData("bert")]
    [InlineData("roberta")]
    [InlineData("distilbert")]
    public async Task Int8_export_stays_close_to_float32(string family)
    {
        using var folder = new TemporaryFolder();
        TinyTransformer.Write(folder.File("model"), family);
        string graph = OnnxExporter.Export(folder.File("model"), folder.File("out"), new OnnxExportOptions { Int8 = true });
        Assert.Equal("model_quantized.onnx", Path.GetFileName(graph));
        float[][] vectors = await EmbedAsync(folder.File("out"));
        foreach ((float[] expected, float[] actual) in TinyTransformerVectors.ByFamily[family].Zip(vectors))
        {
            double cosine = System.Numerics.Tensors.TensorPrimitives.CosineSimilarity<float>(expected, actual);
            Assert.True(cosine > 0.99, $"{family}: {cosine}");
        }
    }

    [Fact]
    public async Task Graph_can_be_added_to_the_models_folder()
    {
        using var folder = new TemporaryFolder();
        TinyTransformer.Write(folder.File("model"), "bert");
        OnnxExporter.Export(folder.File("model"), folder.File("model"));
        Assert.True(File.Exists(Path.Combine(folder.File("model"), "model.safetensors")));
        Assert.Equal(TinyTransformerVectors.ByFamily["bert"][1][0], (await EmbedAsync(folder.File("model")))[1][0], 1e-4f);
    }

    [Theory]
    [InlineData("hidden_size\":16", "hidden_size\":18", "are inconsistent")]
    [InlineData("hidden_size\":16", "hidden_size\":20", "word_embeddings")]
    [InlineData("num_hidden_layers\":2", "num_hidden_layers\":3", "encoder.layer.2")]
    [InlineData("num_hidden_layers\":2", "num_hidden_layers\":1e9", "num_hidden_layers")]
    [InlineData("\"bert\"", "\"t5\"", "t5")]
    [InlineData("\"gelu\"", "\"swish\"", "swish")]
    [InlineData("vocab_size\":30", "vocab_size\":20", "tokenizer")]
    public void Mismatched_or_unsupported_configuration_is_rejected_by_name(string from, string to, string said)
    {
        using var folder = new TemporaryFolder();
        TinyTransformer.Write(folder.File("model"), "bert");
        string config = Path.Combine(folder.File("model"), "config.json");
        string text = File.ReadAllText(config);
        Assert.Contains(from, text, StringComparison.Ordinal);
        File.WriteAllText(config, text.Replace(from, to, StringComparison.Ordinal));
        InputException error = Assert.Throws<InputException>(() => OnnxExporter.Export(folder.File("model"), folder.File("out")));
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.File("out")));
    }

    private static async Task<float[][]> EmbedAsync(string folder)
    {
        using IEmbeddingGenerator<string, Embedding<float>> model = await new OnnxModelProvider().OpenAsync(
            folder,
            TestContext.Current.CancellationToken
        );
        // All in one batch, so that the shorter texts are padded.
        return
        [
            .. (await model.GenerateAsync(TinyTransformer.Texts, cancellationToken: TestContext.Current.CancellationToken)).Select(e =>
                e.Vector.ToArray()
            ),
        ];
    }
}
