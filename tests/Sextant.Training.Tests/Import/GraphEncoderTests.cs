using Microsoft.Extensions.AI;
using Sextant.Onnx;
using Sextant.Tests.Shared.Transformers;
using Sextant.Training.Export;
using Sextant.Training.Import;
using Sextant.Training.Transformers;

namespace Sextant.Training.Tests.Import;

public class GraphEncoderTests
{
    [Theory]
    [InlineData("bert")]
    [InlineData("roberta")]
    [InlineData("distilbert")]
    public void Exported_weights_and_shape_are_read_back(string family)
    {
        using var folder = new TemporaryFolder();
        TransformerDirectory model = Tiny(folder, family);
        GraphEncoder encoder = GraphEncoder.Read(OnnxExporter.Export(model.Path, folder.File("out")));
        Assert.Equal(model.Config, encoder.Config);
        AssertSame(model.ReadWeights(), encoder.Weights);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task Weights_are_found_in_every_graph_layout(int style)
    {
        using var folder = new TemporaryFolder();
        TransformerDirectory model = Tiny(folder, "bert");
        Dictionary<string, float[]> weights = model.ReadWeights();
        // No config.json and no safetensors: everything comes from the graph.
        Directory.CreateDirectory(folder.File("graph"));
        File.Copy(Path.Combine(model.Path, "vocab.txt"), Path.Combine(folder.File("graph"), "vocab.txt"));
        string graph = Path.Combine(folder.File("graph"), "model.onnx");
        new GraphVariant(model.Config, weights, (GraphStyle)style).Save(graph);
        AssertClose(TinyTransformerVectors.ByFamily["bert"], await EmbedAsync(folder.File("graph")), 1e-4f);

        GraphEncoder encoder = GraphEncoder.Read(graph);
        Assert.Equal(model.Config, encoder.Config);
        AssertSame(weights, encoder.Weights);
        OnnxExporter.Export(folder.File("graph"), folder.File("out"));
        AssertClose(await EmbedAsync(folder.File("graph")), await EmbedAsync(folder.File("out")), 1e-5f);
        Assert.Equal(model.Config, TransformerConfig.Read(ModelFiles.InDirectory(folder.File("out")), "config.json"));
    }

    [Fact]
    public void Tanh_GELU_is_distinguished_from_GELU()
    {
        using var folder = new TemporaryFolder();
        TransformerDirectory model = Tiny(folder, "bert");
        TransformerConfig config = model.Config with { Activation = TransformerActivation.GeluTanh };
        new GraphVariant(config, model.ReadWeights(), GraphStyle.Plain).Save(folder.File("model.onnx"));
        Assert.Equal(TransformerActivation.GeluTanh, GraphEncoder.Read(folder.File("model.onnx")).Config.Activation);
    }

    [Fact]
    public void Config_that_contradicts_the_graph_is_rejected()
    {
        using var folder = new TemporaryFolder();
        TransformerDirectory model = Tiny(folder, "bert");
        new GraphVariant(model.Config, model.ReadWeights(), GraphStyle.Plain).Save(Path.Combine(folder.File("graph"), "model.onnx"));
        File.Copy(Path.Combine(model.Path, "vocab.txt"), Path.Combine(folder.File("graph"), "vocab.txt"));
        string config = File.ReadAllText(Path.Combine(model.Path, "config.json"));
        File.WriteAllText(
            Path.Combine(folder.File("graph"), "config.json"),
            config.Replace("num_hidden_layers\":2", "num_hidden_layers\":3", StringComparison.Ordinal)
        );
        InputException error = Assert.Throws<InputException>(() => TransformerDirectory.Open(folder.File("graph")));
        Assert.EndsWith("model.onnx: the graph has 2 layers, and config.json has 3", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bert")]
    [InlineData("roberta")]
    public void Config_may_omit_values_of_the_graph(string family)
    {
        using var folder = new TemporaryFolder();
        TransformerDirectory model = Tiny(folder, family);
        OnnxExporter.Export(model.Path, folder.File("graph"));
        File.WriteAllText(
            Path.Combine(folder.File("graph"), "config.json"),
            $"{{\"model_type\": \"{family}\", \"hidden_dropout_prob\": 0.25}}"
        );
        var read = TransformerDirectory.Open(folder.File("graph"));
        Assert.Equal(model.Config with { Dropout = 0.25f }, read.Config);
        AssertSame(model.ReadWeights(), read.ReadWeights());
    }

    [Fact]
    public void Int8_graph_is_rejected_with_its_first_unsupported_node()
    {
        using var folder = new TemporaryFolder();
        TransformerDirectory model = Tiny(folder, "bert");
        string graph = OnnxExporter.Export(model.Path, folder.File("out"), new OnnxExportOptions { Int8 = true });
        InputException error = Assert.Throws<InputException>(() => GraphEncoder.Read(graph));
        Assert.StartsWith(graph + ": node '", error.Message, StringComparison.Ordinal);
        Assert.Contains("is not supported: expected ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Truncated_or_changed_graph_is_a_one_line_error_or_an_encoder()
    {
        using var folder = new TemporaryFolder();
        TransformerDirectory model = Tiny(folder, "bert");
        new GraphVariant(model.Config, model.ReadWeights(), GraphStyle.Merged).Save(folder.File("model.onnx"));
        byte[] whole = File.ReadAllBytes(folder.File("model.onnx"));
        var random = new Random(4);
        for (int i = 0; i < 400; i++)
        {
            byte[] damaged = [.. whole.AsSpan(0, i % 2 == 0 ? random.Next(whole.Length) : whole.Length)];
            if (i % 2 == 1)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            File.WriteAllBytes(folder.File("damaged.onnx"), damaged);
            try
            {
                Assert.Equal(model.Config.Width, GraphEncoder.Read(folder.File("damaged.onnx")).Config.Width);
            }
            catch (InputException e)
            {
                Assert.StartsWith(folder.File("damaged.onnx") + ": ", e.Message, StringComparison.Ordinal);
                Assert.DoesNotContain('\n', e.Message);
            }
        }
    }

    [Theory]
    [InlineData("../weights.bin", "outside the model's folder")]
    [InlineData("/etc/passwd", "outside the model's folder")]
    [InlineData("gone.bin", "which is missing from its folder")]
    public void External_weights_are_read_only_from_the_models_folder(string location, string said)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("model.onnx"), WithExternalTensor(location, offset: 0));
        InputException error = Assert.Throws<InputException>(() => OnnxModelReader.Read(folder.File("model.onnx")));
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void External_weights_are_read_at_their_offset_and_not_past_the_end()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("weights.bin"), [0, 0, 0, 0, .. BitConverter.GetBytes(1.5f), .. BitConverter.GetBytes(-2f)]);
        File.WriteAllBytes(folder.File("model.onnx"), WithExternalTensor("weights.bin", offset: 4));
        Assert.Equal([1.5f, -2f], OnnxModelReader.Read(folder.File("model.onnx")).Constants["w"].ReadSingles());
        File.WriteAllBytes(folder.File("model.onnx"), WithExternalTensor("weights.bin", offset: 8));
        Assert.Throws<InputException>(() => OnnxModelReader.Read(folder.File("model.onnx")));
    }

    private static byte[] WithExternalTensor(string location, int offset)
    {
        ProtoMessage Entry(string key, string value) => new ProtoMessage().Add(1, key).Add(2, value);
        ProtoMessage tensor = new ProtoMessage()
            .Add(1, 2)
            .Add(2, 1)
            .Add(8, "w")
            .Add(14, 1)
            .Add(13, Entry("location", location))
            .Add(13, Entry("offset", $"{offset}"))
            .Add(13, Entry("length", "8"));
        ProtoMessage graph = new ProtoMessage().Add(1, new ProtoMessage().Add(1, "w").Add(2, "y").Add(4, "Identity")).Add(5, tensor);
        using var stream = new MemoryStream();
        new ProtoMessage().Add(7, graph).WriteTo(stream);
        return stream.ToArray();
    }

    private static TransformerDirectory Tiny(TemporaryFolder folder, string family)
    {
        TinyTransformer.Write(folder.File("model"), family);
        return TransformerDirectory.Open(folder.File("model"));
    }

    private static void AssertSame(Dictionary<string, float[]> expected, Dictionary<string, float[]> actual)
    {
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), actual.Keys.Order(StringComparer.Ordinal));
        Assert.All(expected, weight => Assert.Equal(weight.Value, actual[weight.Key]));
    }

    private static void AssertClose(float[][] expected, float[][] actual, float tolerance) =>
        Assert.All(
            expected.Zip(actual),
            texts => Assert.All(texts.First.Zip(texts.Second), pair => Assert.Equal(pair.First, pair.Second, tolerance))
        );

    private static async Task<float[][]> EmbedAsync(string folder)
    {
        using IEmbeddingGenerator<string, Embedding<float>> model = await new OnnxModelProvider().OpenAsync(
            folder,
            TestContext.Current.CancellationToken
        );
        GeneratedEmbeddings<Embedding<float>> vectors = await model.GenerateAsync(
            TinyTransformer.Texts,
            cancellationToken: TestContext.Current.CancellationToken
        );
        // A folder without modules.json returns the plain mean; its export is normalized.
        return
        [
            .. vectors.Select(static embedding =>
            {
                float[] values = embedding.Vector.ToArray();
                System.Numerics.Tensors.TensorPrimitives.Divide(
                    values,
                    System.Numerics.Tensors.TensorPrimitives.Norm<float>(values),
                    values
                );
                return values;
            }),
        ];
    }
}
