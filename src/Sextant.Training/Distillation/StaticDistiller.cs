using System.Globalization;
using System.Text;
using Microsoft.Extensions.AI;
using Sextant.Embedding;
using Sextant.Training.Data;
using Sextant.Training.Encoders;
using Sextant.Training.Losses;
using Sextant.Training.Runs;

namespace Sextant.Training.Distillation;

/// <summary>
/// Turns any embedding model into a static one that needs no transformer: a vocabulary, the teacher's vector of each token, their
/// principal components and frequency weights (as Model2Vec, github.com/MinishLab/model2vec), then training on a corpus until the
/// student's texts match the teacher's (as its follow-up, Tokenlearn).
/// </summary>
/// <remarks>The teacher embeds every token and every text once, through its own cache; training never asks it again.</remarks>
public static class StaticDistiller
{
    /// <summary>Distills and writes a model folder with a card.</summary>
    /// <param name="teacher">The model to learn from, opened with its pipeline.</param>
    /// <param name="corpus">
    /// Texts of the domain, of the length in which they will be searched. Without any, the student keeps the teacher's token vectors.
    /// </param>
    /// <param name="outputDirectory">The student's folder, created if missing. Checkpoints are kept in it during the run.</param>
    /// <param name="options">What decides the result; the defaults when <see langword="null"/>.</param>
    /// <param name="run">How to run; the defaults when <see langword="null"/>.</param>
    /// <param name="cancellationToken">Cancels the run; texts embedded so far are in the cache, steps so far in the checkpoint.</param>
    /// <exception cref="InputException">An option is out of range, or the teacher has no profile.</exception>
    /// <exception cref="SextantException">The loss became NaN or infinite, or a file cannot be written.</exception>
    public static async Task<DistillationReport> DistillAsync(
        IEmbeddingGenerator<string, Embedding<float>> teacher,
        IEnumerable<string> corpus,
        string outputDirectory,
        DistillationOptions? options = null,
        TrainingRunOptions? run = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(teacher);
        ArgumentNullException.ThrowIfNull(corpus);
        (options, run) = (options ?? new DistillationOptions(), run ?? new TrainingRunOptions());
        options.Check();
        ModelProfile profile =
            teacher.GetService(typeof(ModelProfile)) as ModelProfile
            ?? throw new InputException("the teacher does not report its name; open it by name");
        TeacherTexts texts = TeacherTexts.Create(corpus, options);
        Student student = Student.Create(texts, options, cancellationToken);
        run.Log(Invariant($"{texts.Trained:N0} texts to train on, {texts.HeldOut:N0} held out, {student.Vocabulary.Count:N0} tokens"));
        float[][] tokenVectors = await ModelVectors
            .EmbedAsync(teacher, student.TokenTexts, EmbeddingRole.Document, run, cancellationToken)
            .ConfigureAwait(false);
        float[][] textVectors = await ModelVectors
            .EmbedAsync(teacher, texts.All, EmbeddingRole.Document, run, cancellationToken)
            .ConfigureAwait(false);
        return await Task.Run(
                () => Train(profile, texts, student, tokenVectors, textVectors, outputDirectory, options, run, cancellationToken),
                cancellationToken
            )
            .ConfigureAwait(false);
    }

