using Microsoft.Extensions.AI;
using Sextant.Models;
using Sextant.Training.FineTuning;
using Sextant.Training.Recipes;
using Sextant.Training.Runs;

namespace Sextant.Training.Tests.Recipes;

public class RecipeTrainerTests
{
    private static readonly StaticModelRecipe Recipe = new()
    {
        Sources = [new RecipeSource { File = "pairs.tsv" }],
        VocabularySize = 400,
        WordPieces = 20,
        Dimensions = 32,
        MatryoshkaDimensions = [32, 8],
        Batch = 16,
        Passes = 12,
        Warmup = 5,
    };

    [Fact]
    public async Task Trained_model_learns_synonyms_and_opens()
    {
        using var folder = new TemporaryFolder();
        folder.Write("pairs.tsv", ToyData.Lines);
        RecipeReport report = RecipeTrainer.Train(
            Recipe,
            folder.Path,
            folder.File("model"),
            cancellationToken: TestContext.Current.CancellationToken
        );
        Assert.Equal(72, report.Pairs);
        using IEmbeddingGenerator<string, Embedding<float>> model = await new StaticModelProvider().OpenAsync(
            folder.File("model"),
            TestContext.Current.CancellationToken
        );
        GeneratedEmbeddings<Embedding<float>> vectors = await model.GenerateAsync(
            ["a physician", "the doctor", "the boat", "a hound"],
            cancellationToken: TestContext.Current.CancellationToken
        );
        double Cosine(int i, int j) =>
            System.Numerics.Tensors.TensorPrimitives.CosineSimilarity(vectors[i].Vector.Span, vectors[j].Vector.Span);
        Assert.True(Cosine(0, 1) > Cosine(0, 2) + 0.3);
        Assert.True(Cosine(0, 1) > Cosine(0, 3) + 0.3);
        Assert.False(File.Exists(Path.Combine(folder.File("model"), "checkpoint.safetensors")));
    }

    [Theory]
    [InlineData(false, 19)]
    [InlineData(true, 17)]
    public void Stopped_or_killed_run_resumed_with_other_threads_has_the_same_weights(bool killed, long resumesAt)
    {
        using var folder = new TemporaryFolder();
        folder.Write("pairs.tsv", ToyData.Lines);
        RecipeTrainer.Train(
            Recipe,
            folder.Path,
            folder.File("whole"),
            new() { MaxDegreeOfParallelism = 1 },
            TestContext.Current.CancellationToken
        );

        using var stop = new CancellationTokenSource();
        var stopping = new TrainingRunOptions
        {
            MaxDegreeOfParallelism = 4,
            CheckpointSteps = 7,
            Progress = new Inline(progress =>
            {
                if (progress.Step == 18)
                {
                    // A process that dies has only its last regular checkpoint, of step 14, or of a pass's end, step 16; an exception here
                    // gives the run no chance to write one.
                    if (killed)
                    {
                        throw new OperationCanceledException("killed");
                    }

                    stop.Cancel();
                }
            }),
        };
        Assert.ThrowsAny<OperationCanceledException>(() =>
            RecipeTrainer.Train(Recipe, folder.Path, folder.File("halves"), stopping, stop.Token)
        );
        var first = new List<long>();
        var resuming = new TrainingRunOptions { Resume = true, Progress = new Inline(progress => first.Add(progress.Step)) };
        RecipeTrainer.Train(Recipe, folder.Path, folder.File("halves"), resuming, TestContext.Current.CancellationToken);
        Assert.Equal(resumesAt, first[0]);
        Assert.Equal(
            File.ReadAllBytes(Path.Combine(folder.File("whole"), "model.safetensors")),
            File.ReadAllBytes(Path.Combine(folder.File("halves"), "model.safetensors"))
        );
    }

    [Fact]
    public async Task Student_is_closer_to_its_teacher_than_its_starting_model()
    {
        CancellationToken stop = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        folder.Write("pairs.tsv", ToyData.Lines);
        RecipeTrainer.Train(Recipe, folder.Path, folder.File("start"), cancellationToken: stop);
        StaticModelRecipe taught = Recipe with
        {
            Sources = [],
            Start = "start",
            Distillation = new()
            {
                Teachers = [new() { Model = "teacher" }],
                Sources = [new() { File = "pairs.tsv" }],
                Batch = 16,
            },
            TokenDropout = 0,
            Passes = 40,
        };
        await RecipeTrainer.TrainAsync(taught, folder.Path, folder.File("student"), OpenBuiltIn, cancellationToken: stop);

        string[] texts = [.. File.ReadLines(folder.File("pairs.tsv")).Select(static line => line.Split('\t')[0]).Distinct()];
        double[] wanted = await CosinesAsync(ModelRegistry.Default, "sextant-small", texts, stop);
        double before = RankCorrelation.Spearman(await CosinesAsync(ModelRegistry.Default, folder.File("start"), texts, stop), wanted);
        double after = RankCorrelation.Spearman(await CosinesAsync(ModelRegistry.Default, folder.File("student"), texts, stop), wanted);
        Assert.True(after > 0.8 && after > before + 0.2, $"{before} before, {after} after");
    }

