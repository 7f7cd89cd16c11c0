using Microsoft.Extensions.AI;
using Sextant.Embedding;
using Sextant.Models;
using Sextant.Training.Distillation;
using Sextant.Training.Numerics;
using Sextant.Training.Runs;

namespace Sextant.Training.Tests.Distillation;

public class StaticDistillerTests
{
    private static readonly DistillationOptions Small = new()
    {
        VocabularySize = 1_000,
        WordPieces = 40,
        Dimensions = 24,
        MatryoshkaDimensions = [24, 8],
        Batch = 32,
        Epochs = 12,
        LearningRate = 0.02f,
        ValidationFraction = 0.2,
    };

    /// <summary>Every thing with every deed, in both ways to say each: texts that share words in all combinations.</summary>
    private static string[] Corpus { get; } =
    [
        .. ToyData
            .Lines.SelectMany(static line => line.Split('\t'))
            .SelectMany(static text => (string[])[text, text + " again", "today " + text]),
    ];

    [Fact]
    public async Task Distillation_moves_held_out_texts_toward_the_teacher_and_the_card_reports_it()
    {
        using var folder = new TemporaryFolder();
        using var teacher = new Teacher();
        string output = folder.File("student"),
            untrained = folder.File("untrained");
        DistillationReport report = await StaticDistiller.DistillAsync(
            teacher,
            Corpus,
            output,
            Small with
            {
                UntrainedDirectory = untrained,
            },
            cancellationToken: TestContext.Current.CancellationToken
        );

        Assert.True(report is { Before: not null, After: not null });
        Assert.True(report.After.Cosine > report.Before.Cosine + 0.02, $"{report.Before} → {report.After}");
        Assert.True(report.After.NeighborRecall > report.Before.NeighborRecall, $"{report.Before} → {report.After}");
        Assert.Equal((report.After.Texts + report.Texts, 24), (Corpus.Length, report.Dimensions));
        string card = File.ReadAllText(Path.Combine(output, "README.md"));
        Assert.Contains("# Distilled from teacher", card, StringComparison.Ordinal);
        Assert.Contains("correlation of similarities", card, StringComparison.Ordinal);

        // The folder is a model like any other, and follows the teacher's cosines on a text that neither has seen.
        IEmbeddingGenerator<string, Embedding<float>> student = await ModelRegistry.Default.OpenAsync(
            output,
            new EmbeddingPipelineOptions { UseCache = false },
            TestContext.Current.CancellationToken
        );
        Assert.Equal([24, 8], student.GetService<ModelProfile>()!.MatryoshkaDimensions);
        double seen = await ErrorAsync(student, teacher),
            start =
                await ErrorAsync(
                    await ModelRegistry.Default.OpenAsync(
                        untrained,
                        new EmbeddingPipelineOptions { UseCache = false },
                        TestContext.Current.CancellationToken
                    ),
                    teacher
                );
        Assert.True(seen < start, $"{start} → {seen}");
    }

    [Fact]
    public async Task Killed_and_resumed_distillation_writes_the_same_bytes()
    {
        using var folder = new TemporaryFolder();
        using var teacher = new Teacher();
        CancellationToken token = TestContext.Current.CancellationToken;
        DistillationReport whole = await StaticDistiller.DistillAsync(
            teacher,
            Corpus,
            folder.File("whole"),
            Small,
            cancellationToken: token
        );
        foreach (int dies in (int[])[2, 40])
        {
            string output = folder.File($"halves-{dies}");
            var dying = new TrainingRunOptions
            {
                CheckpointSteps = 7,
                MaxDegreeOfParallelism = 1,
                Progress = new KillAtStep(dies),
            };
            await Assert.ThrowsAsync<OperationCanceledException>(() =>
                StaticDistiller.DistillAsync(teacher, Corpus, output, Small, dying, token)
            );
            DistillationReport resumed = await StaticDistiller.DistillAsync(teacher, Corpus, output, Small, new() { Resume = true }, token);
            Assert.Equal((whole.Before, whole.After, whole.Loss), (resumed.Before, resumed.After, resumed.Loss));
            Assert.Equal(
                await File.ReadAllBytesAsync(Path.Combine(folder.File("whole"), "model.safetensors"), token),
                await File.ReadAllBytesAsync(Path.Combine(output, "model.safetensors"), token)
            );
            Assert.False(File.Exists(Path.Combine(output, "checkpoint.safetensors")));
        }
    }

