using System.Numerics.Tensors;
using Sextant.Training.Data;
using Sextant.Training.FineTuning;
using Sextant.Training.Losses;
using Sextant.Training.Mining;
using Sextant.Training.Recipes;
using Sextant.Training.Runs;

namespace Sextant.Training.Tests.FineTuning;

public class FineTunerTests
{
    [Fact]
    public async Task Fine_tuning_improves_held_out_pairs_and_the_card_reports_it()
    {
        using var folder = new TemporaryFolder();
        string model = BaseModel(folder);
        // The pairs of another world: what the base model knows nothing of.
        string pairs = folder.Write("pairs.tsv", ToyData.Lines.Select(line => string.Join('\t', line.Split('\t').Reverse())));
        FineTuningReport report = await FineTuner.TrainAsync(
            PairCollection.FromFiles(pairs),
            model,
            folder.File("tuned"),
            new()
            {
                Warmup = 5,
                Epochs = 8,
                LearningRate = 0.05f,
                ValidationFraction = 0.25,
            },
            TestContext.Current.CancellationToken
        );
        Assert.Equal((54, 18), (report.TrainingPairs, report.Before.Pairs));
        Assert.True(report.After.MeanReciprocalRank > report.Before.MeanReciprocalRank + 0.1, $"{report.Before} → {report.After}");
        string card = File.ReadAllText(Path.Combine(folder.File("tuned"), "README.md"));
        Assert.Contains("| recall@10 |", card, StringComparison.Ordinal);
        Assert.Contains("pairs.tsv", card, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, 3)]
    [InlineData(7, 7)]
    public async Task Default_warm_up_is_a_tenth_of_a_short_run(int? warmup, int expected)
    {
        using var folder = new TemporaryFolder();
        string pairs = folder.Write("pairs.tsv", ToyData.Lines);
        List<string> warnings = [];
        FineTuningReport report = await FineTuner.TrainAsync(
            PairCollection.FromFiles(pairs),
            BaseModel(folder),
            folder.File("tuned"),
            new()
            {
                Warmup = warmup,
                Epochs = 10,
                Run = new() { Warn = warnings.Add },
            },
            TestContext.Current.CancellationToken
        );
        Assert.Equal(expected, report.WarmupSteps);
        Assert.Contains(
            $"{expected} warm-up steps",
            File.ReadAllText(Path.Combine(folder.File("tuned"), "README.md")),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Too_few_held_out_pairs_are_noted()
    {
        using var folder = new TemporaryFolder();
        List<string> warnings = [];
        FineTuningReport report = await FineTuner.TrainAsync(
            PairCollection.FromFiles(folder.Write("pairs.tsv", ToyData.Lines)),
            BaseModel(folder),
            folder.File("tuned"),
            new()
            {
                Epochs = 1,
                LearningRate = 1e-8f,
                ValidationFraction = 0.1,
                Run = new() { Warn = warnings.Add },
            },
            TestContext.Current.CancellationToken
        );
        Assert.StartsWith($"{report.After.Pairs} held-out pairs are too few", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Training_orders_scored_pairs_by_score()
    {
        using var folder = new TemporaryFolder();
        string[] lines = [.. ToyData.Lines];
        string pairs = folder.Write(
            "scored.tsv",
            lines.SelectMany(
                (line, i) =>
                    new[] { line + "\t1", line.Split('\t')[0] + " twice\t" + lines[(i + 31) % lines.Length].Split('\t')[1] + "\t0" }
            )
        );
        FineTuningReport report = await FineTuner.TrainAsync(
            PairCollection.FromFiles(pairs),
            BaseModel(folder),
            folder.File("tuned"),
            new()
            {
                Warmup = 5,
                Epochs = 8,
                LearningRate = 0.05f,
            },
            TestContext.Current.CancellationToken
        );
        Assert.NotNull(report.After.Spearman);
        Assert.True(report.After.Spearman > report.Before.Spearman);
    }

    [Theory]
    [InlineData("symmetric")]
    [InlineData("ranking")]
    [InlineData("infonce")]
    [InlineData("triplet")]
    public async Task Every_negative_of_a_row_affects_training(string loss)
    {
        using var folder = new TemporaryFolder();
        string[][] pairs = [.. ToyData.Lines.Select(static line => line.Split('\t'))];
        string model = BaseModel(folder);
        async Task<byte[]> WeightsWithAsync(int negatives)
        {
            string file = folder.Write(
                $"{loss}-{negatives}.jsonl",
                pairs.Select(
                    (pair, i) =>
                        System.Text.Json.JsonSerializer.Serialize(
                            new
                            {
                                anchor = pair[0],
                                positive = pair[1],
                                // Rows differ in how many they have; the first row has the fewest.
                                negative = Enumerable.Range(1, i == 0 ? 1 : negatives).Select(n => pairs[(i + (7 * n)) % pairs.Length][1]),
                            }
                        )
                )
            );
            await FineTuner.TrainAsync(
                PairCollection.FromFiles(file),
                model,
                folder.File($"{loss}-{negatives}"),
                new()
                {
                    Warmup = 2,
                    Epochs = 1,
                    Batch = 8,
                    Loss = Losses[loss],
                },
                TestContext.Current.CancellationToken
            );
            return File.ReadAllBytes(Path.Combine(folder.File($"{loss}-{negatives}"), "model.safetensors"));
        }

        Assert.NotEqual(await WeightsWithAsync(2), await WeightsWithAsync(3));
    }

    [Fact]
    public async Task Scores_with_negatives_require_a_choice_and_unused_data_is_noted()
    {
        using var folder = new TemporaryFolder();
        string model = BaseModel(folder);
        string both = folder.Write(
            "both.csv",
            [
                "anchor,positive,negative,score",
                .. ToyData.Lines.Select(static (line, i) => $"{line.Replace('\t', ',')},she sings {i},0.{i % 10}"),
            ]
        );
        Assert.Contains(
            "cosent",
            (
                await Assert.ThrowsAsync<InputException>(() =>
                    FineTuner.TrainAsync(PairCollection.FromFiles(both), model, folder.File("auto"))
                )
            ).Message,
            StringComparison.Ordinal
        );
        Assert.Equal(["the negatives are unused: this loss uses only the scores"], await WarningsOfAsync(new CoSentLoss()));
        Assert.StartsWith(
            "the scores of 72 pairs are unused",
            Assert.Single(await WarningsOfAsync(new InfoNceLoss())),
            StringComparison.Ordinal
        );

        async Task<List<string>> WarningsOfAsync(IEmbeddingLoss loss)
        {
            List<string> warnings = [];
            await FineTuner.TrainAsync(
                PairCollection.FromFiles(both),
                model,
                folder.File(loss.Needs.ToString()),
                new()
                {
                    Epochs = 1,
                    Loss = loss,
                    ValidationFraction = 0,
                    Run = new() { Warn = warnings.Add },
                },
                TestContext.Current.CancellationToken
            );
            return warnings;
        }
    }

    [Fact]
    public async Task Missing_data_and_invalid_settings_are_rejected_before_anything_is_written()
    {
        using var folder = new TemporaryFolder();
        string model = BaseModel(folder),
            pairs = folder.Write("pairs.tsv", ToyData.Lines);
        foreach (
            FineTuningOptions options in new FineTuningOptions[]
            {
                new() { Loss = new CoSentLoss() },
                new() { Loss = new TripletLoss() },
                new() { Batch = 1 },
                new() { LearningRate = 0 },
            }
        )
        {
            await Assert.ThrowsAsync<InputException>(() =>
                FineTuner.TrainAsync(PairCollection.FromFiles(pairs), model, folder.File("tuned"), options)
            );
        }

        await Assert.ThrowsAsync<InputException>(() =>
            FineTuner.TrainAsync(PairCollection.FromFiles(pairs), folder.Path, folder.File("tuned"))
        );
        Assert.False(Directory.Exists(folder.File("tuned")));
    }

    [Fact]
    public async Task Run_killed_at_any_step_resumes_to_the_same_weights()
    {
        using var folder = new TemporaryFolder();
        string model = BaseModel(folder),
            pairs = folder.Write("pairs.tsv", ToyData.Lines);
        var options = new FineTuningOptions
        {
            Warmup = 3,
            Epochs = 6,
            Batch = 8,
            Accumulation = 2,
            MaxGradientNorm = 0.5f,
            LearningRate = 0.05f,
            Patience = 2,
            Mining = new MiningOptions { Negatives = 2 },
            Loss = new InfoNceLoss(),
            Decay = LearningRateDecay.Cosine,
            ValidationFraction = 0.25,
            Matryoshka = [16, 4],
        };
        FineTuningReport whole = await FineTuner.TrainAsync(
            PairCollection.FromFiles(pairs),
            model,
            folder.File("whole"),
            options,
            TestContext.Current.CancellationToken
        );
        foreach (int dies in (int[])[2, 9, 12])
        {
            string output = folder.File($"halves-{dies}");
            var dying = new TrainingRunOptions
            {
                CheckpointSteps = 3,
                MaxDegreeOfParallelism = 1,
                Progress = new KillAtStep(dies),
            };
            await Assert.ThrowsAsync<OperationCanceledException>(() =>
                FineTuner.TrainAsync(PairCollection.FromFiles(pairs), model, output, options with { Run = dying })
            );
            FineTuningReport resumed = await FineTuner.TrainAsync(
                PairCollection.FromFiles(pairs),
                model,
                output,
                options with
                {
                    Run = new() { Resume = true, CheckpointSteps = 5 },
                },
                TestContext.Current.CancellationToken
            );
            Assert.Equal(
                File.ReadAllBytes(Path.Combine(folder.File("whole"), "model.safetensors")),
                File.ReadAllBytes(Path.Combine(output, "model.safetensors"))
            );
            Assert.Equal(whole.Losses, resumed.Losses);
            Assert.Equal(whole.Epochs, resumed.Epochs);
            Assert.Equal(
                ["README.md", "config.json", "model.safetensors", "tokenizer.json", "vocab.txt"],
                Directory.GetFiles(output).Select(Path.GetFileName).Order(StringComparer.Ordinal)
            );
        }
    }

    [Fact]
    public async Task Patience_stops_and_keeps_the_best_epoch()
    {
        using var folder = new TemporaryFolder();
        string pairs = folder.Write("pairs.tsv", ToyData.Lines);
        // A rate so high that the score cannot improve indefinitely.
        FineTuningReport report = await FineTuner.TrainAsync(
            PairCollection.FromFiles(pairs),
            BaseModel(folder),
            folder.File("tuned"),
            new()
            {
                Warmup = 0,
                Epochs = 60,
                LearningRate = 1,
                Patience = 3,
                ValidationFraction = 0.25,
            },
            TestContext.Current.CancellationToken
        );
        Assert.Equal(report.KeptEpoch + 3, report.Epochs.Count);
        Assert.Equal(report.Epochs.Max(static epoch => epoch.Scores.MeanReciprocalRank), report.After.MeanReciprocalRank);
        Assert.Contains(
            $"| {report.KeptEpoch} (kept) |",
            File.ReadAllText(Path.Combine(folder.File("tuned"), "README.md")),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Anchors_of_the_evaluation_file_are_excluded_from_training()
    {
        using var folder = new TemporaryFolder();
        string[] lines = [.. ToyData.Lines];
        FineTuningReport report = await FineTuner.TrainAsync(
            PairCollection.FromFiles(folder.Write("pairs.tsv", lines)),
            BaseModel(folder),
            folder.File("tuned"),
            new() { Epochs = 1, Validation = PairCollection.FromFiles(folder.Write("others.tsv", lines[..10])) },
            TestContext.Current.CancellationToken
        );
        Assert.Equal((62, 10), (report.TrainingPairs, report.Before.Pairs));
    }

    [Fact]
    public async Task Pairs_in_memory_and_in_a_file_train_the_same_weights()
    {
        using var folder = new TemporaryFolder();
        string model = BaseModel(folder);
        TextPair[] pairs =
        [
            .. ToyData.Lines.Select(static line => line.Split('\t')).Select(static texts => new TextPair(texts[0], texts[1])),
        ];
        FineTuningOptions options = new() { Epochs = 1, Batch = 8 };
        byte[][] weights = new byte[3][];
        foreach (
            (int i, PairCollection source) in new[]
            {
                PairCollection.FromFiles(folder.Write("pairs.tsv", ToyData.Lines)),
                PairCollection.FromPairs(pairs),
                PairCollection.FromPairs(pairs.ToAsyncEnumerable(), "a table"),
            }.Index()
        )
        {
            await FineTuner.TrainAsync(source, model, folder.File($"tuned-{i}"), options, TestContext.Current.CancellationToken);
            weights[i] = File.ReadAllBytes(Path.Combine(folder.File($"tuned-{i}"), "model.safetensors"));
        }

        Assert.Equal(weights[0], weights[1]);
        Assert.Equal(weights[0], weights[2]);
        Assert.Contains(
            "pairs from a table.",
            File.ReadAllText(Path.Combine(folder.File("tuned-2"), "README.md")),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(" ", "answer", null, "pair 2 has no text")]
    [InlineData("question", "", null, "pair 2 has no text")]
    [InlineData("question", "answer", float.NaN, "the score of pair 2 is not a finite number")]
    public async Task Invalid_pair_in_memory_is_reported_with_its_number(string anchor, string positive, float? score, string message)
    {
        using var folder = new TemporaryFolder();
        PairCollection pairs = PairCollection.FromPairs(
            [new TextPair("a", "b"), new TextPair(anchor, positive) { Score = score }],
            "my pairs"
        );
        InputException error = await Assert.ThrowsAsync<InputException>(() =>
            FineTuner.TrainAsync(pairs, BaseModel(folder), folder.File("tuned"), cancellationToken: TestContext.Current.CancellationToken)
        );
        Assert.Equal($"my pairs: {message}", error.Message);
    }

    [Fact]
    public async Task Custom_loss_is_minimized_and_named_in_the_card()
    {
        using var folder = new TemporaryFolder();
        string model = BaseModel(folder);
        PairCollection pairs = PairCollection.FromFiles(folder.Write("pairs.tsv", ToyData.Lines));
        FineTuningReport report = await FineTuner.TrainAsync(
            pairs,
            model,
            folder.File("tuned"),
            new()
            {
                Warmup = 2,
                Epochs = 4,
                Batch = 8,
                Matryoshka = [16],
                Loss = new CosineDistance(),
            },
            TestContext.Current.CancellationToken
        );
        Assert.True(report.Losses[^1].Loss < report.Losses[0].Loss, $"{report.Losses[0]} → {report.Losses[^1]}");
        Assert.Contains(
            "| loss | cosine distance |",
            File.ReadAllText(Path.Combine(folder.File("tuned"), "README.md")),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Canceled_training_stops_between_steps_and_writes_a_checkpoint()
    {
        using var folder = new TemporaryFolder();
        using var stop = new CancellationTokenSource();
        PairCollection pairs = PairCollection.FromFiles(folder.Write("pairs.tsv", ToyData.Lines));
        FineTuningOptions options = new()
        {
            Batch = 8,
            Run = new() { Progress = new CancelingAt(3, stop) },
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            FineTuner.TrainAsync(pairs, BaseModel(folder), folder.File("tuned"), options, stop.Token)
        );
        Assert.True(File.Exists(Path.Combine(folder.File("tuned"), "checkpoint.safetensors")));
        Assert.False(File.Exists(Path.Combine(folder.File("tuned"), "model.safetensors")));
    }

    [Fact]
    public void Rank_correlation_gives_ties_their_mean_rank()
    {
        // By hand: ranks 1, 2.5, 2.5, 4 against 1, 3, 2, 4 give 4.5 / sqrt(4.5 × 5).
        Assert.Equal(4.5 / Math.Sqrt(22.5), RankCorrelation.Spearman([1, 2, 2, 9], [10, 30, 20, 40]), 1e-12);
    }

    private static readonly Dictionary<string, IEmbeddingLoss> Losses = new()
    {
        ["symmetric"] = new MultipleNegativesSymmetricRankingLoss(),
        ["ranking"] = new MultipleNegativesRankingLoss(),
        ["infonce"] = new InfoNceLoss(),
        ["triplet"] = new TripletLoss(),
    };

    private static string BaseModel(TemporaryFolder folder)
    {
        folder.Write("base.tsv", ToyData.Lines);
        RecipeTrainer.Train(
            new StaticModelRecipe
            {
                Sources = [new RecipeSource { File = "base.tsv" }],
                VocabularySize = 300,
                WordPieces = 20,
                Dimensions = 16,
                MatryoshkaDimensions = [16],
                Passes = 1,
                LearningRate = 1e-4f,
                LongestLetters = 0,
                Stems = false,
            },
            folder.Path,
            folder.File("base")
        );
        return folder.File("base");
    }

    /// <summary>The mean of 1 − cos(a, p), whose gradient is written here by hand: a loss that this library does not have.</summary>
    private sealed class CosineDistance : IEmbeddingLoss
    {
        public string Description => "cosine distance";

        public double Compute(EmbeddingBatch batch, float weight, ParallelOptions parallel)
        {
            double sum = 0;
            for (int i = 0; i < batch.Size; i++)
            {
                Span<float> a = batch.Anchors[i],
                    p = batch.Positives[i];
                float lengthA = TensorPrimitives.Norm<float>(a),
                    lengthP = TensorPrimitives.Norm<float>(p);
                float cosine = TensorPrimitives.Dot<float>(a, p) / (lengthA * lengthP);
                sum += 1 - cosine;
                for (int d = 0; d < a.Length; d++)
                {
                    batch.AnchorGradients[i][d] -=
                        weight / batch.Size * ((p[d] / (lengthA * lengthP)) - (cosine * a[d] / (lengthA * lengthA)));
                    batch.PositiveGradients[i][d] -=
                        weight / batch.Size * ((a[d] / (lengthA * lengthP)) - (cosine * p[d] / (lengthP * lengthP)));
                }
            }

            return sum / batch.Size;
        }
    }

    private sealed class CancelingAt(int step, CancellationTokenSource stop) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Step == step)
            {
                stop.Cancel();
            }
        }
    }
}
