using Microsoft.Extensions.AI;
using Sextant.Embedding;
using Sextant.Models;
using Sextant.Training.Adapters;
using Sextant.Training.Data;
using Sextant.Training.FineTuning;

namespace Sextant.Training.Tests.Adapters;

public class AdapterTests
{
    [Theory]
    [InlineData(AdapterKind.Linear, false)]
    [InlineData(AdapterKind.Linear, true)]
    [InlineData(AdapterKind.Mlp, true)]
    public async Task Adapter_improves_held_out_pairs_over_a_frozen_model(AdapterKind kind, bool queriesOnly)
    {
        using var folder = new TemporaryFolder();
        string pairs = folder.Write("pairs.tsv", Enumerable.Range(0, 200).Select(i => $"q{i}\td{i}"));
        using var model = new Twisted();
        FineTuningReport report = await AdapterTrainer.TrainAsync(
            PairCollection.FromFiles(pairs),
            model,
            folder.File("tuned"),
            new AdapterOptions
            {
                Kind = kind,
                QueriesOnly = queriesOnly,
                LearningRate = 0.01f,
                Warmup = 5,
                Epochs = 20,
                ValidationFraction = 0.2,
            },
            TestContext.Current.CancellationToken
        );
        Assert.True(report.After.MeanReciprocalRank > report.Before.MeanReciprocalRank + 0.1, $"{report.Before} → {report.After}");

        var adapter = EmbeddingAdapter.Load(Path.Combine(folder.File("tuned"), AdapterTrainer.FileName));
        Assert.Equal((kind, queriesOnly, "twisted"), (adapter.Kind, adapter.QueriesOnly, adapter.BaseModel));
        using var adapted = new AdaptedEmbeddingGenerator(model, adapter);
        CancellationToken token = TestContext.Current.CancellationToken;
        float[] plain = (await model.GenerateAsync(["d7"], cancellationToken: token))[0].Vector.ToArray();
        float[] document = (await adapted.GenerateAsync(["d7"], cancellationToken: token))[0].Vector.ToArray();
        float[] query = (await adapted.GenerateAsync(["d7"], EmbeddingRoleExtensions.WithRole(null, EmbeddingRole.Query), token))[0]
            .Vector.ToArray();
        Assert.Equal(queriesOnly, plain.SequenceEqual(document));
        Assert.NotEqual(plain, query);
        Assert.Equal(queriesOnly, Twisted.Profile.Fingerprint == ((ModelProfile)adapted.GetService(typeof(ModelProfile))!).Fingerprint);
    }

    [Fact]
    public void Adapter_of_another_model_and_an_invalid_file_are_rejected()
    {
        using var folder = new TemporaryFolder();
        using var model = new Twisted();
        string path = folder.File("adapter.safetensors");
        new EmbeddingAdapter(new AdapterWeights(Twisted.Size, 0), queriesOnly: true, "another", "another/1").Save(path);
        Assert.Contains(
            "another",
            Assert.Throws<InputException>(() => new AdaptedEmbeddingGenerator(model, EmbeddingAdapter.Load(path))).Message,
            StringComparison.Ordinal
        );
        File.WriteAllBytes(path, [1, 2, 3]);
        Assert.Throws<InputException>(() => EmbeddingAdapter.Load(path));
    }

    [Fact]
    public void Gradients_of_both_layers_match_finite_differences()
    {
        const int Size = 5,
            Count = 4;
        var random = new Sextant.Training.Numerics.SeededRandom(3);
        float[] Draw(int length) => [.. Enumerable.Range(0, length).Select(_ => random.NextGaussian())];
        var weights = new AdapterWeights(Size, 3);
        foreach ((_, float[] values, _) in weights.Tensors())
        {
            Draw(values.Length).CopyTo(values, 0);
        }

        float[]?[] vectors = [.. Enumerable.Range(0, Count).Select(_ => Draw(Size))];
        float[][] slopes = [.. Enumerable.Range(0, Count).Select(_ => Draw(Size))];
        int[] texts = [.. Enumerable.Range(0, Count)];
        var gradients = new Sextant.Training.Numerics.EmbeddingMatrix(Count, Size);
        for (int i = 0; i < Count; i++)
        {
            slopes[i].CopyTo(gradients[i]);
        }

        double Value() => texts.Sum(i => (double)System.Numerics.Tensors.TensorPrimitives.Dot<float>(weights.Apply(vectors[i]), slopes[i]));
        double[][] expected =
        [
            .. weights
                .Tensors()
                .Select(tensor =>
                    tensor
                        .Values.Select(
                            (_, i) =>
                            {
                                const float Step = 1e-2f;
                                float kept = tensor.Values[i];
                                tensor.Values[i] = kept + Step;
                                double above = Value();
                                tensor.Values[i] = kept - Step;
                                double below = Value();
                                tensor.Values[i] = kept;
                                return (above - below) / (2 * Step);
                            }
                        )
                        .ToArray()
                ),
        ];

        var encoder = new AdapterEncoder(weights, vectors, vectors, queriesOnly: false, maxGradientNorm: 0);
        encoder.Forward(texts, Count, default, new ParallelOptions());
        encoder.Backward(gradients, 1e-9f, new ParallelOptions());
        using var folder = new TemporaryFolder();
        var file = new Sextant.Models.Safetensors.SafetensorsWriter();
        encoder.Save(file);
        file.Save(folder.File("state"));
        using var state = Sextant.Models.Safetensors.SafetensorsFile.Open(folder.File("state"));
        foreach (((string name, _, _), double[] slope) in weights.Tensors().Zip(expected))
        {
            // After one step the first moment is a tenth of the gradient.
            Assert.All(state.ReadSingles("first_moments." + name).Zip(slope), pair => Assert.Equal(pair.Second, pair.First * 10, 2e-3));
        }
    }

