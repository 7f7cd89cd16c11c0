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
    public async Task A_model_learns_which_words_mean_the_same_and_can_be_opened()
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
    public void Stopped_or_killed_and_resumed_on_other_threads_the_weights_are_the_same(bool killed, long resumesAt)
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
    public async Task A_student_comes_nearer_to_its_teacher_than_the_model_it_starts_from()
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
    public async Task A_student_of_pairs_and_teachers_that_was_stopped_and_resumed_is_the_same()
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
    public async Task Teachers_read_the_chosen_rows_up_to_the_last_word_and_the_words_of_the_vocabulary()
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
    public async Task The_start_beside_brings_back_what_the_student_forgot()
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
    public void A_recipe_with_teachers_and_no_way_to_open_them_names_the_teacher()
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
    public void A_checkpoint_of_other_settings_is_refused()
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
    public void A_loss_that_is_no_number_stops_the_run_and_leaves_no_model()
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
    public void What_is_held_back_is_left_out_and_counted()
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
    public void A_recipe_survives_being_written_and_read_and_a_wrong_one_is_named()
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
