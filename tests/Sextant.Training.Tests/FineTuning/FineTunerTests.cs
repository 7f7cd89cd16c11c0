using Sextant.Training.FineTuning;
using Sextant.Training.Recipes;

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
