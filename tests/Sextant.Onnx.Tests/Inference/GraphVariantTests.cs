using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Sextant.Embedding;

namespace Sextant.Onnx.Tests.Inference;

/// <summary>Graphs of other number types, with weights in external files, and damaged ones.</summary>
public sealed class GraphVariantTests
{
    [Theory]
    [InlineData("onnx/model_fp16.onnx", 0.9999f)]
    [InlineData("onnx/model_quantized.onnx", 0.99f)]
    public async Task Half_precision_and_quantized_graphs_are_selected_by_file_and_stay_close(string graph, float least)
    {
        using var model = new TinyModel("bert");
        model.AddModules(new JsonObject { ["pooling_mode"] = "mean" });
        float[][] expected = model.Expected("mean");

        float[][] actual = await model.EmbedAsync(model.Texts, graph: graph);

        Assert.All(
            expected.Zip(actual),
            pair => Assert.True(System.Numerics.Tensors.TensorPrimitives.CosineSimilarity(pair.First, pair.Second) >= least)
        );
        Assert.NotEqual(expected[0], actual[0]);
    }

    [Theory]
    [InlineData("bert", "onnx/model.onnx")]
    [InlineData("bert", "tokenizer.json")]
    [InlineData("xlmr", "onnx/model.onnx_data")]
    public async Task Git_LFS_pointer_is_an_error_with_the_fix(string name, string file)
    {
        using var model = new TinyModel(name);
        File.WriteAllText(
            model.PathOf(file),
            "version https://git-lfs.github.com/spec/v1\noid "
                + "sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n"
        );
        InputException e = await Assert.ThrowsAsync<InputException>(() =>
            new OnnxModelProvider().OpenAsync(model.Folder, TestContext.Current.CancellationToken)
        );
        Assert.Contains(Path.GetFileName(file), e.Message, StringComparison.Ordinal);
        Assert.Contains("git lfs pull", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Weights_in_a_separate_file_are_part_of_the_revision()
    {
        using var model = new TinyModel("xlmr");
        string before = await FingerprintAsync(model);
        byte[] weights = File.ReadAllBytes(model.PathOf("onnx/model.onnx_data"));
        weights[2] ^= 1;
        File.WriteAllBytes(model.PathOf("onnx/model.onnx_data"), weights);

        Assert.NotEqual(before, await FingerprintAsync(model));
    }

    [Fact]
    public async Task Model_name_is_its_full_path()
    {
        using var model = new TinyModel("bert");
        string relative = Path.GetRelativePath(Environment.CurrentDirectory, model.Folder);

        using IEmbeddingGenerator<string, Embedding<float>> generator = await new OnnxModelProvider().OpenAsync(
            relative,
            TestContext.Current.CancellationToken
        );

        Assert.NotEqual(model.Folder, relative);
        Assert.Equal(model.Folder, generator.GetService<ModelProfile>()!.Name);
    }

    [Fact]
    public async Task Missing_weights_are_an_error_with_the_file()
    {
        using var model = new TinyModel("xlmr");
        File.Delete(model.PathOf("onnx/model.onnx_data"));

        InputException error = await Assert.ThrowsAsync<InputException>(() => model.OpenAsync());

        Assert.EndsWith(
            "onnx/model.onnx: its weights are in model.onnx_data, which is missing from its folder; download that file too",
            error.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Weights_outside_the_folder_are_never_read()
    {
        using var model = new TinyModel("xlmr");
        string graph = model.PathOf("onnx/model.onnx");
        byte[] bytes = File.ReadAllBytes(graph);
        // A name of the same length.
        byte[] name = "model.onnx_data"u8.ToArray(),
            hostile = "../../../passwd"u8.ToArray();
        for (int at; (at = bytes.AsSpan().IndexOf(name)) >= 0; )
        {
            hostile.CopyTo(bytes, at);
        }

        File.WriteAllBytes(graph, bytes);

        InputException error = await Assert.ThrowsAsync<InputException>(() => model.OpenAsync());

        Assert.Contains("'../../../passwd', which is outside the model's folder", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Truncated_graph_is_a_one_line_error()
    {
        using var model = new TinyModel("bert");
        File.WriteAllBytes(model.PathOf("onnx/model.onnx"), File.ReadAllBytes(model.PathOf("onnx/model.onnx"))[..5000]);

        InputException error = await Assert.ThrowsAsync<InputException>(() => model.OpenAsync());

        Assert.Contains("onnx/model.onnx: ONNX Runtime cannot load it", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public async Task Very_long_text_runs_and_does_not_change_the_others()
    {
        using var model = new TinyModel("mistral");
        model.Edit("tokenizer_config.json", config => config["model_max_length"] = 8192);
        model.AddModules(new JsonObject { ["pooling_mode"] = "lasttoken" });
        using IEmbeddingGenerator<string, Embedding<float>> generator = await model.OpenAsync();
        string giant = string.Concat(Enumerable.Repeat("on and on ", 900));

        GeneratedEmbeddings<Embedding<float>> vectors = await generator.GenerateAsync(
            [giant, model.Texts[1]],
            cancellationToken: TestContext.Current.CancellationToken
        );

        Assert.True(vectors.Usage!.InputTokenCount > 2048);
        Assert.All(vectors[0].Vector.ToArray(), static value => Assert.True(float.IsFinite(value)));
        TinyModel.AssertClose([model.Expected("lasttoken")[1]], [vectors[1].Vector.ToArray()]);
    }

    [Fact]
    public async Task Concurrent_callers_share_one_graph_and_get_their_own_vectors()
    {
        using var model = new TinyModel("bert");
        model.AddModules(new JsonObject { ["pooling_mode"] = "mean" });
        using IEmbeddingGenerator<string, Embedding<float>> generator = await model.OpenAsync();
        float[][] expected = model.Expected("mean");

        await Parallel.ForAsync(
            0,
            64,
            TestContext.Current.CancellationToken,
            async (caller, stop) =>
            {
                int[] mine = [.. Enumerable.Range(0, 1 + (caller % 5)).Select(i => (caller + (7 * i)) % model.Texts.Length)];
                GeneratedEmbeddings<Embedding<float>> vectors = await generator.GenerateAsync(
                    mine.Select(i => model.Texts[i]),
                    cancellationToken: stop
                );
                TinyModel.AssertClose([.. mine.Select(i => expected[i])], [.. vectors.Select(static v => v.Vector.ToArray())]);
            }
        );
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public async Task Thread_count_does_not_change_vectors(int threads)
    {
        using var model = new TinyModel("mistral");
        model.AddModules(new JsonObject { ["pooling_mode"] = "lasttoken" });
        using IEmbeddingGenerator<string, Embedding<float>> generator = await new OnnxModelProvider { Threads = threads }.OpenAsync(
            model.Folder,
            TestContext.Current.CancellationToken
        );

        GeneratedEmbeddings<Embedding<float>> vectors = await generator.GenerateAsync(
            model.Texts,
            cancellationToken: TestContext.Current.CancellationToken
        );

        TinyModel.AssertClose(model.Expected("lasttoken"), [.. vectors.Select(static vector => vector.Vector.ToArray())]);
    }

    [Fact]
    public void Zero_threads_are_rejected() => Assert.Throws<ArgumentOutOfRangeException>(() => new OnnxModelProvider { Threads = 0 });

    [Theory]
    [InlineData(OnnxExecutionProvider.Cuda, "Microsoft.ML.OnnxRuntime.Gpu")]
    [InlineData(OnnxExecutionProvider.DirectML, "Microsoft.ML.OnnxRuntime.DirectML")]
    [InlineData(OnnxExecutionProvider.CoreML, "macOS")]
    public async Task Missing_execution_provider_is_an_error_with_the_available_ones_and_its_package(
        OnnxExecutionProvider provider,
        string package
    )
    {
        Assert.SkipWhen(OperatingSystem.IsMacOS() && provider == OnnxExecutionProvider.CoreML, "ONNX Runtime for macOS has it");
        using var model = new TinyModel("bert");

        InputException error = await Assert.ThrowsAsync<InputException>(() =>
            new OnnxModelProvider { ExecutionProvider = provider }.OpenAsync(model.Folder, TestContext.Current.CancellationToken)
        );

        Assert.Contains(
            provider.ToString().ToLowerInvariant() + " is not in this program's ONNX Runtime, which has cpu",
            error.Message,
            StringComparison.Ordinal
        );
        Assert.Contains(package, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    private static async Task<string> FingerprintAsync(TinyModel model)
    {
        using IEmbeddingGenerator<string, Embedding<float>> generator = await model.OpenAsync();
        return generator.GetService<ModelProfile>()!.Fingerprint;
    }
}
