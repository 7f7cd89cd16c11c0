using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.AI;
using Sextant.Models.Static;
using Sextant.Training.Data;
using Sextant.Training.Encoders;
using Sextant.Training.FineTuning;
using Sextant.Training.Losses;
using Sextant.Training.Runs;

namespace Sextant.Training.Recipes;

/// <summary>
/// Trains a static model from scratch, as <c>sextant-small</c> was: learns a vocabulary from the pairs' texts, trains token
/// vectors by ranking the right text first under a Matryoshka loss, and writes a model folder.
/// </summary>
public static class RecipeTrainer
{
    /// <summary>
    /// Runs the recipe. The same recipe and data give the same weights, on any number of threads, stopped and resumed or not.
    /// </summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="dataDirectory">The folder of the recipe's files.</param>
    /// <param name="outputDirectory">The model folder; created if missing. Holds the checkpoints during the run.</param>
    /// <param name="options">Options of the run; the defaults when <see langword="null"/>.</param>
    /// <param name="cancellationToken">Cancels the run between two steps, after a checkpoint.</param>
    /// <exception cref="InputException">A file is missing or has a bad row, or the checkpoint is of another run.</exception>
    /// <exception cref="SextantException">The loss became NaN or infinite.</exception>
    public static RecipeReport Train(
        StaticModelRecipe recipe,
        string dataDirectory,
        string outputDirectory,
        TrainingRunOptions? options = null,
        CancellationToken cancellationToken = default
    ) =>
        TrainAsync(
                recipe,
                dataDirectory,
                outputDirectory,
                static (name, _) => throw new InputException($"the recipe needs the teacher '{name}'; pass a function that opens it"),
                options,
                cancellationToken
            )
            .GetAwaiter()
            .GetResult();

    /// <summary>Runs a recipe that may have teachers (<see cref="StaticModelRecipe.Distillation"/>).</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="dataDirectory">The folder of the recipe's files, and of the model that it starts from.</param>
    /// <param name="outputDirectory">The model folder; created if missing. Holds the checkpoints during the run.</param>
    /// <param name="openTeacher">Opens a teacher by its name; it is disposed once it has embedded the texts.</param>
    /// <param name="options">Options of the run; the defaults when <see langword="null"/>.</param>
    /// <param name="cancellationToken">Cancels the run between two steps, after a checkpoint.</param>
    /// <exception cref="InputException">
    /// A file or a model is missing, a file has a bad row, or the checkpoint is of another run.
    /// </exception>
    /// <exception cref="SextantException">The loss became NaN or infinite.</exception>
    public static async Task<RecipeReport> TrainAsync(
        StaticModelRecipe recipe,
        string dataDirectory,
        string outputDirectory,
        Func<string, CancellationToken, Task<IEmbeddingGenerator<string, Embedding<float>>>> openTeacher,
        TrainingRunOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(openTeacher);
        ArgumentNullException.ThrowIfNull(recipe);
        options ??= new TrainingRunOptions();
        long started = TimeProvider.System.GetTimestamp();
        StaticBase? start = RecipeStart.Open(recipe, dataDirectory);
        RecipeData data = RecipeData.Load(recipe, start, dataDirectory, options.Log, cancellationToken);
        Directory.CreateDirectory(outputDirectory);

        float[] targets = recipe.Distillation is { } distillation
            ? await RecipeTargets
                .ComputeAsync(
                    distillation,
                    recipe.Dimensions,
                    data.TeacherTexts,
                    Locate(dataDirectory, openTeacher),
                    options,
                    cancellationToken
                )
                .ConfigureAwait(false)
            : [];
        StaticEncoder encoder = CreateEncoder(recipe, start, data, targets);
        var trained = new StaticTextEncoder(encoder, data.Tokens);
        var history = new TrainingHistory();
        var checkpoint = new TrainingCheckpoint(
            Path.Combine(outputDirectory, "checkpoint.safetensors"),
            Fingerprint(recipe, data),
            options.CheckpointSteps
        );
        if (options.Resume && checkpoint.TryRestore(trained, history))
        {
            options.Log(string.Create(CultureInfo.InvariantCulture, $"resumed after step {encoder.Steps}"));
        }

        (double loss, double speed) = Run(recipe, data, trained, targets, history, options, checkpoint, cancellationToken);
        float[] rows = encoder.Compose();
        recipe.Finish.Apply(
            rows,
            recipe.Dimensions,
            data,
            recipe.PositionScale,
            recipe.Finish.StartBeside is null ? null : start?.ReadRows()
        );
        new StaticModelWriter
        {
            Tokens = data.Vocabulary,
            Rows = rows,
            Dimensions = recipe.Dimensions,
            MatryoshkaDimensions = recipe.MatryoshkaDimensions,
            PositionScale = recipe.PositionScale,
        }.Save(outputDirectory);
        checkpoint.Delete();
        return new RecipeReport(
            data.PairCount,
            data.HeldBackPairs,
            data.Vocabulary.Count,
            loss,
            speed,
            TimeProvider.System.GetElapsedTime(started)
        );
    }

