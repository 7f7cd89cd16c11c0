using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Sextant.Training.Data;
using Sextant.Training.Encoders;
using Sextant.Training.Losses;
using Sextant.Training.Runs;

namespace Sextant.Training.FineTuning;

/// <summary>
/// Makes a static model better at a user's own texts, from pairs of texts that belong together. Measures the base model and the
/// new one on pairs held out from training, so that one sees whether it was worth it.
/// </summary>
public static class FineTuner
{
    /// <summary>Trains and writes a model folder with a card. The same files, base, options and seed give the same weights.</summary>
    /// <param name="files">Pairs, triplets or scored pairs, as .jsonl, .csv or .tsv, also as .gz.</param>
    /// <param name="baseModel"><c>sextant-small</c> or a folder of a static model.</param>
    /// <param name="outputDirectory">The new model's folder; made if it is not there. Checkpoints lie in it while the run lasts.</param>
    /// <param name="options">What decides the result; the defaults when <see langword="null"/>.</param>
    /// <param name="run">How to run; the defaults when <see langword="null"/>.</param>
    /// <param name="cancellationToken">Stops the run between two steps, after a checkpoint.</param>
    /// <exception cref="InputException">A file, a row or an option is wrong, or the data lacks what the loss needs.</exception>
    /// <exception cref="SextantException">The loss became infinite or no number.</exception>
    public static FineTuningReport Train(
        IReadOnlyList<string> files, string baseModel, string outputDirectory,
        FineTuningOptions? options = null, TrainingRunOptions? run = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(files);
        (options, run) = (options ?? new FineTuningOptions(), run ?? new TrainingRunOptions());
        options.Check();
        StaticBase start = StaticBase.Open(baseModel);
        FineTuningData data = FineTuningData.Load(files, options, cancellationToken);
        int[][] tokens = TextTokens.Encode(start.Model.Tokenizer, data.Texts.Texts, options.MaxTokens);
        IEmbeddingLoss loss = ChooseLoss(data, options.Loss, start);
        var validation = new Validation(data.Validation, tokens);
        StaticEncoder encoder = start.CreateEncoder();
        ValidationScores before = validation.Measure(encoder.Compose(), encoder.Dimensions);
        run.Log($"{data.TrainingPairs:N0} pairs to train on, {before.Pairs:N0} held out; before: {before}");

        Directory.CreateDirectory(outputDirectory);
        var checkpoint = new TrainingCheckpoint(
            Path.Combine(outputDirectory, "checkpoint.safetensors"), Fingerprint(start, options, data), run.CheckpointSteps);
        if (run.Resume && checkpoint.TryRestore(encoder))
        {
            run.Log(string.Create(CultureInfo.InvariantCulture, $"going on after step {encoder.Steps}"));
        }

        double last = double.NaN;
        var sampler = new BatchSampler(data.Sources, options.Batch, options.Seed);
        double speed = new TrainingLoop
        {
            Encoder = encoder,
            Loss = loss,
            Sampler = sampler,
            Tokens = tokens,
            Schedule = new TrainingSchedule(
                options.LearningRate, options.Warmup, (long)sampler.BatchesPerPass * options.Epochs, options.Decay),
            Passes = options.Epochs,
            Seed = options.Seed,
            Checkpoint = run.CheckpointSteps > 0 ? checkpoint : null,
            MaxDegreeOfParallelism = run.MaxDegreeOfParallelism,
            Progress = run.Progress,
            AfterPass = (pass, now) =>
            {
                last = now;
                ValidationScores scores = validation.Measure(encoder.Compose(), encoder.Dimensions);
                run.Log(string.Create(CultureInfo.InvariantCulture, $"epoch {pass + 1} of {options.Epochs}: loss {now:F4}; {scores}"));
                return true;
            },
        }.Run(cancellationToken);

        float[] rows = encoder.Compose();
        var report = new FineTuningReport(data.TrainingPairs, before, validation.Measure(rows, encoder.Dimensions), last, speed);
        start.Save(rows, outputDirectory);
        AtomicFile.Write(
            Path.Combine(outputDirectory, "README.md"),
            stream => stream.Write(Encoding.UTF8.GetBytes(ModelCard.Write(files, baseModel, options, report))));
        checkpoint.Delete();
        return report;
    }

    private static IEmbeddingLoss ChooseLoss(FineTuningData data, TrainingLoss choice, StaticBase start)
    {
        List<TrainingPair> pairs = [.. data.Sources.SelectMany(static source => source.Pairs)];
        bool scored = pairs.TrueForAll(static pair => !float.IsNaN(pair.Score));
        bool triplets = pairs.TrueForAll(static pair => pair.Negative >= 0);
        IEmbeddingLoss loss = choice switch
        {
            TrainingLoss.CoSent when !scored => throw new InputException("this loss needs a score in every row; name the column 'score'"),
            TrainingLoss.InfoNce or TrainingLoss.Triplet when !triplets =>
                throw new InputException("this loss needs a negative in every row; name the column 'negative'"),
            TrainingLoss.CoSent => new CoSentLoss(),
            TrainingLoss.InfoNce => new InfoNceLoss(),
            TrainingLoss.Triplet => new TripletLoss(),
            TrainingLoss.Automatic when scored => new CoSentLoss(),
            _ => new MultipleNegativesRankingLoss(),
        };

        // What the base can be cut to, its successor can be cut to as well.
        int[] lengths = [.. start.Model.MatryoshkaDimensions.Where(length => length <= start.Model.Dimensions)];
        return lengths.Length > 0 ? new MatryoshkaLoss(loss, lengths) : loss;
    }

    private static string Fingerprint(StaticBase start, FineTuningOptions options, FineTuningData data)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{start.Model.Revision}\n{options}\n"));
        foreach (PairSource source in data.Sources)
        {
            foreach (TrainingPair pair in source.Pairs)
            {
                hash.AppendData(Encoding.UTF8.GetBytes(string.Create(
                    CultureInfo.InvariantCulture, $"{data.Texts.Texts[pair.Anchor]}\0{data.Texts.Texts[pair.Positive]}\0{pair.Negative}\0{pair.Score}\n")));
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
