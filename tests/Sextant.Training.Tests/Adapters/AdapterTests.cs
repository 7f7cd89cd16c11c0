using Microsoft.Extensions.AI;
using Sextant.Embedding;
using Sextant.Models;
using Sextant.Training.Adapters;
using Sextant.Training.FineTuning;

namespace Sextant.Training.Tests.Adapters;

public class AdapterTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Held_out_pairs_are_found_better_over_a_model_that_stays_as_it_is(bool queriesOnly)
    {
        using var folder = new TemporaryFolder();
        string pairs = folder.Write("pairs.tsv", Enumerable.Range(0, 200).Select(i => $"q{i}\td{i}"));
        using var model = new Twisted();
        (LinearAdapter adapter, FineTuningReport report) = await AdapterTrainer.TrainAsync(
            [pairs], model, queriesOnly, new FineTuningOptions { LearningRate = 0.01f, Warmup = 5, Epochs = 20, ValidationFraction = 0.2 },
            cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(report.After.MeanReciprocalRank > report.Before.MeanReciprocalRank + 0.1, $"{report.Before} → {report.After}");

        string path = folder.File("adapter.safetensors");
        adapter.Save(path);
        using var adapted = new AdaptedEmbeddingGenerator(model, LinearAdapter.Load(path));
        CancellationToken token = TestContext.Current.CancellationToken;
        float[] plain = (await model.GenerateAsync(["d7"], cancellationToken: token))[0].Vector.ToArray();
        float[] document = (await adapted.GenerateAsync(["d7"], cancellationToken: token))[0].Vector.ToArray();
        float[] query = (await adapted.GenerateAsync(["d7"], EmbeddingRoleExtensions.WithRole(null, EmbeddingRole.Query), token))[0].Vector.ToArray();
        Assert.Equal(queriesOnly, plain.SequenceEqual(document));
        Assert.NotEqual(plain, query);
        Assert.Equal(queriesOnly, Twisted.Profile.Fingerprint == ((ModelProfile)adapted.GetService(typeof(ModelProfile))!).Fingerprint);
    }

    [Fact]
    public void An_adapter_of_another_model_and_a_file_that_is_none_are_refused()
    {
        using var folder = new TemporaryFolder();
        using var model = new Twisted();
        string path = folder.File("adapter.safetensors");
        new LinearAdapter(new float[Twisted.Size * Twisted.Size], Twisted.Size, queriesOnly: true, "another").Save(path);
        Assert.Contains("another", Assert.Throws<InputException>(() => new AdaptedEmbeddingGenerator(model, LinearAdapter.Load(path))).Message, StringComparison.Ordinal);
        File.WriteAllBytes(path, [1, 2, 3]);
        Assert.Throws<InputException>(() => LinearAdapter.Load(path));
    }

    /// <summary>Gives a query a vector whose second half is that of its document and whose first half is noise, stronger than it.</summary>
    private sealed class Twisted : IEmbeddingGenerator<string, Embedding<float>>
    {
        public const int Size = 16;

        public static ModelProfile Profile { get; } = new() { Name = "twisted", Provider = "test", Dimensions = Size };

        public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
            IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default) =>
            Task.FromResult(new GeneratedEmbeddings<Embedding<float>>(values.Select(text => new Embedding<float>(Vector(text)))));

        public object? GetService(Type serviceType, object? serviceKey = null) => serviceType == typeof(ModelProfile) ? Profile : null;

        public void Dispose()
        {
        }

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