    [Fact]
    public async Task Stopped_and_resumed_student_of_pairs_and_teachers_is_identical()
    {
        using var folder = new TemporaryFolder();
        folder.Write("pairs.tsv", ToyData.Lines);
        StaticModelRecipe taught = Recipe with
        {
            Distillation = new()
            {
                Teachers =
                [
                    new() { Model = "teacher" },
                    new()
                    {
                        Model = "other",
                        Weight = 0.5f,
                        QuestionsAreQueries = true,
                    },
                ],
                Sources = [new() { File = "pairs.tsv" }],
                Batch = 8,
            },
        };
        await RecipeTrainer.TrainAsync(
            taught,
            folder.Path,
            folder.File("whole"),
            OpenBuiltIn,
            cancellationToken: TestContext.Current.CancellationToken
        );
        using var stop = new CancellationTokenSource();
        var stopping = new TrainingRunOptions
        {
            CheckpointSteps = 7,
            Progress = new Inline(progress =>
            {
                if (progress.Step == 18)
                    stop.Cancel();
            }),
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            RecipeTrainer.TrainAsync(taught, folder.Path, folder.File("halves"), OpenBuiltIn, stopping, stop.Token)
        );
        await RecipeTrainer.TrainAsync(
            taught,
            folder.Path,
            folder.File("halves"),
            OpenBuiltIn,
            new() { Resume = true },
            TestContext.Current.CancellationToken
        );
        Assert.Equal(
            File.ReadAllBytes(Path.Combine(folder.File("whole"), "model.safetensors")),
            File.ReadAllBytes(Path.Combine(folder.File("halves"), "model.safetensors"))
        );
    }

    [Fact]
    public async Task Teachers_embed_the_selected_rows_and_the_words_of_the_vocabulary()
    {
        using var folder = new TemporaryFolder();
        folder.Write("pairs.tsv", ToyData.Lines);
        var asked = new List<string>();
        StaticModelRecipe taught = Recipe with
        {
            Distillation = new()
            {
                Teachers = [new() { Model = "teacher" }],
                Sources = [new() { File = "pairs.tsv", Every = 36 }],
                WordWeight = 1,
                MaxWords = 3,
                Batch = 8,
            },
            Passes = 1,
        };
        await RecipeTrainer.TrainAsync(
            taught,
            folder.Path,
            folder.File("m"),
            async (name, stop) => new Listening(await OpenBuiltIn(name, stop), asked),
            cancellationToken: TestContext.Current.CancellationToken
        );
        Assert.Equal(["she buys the", "the woman purchases"], asked.Where(static text => text.Contains(' ')).Distinct());
        Assert.Subset(asked.ToHashSet(), new HashSet<string> { "hound", "automobile", "physician", "woman" });
        Assert.DoesNotContain(asked, static text => text.StartsWith("##", StringComparison.Ordinal) || text.StartsWith('['));
    }

    [Fact]
    public async Task Starting_vectors_restore_directions_that_the_student_lost()
    {
        CancellationToken stop = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        folder.Write("pairs.tsv", ToyData.Lines);
        RecipeTrainer.Train(Recipe, folder.Path, folder.File("start"), cancellationToken: stop);
        StaticModelRecipe taught = Recipe with
        {
            Sources = [],
            Start = "start",
            Distillation = new()
            {
                Teachers = [new() { Model = "teacher" }],
                Sources = [new() { File = "pairs.tsv" }],
                Batch = 16,
            },
            Passes = 40,
        };
        string[] texts = [.. File.ReadLines(folder.File("pairs.tsv")).Select(static line => line.Split('\t')[0]).Distinct()];
        double[] wanted = await CosinesAsync(ModelRegistry.Default, folder.File("start"), texts, stop);
        var agreement = new List<double>();
        foreach (float? weight in new float?[] { null, 1, 20 })
        {
            await RecipeTrainer.TrainAsync(
                taught with
                {
                    Finish = new() { StartBeside = weight },
                },
                folder.Path,
                folder.File("m"),
                OpenBuiltIn,
                cancellationToken: stop
            );
            agreement.Add(RankCorrelation.Spearman(await CosinesAsync(ModelRegistry.Default, folder.File("m"), texts, stop), wanted));
        }

        Assert.True(agreement[0] + 0.05 < agreement[1] && agreement[1] < agreement[2] && agreement[2] > 0.97, string.Join(" ", agreement));
    }

