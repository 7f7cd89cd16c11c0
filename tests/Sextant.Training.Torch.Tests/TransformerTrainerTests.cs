using Microsoft.Extensions.AI;
using Sextant.Embedding;
using Sextant.Onnx;
using Sextant.Tests.Shared.Transformers;
using Sextant.Training.Data;
using Sextant.Training.FineTuning;
using Sextant.Training.Numerics;
using Sextant.Training.Runs;
using Sextant.Training.Tests;
using Sextant.Training.Torch.Encoders;
using Sextant.Training.Torch.Native;
using Sextant.Training.Transformers;

namespace Sextant.Training.Torch.Tests;

public class TransformerTrainerTests
{
    [Theory]
    [InlineData("bert")]
    [InlineData("roberta")]
    [InlineData("distilbert")]
    public void Forward_pass_matches_PyTorch(string family)
    {
        SkipWithoutLibTorch();
        using var folder = new TemporaryFolder();
        using TorchEncoder encoder = Open(folder, family, new TransformerOptions());
        // In training too, without dropout: all texts at once, with padding.
        Compare(encoder.Embed([0, 1, 2], EmbeddingRole.Document), family);
    }

    [Fact]
    public void Sliced_batch_has_the_gradients_of_the_whole_batch()
    {
        SkipWithoutLibTorch();
        using var folder = new TemporaryFolder();
        float[][] moments =
        [
            .. new[] { long.MaxValue, 8 }.Select(tokens =>
            {
                using TorchEncoder encoder = Open(folder, "bert", new TransformerOptions { SliceTokens = tokens }, dropout: false);
                int[] texts = [0, 1, 2, 1, 0];
                EmbeddingMatrix embeddings = encoder.Forward(texts, 2, new SeededRandom(3), new ParallelOptions());
                var gradients = new EmbeddingMatrix(texts.Length, embeddings.Columns);
                var random = new SeededRandom(5);
                for (int i = 0; i < texts.Length; i++)
                {
                    foreach (ref float value in gradients[i])
                    {
                        value = random.NextGaussian();
                    }
                }

                encoder.Backward(gradients, 1e-3f, new ParallelOptions());
                return Moments(encoder, folder);
            }),
        ];
        Assert.Contains(moments[0], value => MathF.Abs(value) > 1e-3f);
        Assert.All(moments[0].Zip(moments[1]), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }

    [Fact]
    public void Both_passes_over_a_slice_use_the_same_dropout()
    {
        SkipWithoutLibTorch();
        using var folder = new TemporaryFolder();
        using TorchEncoder whole = Open(folder, "bert", new TransformerOptions());
        EmbeddingMatrix first = whole.Forward([0], 0, new SeededRandom(3), new ParallelOptions());
        EmbeddingMatrix again = whole.Forward([0], 0, new SeededRandom(3), new ParallelOptions());
        EmbeddingMatrix other = whole.Forward([0], 0, new SeededRandom(4), new ParallelOptions());
        Assert.Equal(first[0], again[0]);
        Assert.NotEqual(first[0].ToArray(), other[0].ToArray());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    public async Task Training_improves_held_out_pairs_and_the_saved_model_opens_and_a_killed_run_resumes_to_the_same_weights(int rank)
    {
        SkipWithoutLibTorch();
        using var folder = new TemporaryFolder();
        TinyTransformer.Write(folder.File("base"), "bert");
        string pairs = folder.Write("pairs.tsv", ToyData.Lines);
        CancellationToken token = TestContext.Current.CancellationToken;
        var options = new TransformerOptions
        {
            LoraRank = rank,
            Epochs = 6,
            Batch = 8,
            Warmup = 5,
            LearningRate = 0.005f,
            ValidationFraction = 0.25,
        };
        Task<FineTuningReport> TrainAsync(string output, TrainingRunOptions run) =>
            TransformerTrainer.TrainAsync(
                PairCollection.FromFiles(pairs),
                folder.File("base"),
                folder.File(output),
                options with
                {
                    Run = run with { MaxDegreeOfParallelism = 1 },
                },
                token
            );
        FineTuningReport report = await TrainAsync("whole", new());
        Assert.True(report.After.MeanReciprocalRank > report.Before.MeanReciprocalRank, $"{report.Before} → {report.After}");
        await Assert.ThrowsAsync<OperationCanceledException>(() =>
            TrainAsync("halves", new() { CheckpointSteps = 7, Progress = new KillAtStep(24) })
        );
        await TrainAsync("halves", new() { Resume = true });
        Assert.Equal(
            File.ReadAllBytes(Path.Combine(folder.File("whole"), "model.safetensors")),
            File.ReadAllBytes(Path.Combine(folder.File("halves"), "model.safetensors"))
        );

        var directory = TransformerDirectory.Open(folder.File("whole"));
        using TorchEncoder trained = Open(directory, directory.Config, options);
        using IEmbeddingGenerator<string, Embedding<float>> model = await new OnnxModelProvider().OpenAsync(folder.File("whole"), token);
        GeneratedEmbeddings<Embedding<float>> run = await model.GenerateAsync(TinyTransformer.Texts, cancellationToken: token);
        EmbeddingMatrix expected = trained.Embed([0, 1, 2], EmbeddingRole.Document);
        for (int i = 0; i < 3; i++)
        {
            float length = System.Numerics.Tensors.TensorPrimitives.Norm<float>(expected[i]);
            Assert.All(expected[i].ToArray().Zip(run[i].Vector.ToArray()), pair => Assert.Equal(pair.First / length, pair.Second, 1e-4f));
        }
    }

    [Fact]
    public async Task Graph_and_safetensors_train_to_the_same_weights()
    {
        SkipWithoutLibTorch();
        using var folder = new TemporaryFolder();
        TinyTransformer.Write(folder.File("base"), "bert");
        Export.OnnxExporter.Export(folder.File("base"), folder.File("graph"));
        File.Delete(Path.Combine(folder.File("graph"), "config.json"));
        Assert.Empty(Directory.EnumerateFiles(folder.File("graph"), "*.safetensors", SearchOption.AllDirectories));
        string pairs = folder.Write("pairs.tsv", ToyData.Lines);
        var options = new TransformerOptions
        {
            Epochs = 1,
            Batch = 8,
            Warmup = 2,
            LearningRate = 0.005f,
            ValidationFraction = 0.25,
            Run = new() { MaxDegreeOfParallelism = 1 },
        };
        var weights = new List<byte[]>();
        foreach (string model in (string[])["base", "graph"])
        {
            string output = folder.File(model + "-trained");
            await TransformerTrainer.TrainAsync(
                PairCollection.FromFiles(pairs),
                folder.File(model),
                output,
                options,
                TestContext.Current.CancellationToken
            );
            weights.Add(File.ReadAllBytes(Path.Combine(output, "model.safetensors")));
        }

        Assert.Equal(weights[0], weights[1]);
    }

    [Fact]
    public void Slices_minimize_the_work_and_respect_the_limit()
    {
        // 32 short questions and 32 long answers: padded together they would be 32 x 300 tokens more.
        int[][] texts = [.. Enumerable.Range(0, 64).Select(static i => new int[i % 2 == 0 ? 10 + (i / 16) : 290 + (i / 8)])];
        List<TextSlice> slices = TextSlice.Cut(texts, long.MaxValue);
        Assert.Equal(Enumerable.Range(0, 64), slices.SelectMany(static slice => slice.Rows).Order());
        Assert.All(slices, slice => Assert.All(slice.Rows, row => Assert.True(texts[row].Length <= slice.Length)));
        Assert.True(slices.Sum(static slice => slice.Tokens) <= texts.Sum(static text => text.Length) + 500);
        Assert.All(TextSlice.Cut(texts, 1000), static slice => Assert.True(slice.Tokens <= 1000));
        Assert.Equal([1, 1], TextSlice.Cut([new int[9], new int[9]], 5).Select(static slice => slice.Rows.Length));
    }

    [Fact]
    public void Library_copy_for_old_systems_requires_no_newer_symbol()
    {
        string library = Path.Combine(AppContext.BaseDirectory, "libLibTorchSharp.so");
        Assert.SkipUnless(File.Exists(library), "there is a library for Linux only where this was built on Linux");
        byte[] shipped = File.ReadAllBytes(library);
        byte[]? copy = OldLibraryCopy.Create(shipped);
        Assert.NotNull(copy);
        Assert.Equal(shipped.Length, copy.Length);
        Assert.InRange(shipped.Zip(copy).Count(static pair => pair.First != pair.Second), 20, 40);
        Assert.Null(OldLibraryCopy.Create([1, 2, 3]));
        Assert.Null(OldLibraryCopy.Create(copy));
    }

    private static void SkipWithoutLibTorch()
    {
        Assert.SkipWhen(LibTorch.Problem is not null, LibTorch.Problem ?? "");
        // With so little work, one thread is faster.
        TorchSharp.torch.set_num_threads(1);
    }

    private static TorchEncoder Open(TemporaryFolder folder, string family, TransformerOptions options, bool dropout = true)
    {
        TinyTransformer.Write(folder.File(family), family);
        var directory = TransformerDirectory.Open(folder.File(family));
        TransformerConfig config = dropout ? directory.Config : directory.Config with { Dropout = 0 };
        return Open(directory, config, options);
    }

    private static TorchEncoder Open(TransformerDirectory directory, TransformerConfig config, TransformerOptions options) =>
        new(
            new TransformerStart
            {
                Config = config,
                PoolsFirst = directory.Layout.PoolsFirst,
                Weights = directory.ReadWeights(),
                Tokens = (text, role) => directory.Encode(TinyTransformer.Texts[text], role, 256),
                Options = options,
            },
            options
        );

    private static float[] Moments(TorchEncoder encoder, TemporaryFolder folder)
    {
        var file = new Models.Safetensors.SafetensorsWriter();
        encoder.Save(file);
        file.Save(folder.File("state"));
        using var state = Models.Safetensors.SafetensorsFile.Open(folder.File("state"));
        return
        [
            .. state
                .Tensors.Keys.Where(name => name.StartsWith("first_moments.", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
                .SelectMany(state.ReadSingles),
        ];
    }

    private static void Compare(EmbeddingMatrix vectors, string family)
    {
        for (int i = 0; i < vectors.Rows; i++)
        {
            float length = System.Numerics.Tensors.TensorPrimitives.Norm<float>(vectors[i]);
            Assert.All(
                TinyTransformerVectors.ByFamily[family][i].Zip(vectors[i].ToArray()),
                pair => Assert.Equal(pair.First, pair.Second / length, 1e-4f)
            );
        }
    }

    private sealed class KillAtStep(int step) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Step == step)
            {
                throw new OperationCanceledException("killed");
            }
        }
    }
}