    [Fact]
    public async Task Adapter_folder_opens_as_a_model_and_reuses_the_base_models_cache()
    {
        using var folder = new TemporaryFolder();
        CancellationToken token = TestContext.Current.CancellationToken;
        var pipeline = new EmbeddingPipelineOptions { CacheDirectory = folder.File("cache") };
        string pairs = folder.Write("pairs.tsv", ToyData.Lines);
        using (
            IEmbeddingGenerator<string, Embedding<float>> plain = await ModelRegistry.Default.OpenAsync("sextant-small", pipeline, token)
        )
        {
            await AdapterTrainer.TrainAsync(PairCollection.FromFiles(pairs), plain, folder.File("q"), new() { QueriesOnly = true }, token);
            await AdapterTrainer.TrainAsync(
                PairCollection.FromFiles(pairs),
                plain,
                folder.File("all"),
                new() { Kind = AdapterKind.Mlp },
                token
            );
        }

        ModelRegistry models = ModelRegistry.Default.WithProviders(new AdapterModelProvider(ModelRegistry.Default));
        using IEmbeddingGenerator<string, Embedding<float>> model = await models.OpenAsync("sextant-small", pipeline, token);
        using IEmbeddingGenerator<string, Embedding<float>> queries = await models.OpenAsync(folder.File("q"), pipeline, token);
        using IEmbeddingGenerator<string, Embedding<float>> all = await models.OpenAsync(
            folder.File("all"),
            pipeline with
            {
                Dimensions = 64,
            },
            token
        );
        Assert.Equal(Profile(model).Fingerprint, Profile(queries).Fingerprint);
        Assert.NotEqual(Profile(model).Fingerprint, Profile(all).Fingerprint);
        string text = ToyData.Lines.First().Split('\t')[0];
        EmbeddingGenerationOptions asQuery = EmbeddingRoleExtensions.WithRole(null, EmbeddingRole.Query);
        float[] own = (await model.GenerateAsync([text], cancellationToken: token))[0].Vector.ToArray();
        Assert.Equal(own, (await queries.GenerateAsync([text], cancellationToken: token))[0].Vector.ToArray());
        Assert.NotEqual(own, (await queries.GenerateAsync([text], asQuery, token))[0].Vector.ToArray());
        Assert.Equal(own, (await model.GenerateAsync([text], asQuery, token))[0].Vector.ToArray());
        Assert.Equal(64, (await all.GenerateAsync([text, ""], asQuery, token))[0].Vector.Length);

        static ModelProfile Profile(IEmbeddingGenerator<string, Embedding<float>> generator) =>
            (ModelProfile)generator.GetService(typeof(ModelProfile))!;
    }

    /// <summary>Gives a query a vector whose second half is that of its document and whose first half is noise, stronger than it.</summary>
    private sealed class Twisted : IEmbeddingGenerator<string, Embedding<float>>
    {
        public const int Size = 16;

        public static ModelProfile Profile { get; } =
            new()
            {
                Name = "twisted",
                Provider = "test",
                Dimensions = Size,
            };

        public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
            IEnumerable<string> values,
            EmbeddingGenerationOptions? options = null,
            CancellationToken cancellationToken = default
        ) => Task.FromResult(new GeneratedEmbeddings<Embedding<float>>(values.Select(text => new Embedding<float>(Vector(text)))));

        public object? GetService(Type serviceType, object? serviceKey = null) => serviceType == typeof(ModelProfile) ? Profile : null;

        public void Dispose() { }

        private static float[] Vector(string text)
        {
            ulong id = ulong.Parse(text[1..], System.Globalization.CultureInfo.InvariantCulture);
            var noise = new Sextant.Training.Numerics.SeededRandom((id * 2) + (text[0] == 'q' ? 1UL : 0));
            var meaning = new Sextant.Training.Numerics.SeededRandom(100_000 + id);
            float[] vector = new float[Size];
            for (int i = 0; i < Size; i++)
            {
                vector[i] = i < Size / 2 ? 2 * noise.NextGaussian() : meaning.NextGaussian();
            }

            float length = System.Numerics.Tensors.TensorPrimitives.Norm<float>(vector);
            return [.. vector.Select(value => value / length)];
        }
    }
}