    [Fact]
    public void Recipe_without_access_to_its_teacher_is_an_error_with_its_name()
    {
        using var folder = new TemporaryFolder();
        folder.Write("pairs.tsv", ToyData.Lines);
        StaticModelRecipe taught = Recipe with
        {
            Distillation = new() { Teachers = [new() { Model = "some-teacher" }], Sources = [new() { File = "pairs.tsv" }] },
        };
        InputException error = Assert.Throws<InputException>(() =>
            RecipeTrainer.Train(taught, folder.Path, folder.File("m"), null, TestContext.Current.CancellationToken)
        );
        Assert.Contains("some-teacher", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Checkpoint_of_other_settings_is_rejected()
    {
        using var folder = new TemporaryFolder();
        folder.Write("pairs.tsv", ToyData.Lines);
        using var stop = new CancellationTokenSource();
        var stopping = new TrainingRunOptions { CheckpointSteps = 1, Progress = new Inline(_ => stop.Cancel()) };
        Assert.ThrowsAny<OperationCanceledException>(() =>
            RecipeTrainer.Train(Recipe, folder.Path, folder.File("m"), stopping, stop.Token)
        );
        InputException error = Assert.Throws<InputException>(() =>
            RecipeTrainer.Train(
                Recipe with
                {
                    Seed = 2,
                },
                folder.Path,
                folder.File("m"),
                new() { Resume = true },
                TestContext.Current.CancellationToken
            )
        );
        Assert.Contains("checkpoint.safetensors", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void NaN_loss_stops_the_run_and_writes_no_model()
    {
        using var folder = new TemporaryFolder();
        folder.Write("pairs.tsv", ToyData.Lines);
        SextantException error = Assert.Throws<SextantException>(() =>
            RecipeTrainer.Train(
                Recipe with
                {
                    LearningRate = float.MaxValue,
                },
                folder.Path,
                folder.File("m"),
                null,
                TestContext.Current.CancellationToken
            )
        );
        Assert.Contains("learning rate", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(folder.File("m"), "config.json")));
    }

    [Fact]
    public void Held_out_texts_are_excluded_and_counted()
    {
        using var folder = new TemporaryFolder();
        folder.Write("pairs.tsv", ToyData.Lines);
        folder.Write("test.tsv", "x\tShe buys the dog.\t4");
        RecipeReport report = RecipeTrainer.Train(
            Recipe with
            {
                HeldBack = ["test.tsv"],
                Passes = 1,
            },
            folder.Path,
            folder.File("m"),
            null,
            TestContext.Current.CancellationToken
        );
        Assert.Equal((71, 1), (report.Pairs, report.HeldBackPairs));
    }

    [Fact]
    public void Recipe_round_trips_and_an_invalid_one_is_reported()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("recipe.json", Recipe.ToJson());
        Assert.Equal(Recipe.ToJson(), StaticModelRecipe.Load(path).ToJson());
        folder.Write("recipe.json", """{ "sources": [{ "file": "a.tsv" }], "pases": 3 }""");
        Assert.Contains("recipe.json", Assert.Throws<InputException>(() => StaticModelRecipe.Load(path)).Message, StringComparison.Ordinal);
        folder.Write("recipe.json", """{ "sources": [{ "file": "a.tsv" }], "finish": { "startBeside": 1 } }""");
        Assert.Contains(
            "needs a start",
            Assert.Throws<InputException>(() => StaticModelRecipe.Load(path)).Message,
            StringComparison.Ordinal
        );
        folder.Write("recipe.json", """{ "sources": [{ "file": "a.tsv", "every": 0 }] }""");
        Assert.Contains("every", Assert.Throws<InputException>(() => StaticModelRecipe.Load(path)).Message, StringComparison.Ordinal);
        folder.Write("recipe.json", """{ "sources": [{ "file": "a.tsv" }], "tokenDropout": 1 }""");
        Assert.Contains("dropout", Assert.Throws<InputException>(() => StaticModelRecipe.Load(path)).Message, StringComparison.Ordinal);
    }

    private static Task<IEmbeddingGenerator<string, Embedding<float>>> OpenBuiltIn(string name, CancellationToken stop) =>
        ModelRegistry.Default.OpenAsync("sextant-small", new() { UseCache = false }, stop);

    private static async Task<double[]> CosinesAsync(ModelRegistry models, string name, string[] texts, CancellationToken stop)
    {
        using IEmbeddingGenerator<string, Embedding<float>> model = await models.OpenAsync(name, new() { UseCache = false }, stop);
        GeneratedEmbeddings<Embedding<float>> vectors = await model.GenerateAsync(texts, cancellationToken: stop);
        return
        [
            .. from i in Enumerable.Range(0, texts.Length)
            from j in Enumerable.Range(0, i)
            select (double)System.Numerics.Tensors.TensorPrimitives.CosineSimilarity(vectors[i].Vector.Span, vectors[j].Vector.Span),
        ];
    }

    private sealed class Listening(IEmbeddingGenerator<string, Embedding<float>> inner, List<string> asked)
        : DelegatingEmbeddingGenerator<string, Embedding<float>>(inner)
    {
        public override Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
            IEnumerable<string> values,
            EmbeddingGenerationOptions? options = null,
            CancellationToken cancellationToken = default
        )
        {
            string[] texts = [.. values];
            asked.AddRange(texts);
            return base.GenerateAsync(texts, options, cancellationToken);
        }
    }

    private sealed class Inline(Action<TrainingProgress> report) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => report(value);
    }
}