    [Fact]
    public async Task Checkpoint_of_another_corpus_is_rejected()
    {
        using var folder = new TemporaryFolder();
        using var teacher = new Teacher();
        CancellationToken token = TestContext.Current.CancellationToken;
        var dying = new TrainingRunOptions { CheckpointSteps = 1, Progress = new KillAtStep(2) };
        await Assert.ThrowsAsync<OperationCanceledException>(() =>
            StaticDistiller.DistillAsync(teacher, Corpus, folder.File("m"), Small, dying, token)
        );
        InputException refused = await Assert.ThrowsAsync<InputException>(() =>
            StaticDistiller.DistillAsync(teacher, [.. Corpus, "one more text"], folder.File("m"), Small, new() { Resume = true }, token)
        );
        Assert.Contains("other settings or data", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Distillation_without_a_corpus_keeps_the_teachers_token_vectors()
    {
        using var folder = new TemporaryFolder();
        using var teacher = new Teacher();
        CancellationToken token = TestContext.Current.CancellationToken;
        string[] vocabulary = ["[UNK]", "dog", "hound", "car", "##s"];
        DistillationReport report = await StaticDistiller.DistillAsync(
            teacher,
            [],
            folder.File("m"),
            Small with
            {
                Vocabulary = vocabulary,
                Dimensions = 4,
            },
            cancellationToken: token
        );
        Assert.Equal((0, 5, 4), (report.Texts, report.Tokens, report.Dimensions));
        Assert.Null(report.After);
        Assert.Equal(vocabulary, TeacherVocabulary.Read(folder.File("m")));
        Assert.Equal(["[UNK]", "dog", "hound", "car", "s"], teacher.Asked);
    }

    [Fact]
    public async Task Options_out_of_range_are_rejected_before_the_teacher_runs()
    {
        using var folder = new TemporaryFolder();
        using var teacher = new Teacher();
        foreach (
            DistillationOptions wrong in new DistillationOptions[]
            {
                Small with
                {
                    VocabularySize = 10,
                },
                Small with
                {
                    WordPieces = 2_000,
                },
                Small with
                {
                    Batch = 2,
                },
                Small with
                {
                    LearningRate = float.NaN,
                },
                Small with
                {
                    Temperature = 0,
                },
                Small with
                {
                    Dimensions = 0,
                },
                Small with
                {
                    ValidationFraction = 1,
                },
                Small with
                {
                    MatryoshkaDimensions = [0],
                },
            }
        )
        {
            await Assert.ThrowsAsync<InputException>(() => StaticDistiller.DistillAsync(teacher, Corpus, folder.File("m"), wrong));
        }

        Assert.Empty(teacher.Asked);
        Assert.False(Directory.Exists(folder.File("m")));
    }

    /// <summary>The mean difference of the student's and the teacher's cosine between pairs of new texts.</summary>
    private static async Task<double> ErrorAsync(IEmbeddingGenerator<string, Embedding<float>> student, Teacher teacher)
    {
        string[] texts =
        [
            "the woman sees a dog",
            "she notices the hound",
            "the kid fears a ship",
            "a child dreads the boat",
            "she sells the rock",
        ];
        GeneratedEmbeddings<Embedding<float>> own = await student.GenerateAsync(texts);
        GeneratedEmbeddings<Embedding<float>> wanted = await teacher.GenerateAsync(texts);
        double sum = 0;
        for (int i = 1; i < texts.Length; i++)
        {
            sum += Math.Abs(Cosine(own[0], own[i]) - Cosine(wanted[0], wanted[i]));
        }

        return sum / (texts.Length - 1);
    }

    private static double Cosine(Embedding<float> a, Embedding<float> b) =>
        System.Numerics.Tensors.TensorPrimitives.CosineSimilarity(a.Vector.Span, b.Vector.Span);

    /// <summary>
    /// A teacher for which single words are uninformative: a text's vector is the mean of its words' vectors, in which both words for a
    /// thing share a direction, but a single word has its own noise.
    /// </summary>
    private sealed class Teacher : IEmbeddingGenerator<string, Embedding<float>>
    {
        private const int Size = 32;

        private static readonly Dictionary<string, string> Meanings = ToyData
            .Lines.SelectMany(static line => line.Split('\t')[0].Split(' ').Zip(line.Split('\t')[1].Split(' ').Skip(1)))
            .DistinctBy(static pair => pair.Second)
            .ToDictionary(static pair => pair.Second, static pair => pair.First);

        public List<string> Asked { get; } = [];

        public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
            IEnumerable<string> values,
            EmbeddingGenerationOptions? options = null,
            CancellationToken cancellationToken = default
        )
        {
            string[] texts = [.. values];
            Asked.AddRange(texts);
            return Task.FromResult(
                new GeneratedEmbeddings<Embedding<float>>(texts.Select(static text => new Embedding<float>(Vector(text))))
            );
        }

        public object? GetService(Type serviceType, object? serviceKey = null) =>
            serviceType == typeof(ModelProfile)
                ? new ModelProfile
                {
                    Name = "teacher",
                    Provider = "test",
                    Dimensions = Size,
                }
                : null;

        public void Dispose() { }

        private static float[] Vector(string text)
        {
            string[] words = text.Split(' ');
            float[] vector = new float[Size];
            foreach (string word in words)
            {
                Add(vector, Meanings.GetValueOrDefault(word, word), 1);
            }

            if (words.Length == 1)
            {
                Add(vector, "alone " + text, 2);
            }

            float length = System.Numerics.Tensors.TensorPrimitives.Norm<float>(vector);
            return Array.ConvertAll(vector, value => value / length);
        }

        private static void Add(float[] vector, string name, float factor)
        {
            ulong seed = name.Aggregate(7UL, static (hash, c) => (hash * 31) + c);
            var random = new SeededRandom(SeededRandom.Derive(seed, 1));
            for (int i = 0; i < Size; i++)
            {
                vector[i] += factor * random.NextGaussian();
            }
        }
    }
}
