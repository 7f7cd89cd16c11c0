using Sextant.Training.FineTuning;
using Sextant.Training.Mining;
using Sextant.Training.Recipes;
using Sextant.Training.Runs;

namespace Sextant.Training.Tests.FineTuning;

public class FineTunerTests
{
    [Fact]
    public void Held_out_pairs_are_found_better_than_before_and_the_card_says_so()
    {
        using var folder = new TemporaryFolder();
        string model = BaseModel(folder);
        // The pairs of another world: what the base model knows nothing of.
        string pairs = folder.Write("pairs.tsv", ToyData.Lines.Select(line => string.Join('\t', line.Split('\t').Reverse())));
        FineTuningReport report = FineTuner.Train(
            [pairs], model, folder.File("tuned"), new() { Warmup = 5, Epochs = 8, LearningRate = 0.05f, ValidationFraction = 0.25 },
            cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal((54, 18), (report.TrainingPairs, report.Before.Pairs));
        Assert.True(report.After.MeanReciprocalRank > report.Before.MeanReciprocalRank + 0.1, $"{report.Before} → {report.After}");
        string card = File.ReadAllText(Path.Combine(folder.File("tuned"), "README.md"));
        Assert.Contains("| recall@10 |", card, StringComparison.Ordinal);
        Assert.Contains("pairs.tsv", card, StringComparison.Ordinal);
    }

    [Fact]
    public void Scored_pairs_are_ordered_by_their_scores()
    {
        using var folder = new TemporaryFolder();
        string[] lines = [.. ToyData.Lines];
        string pairs = folder.Write("scored.tsv", lines.SelectMany((line, i) => new[]
        {
            line + "\t1", line.Split('\t')[0] + " twice\t" + lines[(i + 31) % lines.Length].Split('\t')[1] + "\t0",
        }));
        FineTuningReport report = FineTuner.Train(
            [pairs], BaseModel(folder), folder.File("tuned"), new() { Warmup = 5, Epochs = 8, LearningRate = 0.05f },
            cancellationToken: TestContext.Current.CancellationToken);
        Assert.NotNull(report.After.Spearman);
        Assert.True(report.After.Spearman > report.Before.Spearman);
    }

    [Theory]
    [InlineData(TrainingLoss.MultipleNegatives)]
    [InlineData(TrainingLoss.InfoNce)]
    [InlineData(TrainingLoss.Triplet)]
    public void Every_negative_of_a_row_changes_what_is_learned(TrainingLoss loss)
    {
        using var folder = new TemporaryFolder();
        string[][] pairs = [.. ToyData.Lines.Select(static line => line.Split('\t'))];
        string model = BaseModel(folder);
        byte[] WeightsWith(int negatives)
        {
            string file = folder.Write($"{loss}-{negatives}.jsonl", pairs.Select((pair, i) => System.Text.Json.JsonSerializer.Serialize(new
            {
                anchor = pair[0],
                positive = pair[1],
                // Rows differ in how many they have; the first row has the fewest.
                negative = Enumerable.Range(1, i == 0 ? 1 : negatives).Select(n => pairs[(i + (7 * n)) % pairs.Length][1]),
            })));
            FineTuner.Train([file], model, folder.File($"{loss}-{negatives}"), new() { Warmup = 2, Epochs = 1, Batch = 8, Loss = loss }, cancellationToken: TestContext.Current.CancellationToken);
            return File.ReadAllBytes(Path.Combine(folder.File($"{loss}-{negatives}"), "model.safetensors"));
        }

        Assert.NotEqual(WeightsWith(2), WeightsWith(3));
    }

    [Fact]
    public void Scores_beside_negatives_need_a_choice_and_what_is_unused_is_said()
    {
        using var folder = new TemporaryFolder();
        string model = BaseModel(folder);
        string both = folder.Write("both.csv", ["anchor,positive,negative,score", .. ToyData.Lines.Select(static (line, i) => $"{line.Replace('\t', ',')},she sings {i},0.{i % 10}")]);
        Assert.Contains("cosent", Assert.Throws<InputException>(() => FineTuner.Train([both], model, folder.File("auto"))).Message, StringComparison.Ordinal);
        Assert.Equal(["the negatives are not used: this loss learns from the scores alone"], WarningsOf(TrainingLoss.CoSent));
        Assert.StartsWith("the scores of 65 pairs are not used", Assert.Single(WarningsOf(TrainingLoss.InfoNce)), StringComparison.Ordinal);

        List<string> WarningsOf(TrainingLoss loss)
        {
            List<string> warnings = [];
            FineTuner.Train([both], model, folder.File(loss.ToString()), new() { Epochs = 1, Loss = loss }, new() { Warn = warnings.Add }, TestContext.Current.CancellationToken);
            return warnings;
        }
    }

    [Fact]
    public void A_loss_that_lacks_its_data_and_bad_settings_are_refused_before_anything_is_written()
    {
        using var folder = new TemporaryFolder();
        string model = BaseModel(folder), pairs = folder.Write("pairs.tsv", ToyData.Lines);
        foreach (FineTuningOptions options in new FineTuningOptions[]
        {
            new() { Loss = TrainingLoss.CoSent }, new() { Loss = TrainingLoss.Triplet }, new() { Batch = 1 }, new() { LearningRate = 0 },
        })
        {
            Assert.Throws<InputException>(() => FineTuner.Train([pairs], model, folder.File("tuned"), options));
        }

        Assert.Throws<InputException>(() => FineTuner.Train([pairs], folder.Path, folder.File("tuned")));
        Assert.False(Directory.Exists(folder.File("tuned")));
    }

    [Fact]
    public void Killed_at_any_step_and_resumed_a_run_with_everything_on_ends_with_the_same_weights()
    {
        using var folder = new TemporaryFolder();
        string model = BaseModel(folder), pairs = folder.Write("pairs.tsv", ToyData.Lines);
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
            Loss = TrainingLoss.InfoNce,
            Decay = LearningRateDecay.Cosine,
            ValidationFraction = 0.25,
            Matryoshka = [16, 4],
        };
        FineTuningReport whole = FineTuner.Train([pairs], model, folder.File("whole"), options, cancellationToken: TestContext.Current.CancellationToken);
        foreach (int dies in (int[])[2, 9, 12])
        {
            string output = folder.File($"halves-{dies}");
            var dying = new TrainingRunOptions { CheckpointSteps = 3, MaxDegreeOfParallelism = 1, Progress = new DyingAt(dies) };
            Assert.Throws<OperationCanceledException>(() => FineTuner.Train([pairs], model, output, options, dying));
            FineTuningReport resumed = FineTuner.Train(
                [pairs], model, output, options, new() { Resume = true, CheckpointSteps = 5 }, TestContext.Current.CancellationToken);
            Assert.Equal(File.ReadAllBytes(Path.Combine(folder.File("whole"), "model.safetensors")), File.ReadAllBytes(Path.Combine(output, "model.safetensors")));
            Assert.Equal(whole.Losses, resumed.Losses);
            Assert.Equal(whole.Epochs, resumed.Epochs);
            Assert.Equal(["README.md", "config.json", "model.safetensors", "tokenizer.json", "vocab.txt"],
                Directory.GetFiles(output).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public void Patience_stops_and_keeps_the_best_epoch()
    {
        using var folder = new TemporaryFolder();
        string pairs = folder.Write("pairs.tsv", ToyData.Lines);
        // A rate so high that it cannot get better for ever.
        FineTuningReport report = FineTuner.Train(
            [pairs], BaseModel(folder), folder.File("tuned"), new() { Warmup = 0, Epochs = 60, LearningRate = 1, Patience = 3, ValidationFraction = 0.25 },
            cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(report.KeptEpoch + 3, report.Epochs.Count);
        Assert.Equal(report.Epochs.Max(static epoch => epoch.Scores.MeanReciprocalRank), report.After.MeanReciprocalRank);
        Assert.Contains($"| {report.KeptEpoch} (kept) |", File.ReadAllText(Path.Combine(folder.File("tuned"), "README.md")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_to_measure_with_keeps_its_anchors_out_of_training()
    {
        using var folder = new TemporaryFolder();
        string[] lines = [.. ToyData.Lines];
        FineTuningReport report = FineTuner.Train(
            [folder.Write("pairs.tsv", lines)], BaseModel(folder), folder.File("tuned"),
            new() { Epochs = 1, ValidationFile = folder.Write("others.tsv", lines[..10]) }, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal((62, 10), (report.TrainingPairs, report.Before.Pairs));
    }

    [Fact]
    public void Rank_correlation_gives_ties_their_mean_rank()
    {
        // By hand: ranks 1, 2.5, 2.5, 4 against 1, 3, 2, 4 give 4.5 / sqrt(4.5 × 5).
        Assert.Equal(4.5 / Math.Sqrt(22.5), RankCorrelation.Spearman([1, 2, 2, 9], [10, 30, 20, 40]), 1e-12);
    }

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
            folder.Path, folder.File("base"));
        return folder.File("base");
    }
}
