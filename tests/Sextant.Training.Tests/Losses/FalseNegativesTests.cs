using Sextant.Training.Losses;
using Sextant.Training.Numerics;

namespace Sextant.Training.Tests.Losses;

/// <summary>Which candidates of a batch are no negatives of an anchor. Candidates are the positives, then one negative.</summary>
public class FalseNegativesTests
{
    private const int Pairs = 3,
        Width = Pairs + 1;

    [Theory]
    [InlineData(new[] { 1, 2, 3, 11, 12, 13 }, "", "all texts differ")]
    [InlineData(new[] { 1, 1, 3, 11, 12, 13 }, "01 10", "equal anchors exclude each other's positive")]
    [InlineData(new[] { 1, 2, 3, 11, 11, 13 }, "01 10", "equal positives are excluded")]
    [InlineData(new[] { 1, 2, 3, 11, 12, 1 }, "02", "the text of the anchor is excluded where it is another pair's positive")]
    [InlineData(new[] { 1, 2, 3, 1, 12, 13 }, "", "its own positive is kept")]
    [InlineData(new[] { 1, 1, 1, 11, 12, 13 }, "01 02 10 12 20 21", "each of three equal anchors")]
    public void Only_other_pairs_with_the_same_text_are_excluded(int[] ids, string excluded, string reason)
    {
        float[] logits = Logits(ids);

        IEnumerable<string> masked = Enumerable
            .Range(0, Pairs * Width)
            .Where(at => float.IsNegativeInfinity(logits[at]))
            .Select(at => $"{at / Width}{at % Width}");
        Assert.True(excluded == string.Join(' ', masked), $"{reason}: {string.Join(' ', masked)}");
        Assert.All(logits.Where(float.IsFinite), value => Assert.Equal(0.5f, value));
    }

    [Fact]
    public void Without_text_ids_nothing_is_excluded() => Assert.All(Logits([]), value => Assert.Equal(0.5f, value));

    private static float[] Logits(int[] ids)
    {
        EmbeddingMatrix rows = new(Pairs, 2);
        float[] logits = [.. Enumerable.Repeat(0.5f, Pairs * Width)];
        FalseNegatives.Mask(
            new EmbeddingBatch
            {
                Anchors = rows,
                Positives = rows,
                TextIds = ids,
                AnchorGradients = rows,
                PositiveGradients = rows,
            },
            logits,
            Width
        );
        return logits;
    }
}