    private static DistillationReport Train(
        ModelProfile teacher,
        TeacherTexts texts,
        Student student,
        float[][] tokenVectors,
        float[][] textVectors,
        string outputDirectory,
        DistillationOptions options,
        TrainingRunOptions run,
        CancellationToken cancellationToken
    )
    {
        // Texts show the directions in use better than lone tokens, where there are enough of them.
        TeacherSpace space = TeacherSpace.Fit(
            textVectors.Length > tokenVectors.Length / 10 ? textVectors : tokenVectors,
            options.Dimensions,
            cancellationToken
        );
        run.Log(Invariant($"{space.Dimensions} dimensions keep {space.Kept:P1} of the teacher's variance"));
        StaticTextEncoder encoder = student.CreateEncoder(space, tokenVectors, options);
        float[] targets = space.ProjectUnit(textVectors);
        int[] matryoshka =
        [
            .. options.MatryoshkaDimensions.Where(d => d < space.Dimensions).Append(space.Dimensions).Distinct().OrderDescending(),
        ];
        if (options.UntrainedDirectory is { } untrained)
        {
            student.Save(encoder.Encoder.Compose(), space.Dimensions, matryoshka, untrained);
        }

        var validation = new TeacherValidation(targets, texts.Trained, texts.HeldOut);
        DistillationScores? before = validation.Measure(encoder);
        run.Log(Invariant($"before training: {before}"));
        Directory.CreateDirectory(outputDirectory);
        var history = new TrainingHistory();
        var checkpoint = new TrainingCheckpoint(
            Path.Combine(outputDirectory, "checkpoint.safetensors"),
            texts.Fingerprint(teacher.Fingerprint, options),
            Math.Max(1, run.CheckpointSteps)
        );
        if (run.Resume && checkpoint.TryRestore(encoder, history))
        {
            run.Log(Invariant($"resumed after step {encoder.Steps}"));
        }

        var epochs = new List<DistillationEpoch>();
        double speed =
            texts.Trained < 4 || options.Epochs == 0
                ? 0
                : 2
                    * Loop(
                            texts,
                            encoder,
                            new TeacherLoss(targets, space.Dimensions, matryoshka, options.Temperature, options.SimilarityWeight),
                            history,
                            checkpoint,
                            (pass, loss) =>
                            {
                                var epoch = new DistillationEpoch(pass + 1, loss, validation.Measure(encoder));
                                epochs.Add(epoch);
                                run.Log(Invariant($"epoch {epoch.Epoch} of {options.Epochs}: loss {loss:F4}; {epoch.Scores}"));
                                run.DistillationProgress?.Report(epoch);
                            },
                            options,
                            run
                        )
                        .Run(cancellationToken);
        var report = new DistillationReport(
            texts.Trained,
            student.Vocabulary.Count,
            space.Dimensions,
            before,
            validation.Measure(encoder),
            history.Loss,
            speed
        )
        {
            Epochs = epochs,
        };
        student.Save(encoder.Encoder.Compose(), space.Dimensions, matryoshka, outputDirectory);
        AtomicFile.Write(
            Path.Combine(outputDirectory, "README.md"),
            stream => stream.Write(Encoding.UTF8.GetBytes(DistillationCard.Write(teacher.Name, matryoshka, options, report)))
        );
        checkpoint.Delete();
        return report;
    }

    private static TrainingLoop Loop(
        TeacherTexts texts,
        StaticTextEncoder encoder,
        TeacherLoss loss,
        TrainingHistory history,
        TrainingCheckpoint checkpoint,
        Action<int, double> afterPass,
        DistillationOptions options,
        TrainingRunOptions run
    )
    {
        // Neighbors in the corpus are often parts of one document: they make the near similarities that are worth matching.
        TrainingPair[] pairs = [.. Enumerable.Range(0, texts.Trained / 2).Select(static i => new TrainingPair(2 * i, (2 * i) + 1))];
        var sampler = new BatchSampler([new PairSource("corpus", pairs)], options.Batch / 2, options.Seed);
        long total = TrainingLoop.StepsPerPass(sampler, 1) * options.Epochs;
        return new TrainingLoop
        {
            Encoder = encoder,
            Loss = loss,
            Sampler = sampler,
            History = history,
            Schedule = new TrainingSchedule(
                options.LearningRate,
                (int)Math.Min(options.Warmup, total / 10),
                total,
                LearningRateDecay.Linear
            ),
            Passes = options.Epochs,
            Seed = options.Seed,
            Checkpoint = run.CheckpointSteps > 0 ? checkpoint : null,
            MaxDegreeOfParallelism = run.MaxDegreeOfParallelism,
            Progress = run.Progress,
            AfterPass = (pass, value) =>
            {
                afterPass(pass, value);
                return true;
            },
        };
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
