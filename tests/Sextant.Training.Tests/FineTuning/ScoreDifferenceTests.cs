using Sextant.Training.FineTuning;

namespace Sextant.Training.Tests.FineTuning;

public class ScoreDifferenceTests
{
    [Theory]
    [InlineData(3, 0, 3)]
    [InlineData(20, 10, 13)]
    public void Warns_where_chance_explains_the_gain(int pairs, int foundBefore, int foundAfter)
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
    public void Is_silent_where_the_gain_is_certain_or_nothing_is_held_out(int pairs, int foundBefore, int foundAfter) =>
        Assert.Null(Between(pairs, foundBefore, foundAfter).Warning);

    [Fact]
    public void Names_a_size_at_which_the_same_gain_is_certain()
    {
        // The gain is 1 pair in 20, half of an MRR point each: 0.025.
        string warning = Between(20, 10, 11).Warning!;
        Assert.EndsWith("; a difference of 0.025 needs about 570", warning, StringComparison.Ordinal);
        Assert.Null(Between(580, 290, 319).Warning);
    }

    [Fact]
    public void Equal_models_are_not_promised_a_size()
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