    private static StaticEncoder CreateEncoder(StaticModelRecipe recipe, StaticBase? start, RecipeData data, float[] targets)
    {
        if (start is not null)
        {
            float[] rows = start.ReadRows();
            int[][] taught = [.. data.Tokens.Skip(data.FirstTeacherText)];
            return new StaticEncoder(
                TokenComposition.Identity(data.Vocabulary.Count),
                recipe.Dimensions,
                targets.Length > 0 ? RecipeStart.Align(rows, recipe.Dimensions, taught, targets, recipe.PositionScale) : rows
            )
            {
                TokenDropout = recipe.TokenDropout,
                PositionScale = recipe.PositionScale,
            };
        }

        TokenComposition composition = TokenComposition.FromFeatures(
            data.Vocabulary,
            token => WordFeatures.Describe(token, recipe.ShortestLetters, recipe.LongestLetters, recipe.Stems)
        );
        return new StaticEncoder(composition, recipe.Dimensions, recipe.Seed)
        {
            TokenDropout = recipe.TokenDropout,
            FeatureDropout = recipe.FeatureDropout,
            PositionScale = recipe.PositionScale,
        };
    }

    private static (double Loss, double Speed) Run(
        StaticModelRecipe recipe,
        RecipeData data,
        StaticTextEncoder encoder,
        float[] targets,
        TrainingHistory history,
        TrainingRunOptions options,
        TrainingCheckpoint checkpoint,
        CancellationToken cancellationToken
    )
    {
        var sampler = new BatchSampler([.. data.Sources, .. data.TeacherSources], recipe.Batch, recipe.Seed);
        double last = double.NaN;
        var loop = new TrainingLoop
        {
            Encoder = encoder,
            Loss = CreateLoss(recipe, data, targets),
            Sampler = sampler,
            History = history,
            Schedule = new TrainingSchedule(recipe.LearningRate, recipe.Warmup, (long)sampler.BatchesPerPass * recipe.Passes, recipe.Decay),
            Passes = recipe.Passes,
            Seed = recipe.Seed,
            Checkpoint = options.CheckpointSteps > 0 ? checkpoint : null,
            MaxDegreeOfParallelism = options.MaxDegreeOfParallelism,
            Progress = options.Progress,
            AfterPass = (pass, loss) =>
            {
                last = loss;
                options.Log(string.Create(CultureInfo.InvariantCulture, $"pass {pass + 1} of {recipe.Passes}: loss {loss:F4}"));
                return true;
            },
        };
        double speed = loop.Run(cancellationToken);
        return (last, speed);
    }

    private static IEmbeddingLoss CreateLoss(StaticModelRecipe recipe, RecipeData data, float[] targets)
    {
        var pairs = new MatryoshkaLoss(new MultipleNegativesSymmetricRankingLoss(recipe.Scale), recipe.MatryoshkaDimensions);
        return recipe.Distillation is { } distillation
            ? new RecipeLoss(
                pairs,
                new TeacherLoss(
                    targets,
                    recipe.Dimensions,
                    recipe.MatryoshkaDimensions,
                    distillation.Temperature,
                    distillation.SimilarityWeight,
                    data.FirstTeacherText
                ),
                data.FirstTeacherText,
                distillation.Weight
            )
            : pairs;
    }

    /// <summary>
    /// A teacher may be a folder next to the data. If it is the model that the recipe starts from, the student keeps what that model knows.
    /// </summary>
    private static Func<string, CancellationToken, Task<IEmbeddingGenerator<string, Embedding<float>>>> Locate(
        string dataDirectory,
        Func<string, CancellationToken, Task<IEmbeddingGenerator<string, Embedding<float>>>> open
    ) => (name, stop) => open(RecipeStart.Locate(name, dataDirectory), stop);

    /// <summary>Of the settings of training, and of every token of every pair, in order. What comes after training may differ.</summary>
    private static string Fingerprint(StaticModelRecipe recipe, RecipeData data)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes((recipe with { Finish = new TableFinish() }).ToJson()));
        foreach (int[] tokens in data.Tokens)
        {
            hash.AppendData(System.Runtime.InteropServices.MemoryMarshal.AsBytes(tokens.AsSpan()));
        }

        foreach (PairSource source in data.Sources)
        {
            foreach (TrainingPair pair in source.Pairs)
            {
                int[] values =
                [
                    pair.Anchor,
                    pair.Positive,
                    BitConverter.SingleToInt32Bits(pair.Score),
                    pair.Mined,
                    .. pair.Negatives ?? [],
                    -1,
                ];
                hash.AppendData(System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan()));
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
