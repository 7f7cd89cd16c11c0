using Microsoft.Extensions.AI;
using Sextant.Onnx;
using Sextant.Training.Export;
using Sextant.Training.Transformers;

namespace Sextant.Training.Tests.Import;

public class RealGraphTests
{
    [Theory]
    [InlineData("MiniLM")]
    [InlineData("Arctic")]
    public async Task Graph_exported_from_an_imported_graph_returns_the_same_vectors(string name)
    {
        using var folder = new TemporaryFolder();
        if (name == "MiniLM")
        {
            RealModel.WriteMiniLM(folder.File("model"));
        }
        else
        {
            RealModel.WriteArctic(folder.File("model"));
        }

        TransformerConfig config = TransformerDirectory.Open(folder.File("model")).Config;
        Assert.Equal(
            (384, 6, 12, 1536, 30522, 512, 2),
            (config.Width, config.Layers, config.Heads, config.Inner, config.Vocabulary, config.Positions, config.Segments)
        );
        Assert.Equal((TransformerFamily.Bert, TransformerActivation.Gelu, 1e-12f), (config.Family, config.Activation, config.Epsilon));
        OnnxExporter.Export(folder.File("model"), folder.File("out"));
        float[][] expected = await EmbedAsync(folder.File("model")),
            actual = await EmbedAsync(folder.File("out"));
        Assert.All(
            expected.Zip(actual),
            texts => Assert.All(texts.First.Zip(texts.Second), pair => Assert.Equal(pair.First, pair.Second, 1e-5f))
        );
    }

    [Fact]
    public async Task Int8_export_of_an_imported_graph_takes_a_quarter_and_stays_close()
    {
        using var folder = new TemporaryFolder();
        RealModel.WriteMiniLM(folder.File("model"));
        OnnxExporter.Export(folder.File("model"), folder.File("out"), new OnnxExportOptions { Int8 = true });
        long bytes = Directory
            .EnumerateFiles(folder.File("out"), "*", SearchOption.AllDirectories)
            .Sum(static file => new FileInfo(file).Length);
        Assert.InRange(bytes, 20_000_000, 25_000_000);
        float[][] expected = await EmbedAsync(folder.File("model")),
            actual = await EmbedAsync(folder.File("out"));
        float[] cosines =
        [
            .. expected.Zip(
                actual,
                static (whole, small) => System.Numerics.Tensors.TensorPrimitives.CosineSimilarity<float>(whole, small)
            ),
        ];
        Assert.All(cosines, static cosine => Assert.InRange(cosine, 0.99f, 0.99999f));
    }

    private static async Task<float[][]> EmbedAsync(string folder)
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        using IEmbeddingGenerator<string, Embedding<float>> model = await new OnnxModelProvider().OpenAsync(folder, token);
        return
        [
            .. (await model.GenerateAsync(RealModel.Texts, cancellationToken: token)).Select(static embedding =>
                embedding.Vector.ToArray()
            ),
        ];
    }
}
