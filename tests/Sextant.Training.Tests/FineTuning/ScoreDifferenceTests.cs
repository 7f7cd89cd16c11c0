using Sextant.Training.FineTuning;

namespace Sextant.Training.Tests.FineTuning;

public class ScoreDifferenceTests
{
    [Theory]
    [InlineData(3, 0, 3)]
    [InlineData(20, 10, 13)]
    public void Gain_that_chance_explains_is_a_warning(int pairs, int foundBefore, int foundAfter)
    {
        string warning = Between(pairs, foundBefore, foundAfter).Warning!;
        Assert.StartsWith(
            $"{pairs} held-out pairs are too few to tell whether the model improved: the 95 % interval of the difference in MRR is ",
            warning,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(200, 100, 150)]
    [InlineData(1000, 500, 530)]
    [InlineData(1000, 500, 500)]
    [InlineData(0, 0, 0)]
    public void Certain_gain_or_no_held_out_pairs_give_no_warning(int pairs, int foundBefore, int foundAfter) =>
        Assert.Null(Between(pairs, foundBefore, foundAfter).Warning);

    [Fact]
    public void Warning_names_the_number_of_pairs_that_would_be_significant()
    {
        // The gain is 1 pair in 20, half of an MRR point each: 0.025.
        string warning = Between(20, 10, 11).Warning!;
        Assert.EndsWith("; a difference of 0.025 needs about 570", warning, StringComparison.Ordinal);
        Assert.Null(Between(580, 290, 319).Warning);
    }

    [Fact]
    public void Warning_for_equal_models_names_no_number_of_pairs()
    {
        string warning = Between(40, 20, 20).Warning!;
        Assert.EndsWith("; no difference was measured", warning, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(20, false)]
    [InlineData(1000, true)]
    public void Correlations_are_compared_by_their_number_of_pairs(int pairs, bool isCertain)
    {
        ValidationScores before = new() { Pairs = pairs, Spearman = 0.5 },
            after = new() { Pairs = pairs, Spearman = 0.6 };
        Assert.Equal(isCertain, ScoreDifference.Between(before, after, [], []).Warning is null);
    }

    // The first pairs are found at rank 1, the others at rank 2.
    private static ScoreDifference Between(int pairs, int foundBefore, int foundAfter)
    {
        (ValidationScores before, double[] ranksBefore) = Scores(foundBefore);
        (ValidationScores after, double[] ranksAfter) = Scores(foundAfter);
        return ScoreDifference.Between(before, after, ranksBefore, ranksAfter);

        (ValidationScores Scores, double[] Ranks) Scores(int found)
        {
            double[] ranks = [.. Enumerable.Range(0, pairs).Select(i => i < found ? 1.0 : 0.5)];
            return (new() { Pairs = pairs, MeanReciprocalRank = ranks.DefaultIfEmpty().Average() }, ranks);
        }
    }
}
