using Sextant.Training.Losses;
using Sextant.Training.Numerics;

namespace Sextant.Training.Tests.Losses;

/// <summary>Parameters and batches that a loss rejects, and the most extreme that it computes.</summary>
public class LossLimitsTests
{
    [Fact]
    public void Parameters_out_of_range_are_rejected()
    {
        foreach (float bad in (float[])[0, -1])
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => new CoSentLoss(bad));
            Assert.Throws<ArgumentOutOfRangeException>(() => new InfoNceLoss(bad));
            Assert.Throws<ArgumentOutOfRangeException>(() => new MultipleNegativesRankingLoss(bad));
            Assert.Throws<ArgumentOutOfRangeException>(() => new MultipleNegativesSymmetricRankingLoss(bad));
        }

        foreach (float bad in (float[])[-0.1f, 4.1f])
            Assert.Throws<ArgumentOutOfRangeException>(() => new TripletLoss(bad));
        Assert.NotNull(new TripletLoss(0));
        Assert.NotNull(new TripletLoss(4));
        var inner = new MultipleNegativesRankingLoss();
        Assert.Throws<ArgumentException>(() => new MatryoshkaLoss(inner, []));
        Assert.Throws<ArgumentException>(() => new MatryoshkaLoss(inner, [4, 0]));
        Assert.Throws<ArgumentException>(() => new MatryoshkaLoss(inner, [4, 2], [1]));
        Assert.Equal([1], new MatryoshkaLoss(inner, [1]).Dimensions);
    }

    [Theory]
    [InlineData(2, 4, 3, 4, 0, 4)]
    [InlineData(2, 4, 2, 3, 0, 4)]
    [InlineData(2, 4, 2, 4, 3, 4)]
    [InlineData(2, 4, 2, 4, 2, 3)]
    [InlineData(0, 4, 0, 4, 2, 4)]
    public void Matrices_that_do_not_fit_together_are_rejected(
        int anchors,
        int width,
        int positives,
        int second,
        int negatives,
        int third
    ) =>
        Assert.Throws<ArgumentException>(() =>
            EmbeddingBatch.Create(
                new(anchors, width),
                new(positives, second),
                negatives == 0 ? null : new EmbeddingMatrix(negatives, third)
            )
        );

    // exp(1000) overflows a double and exp(100) a float, and both of their inverses vanish: without a shift by the greatest exponent
    // that counts, the values would be infinite or NaN.
    [Theory]
    [InlineData("CoSENT")]
    [InlineData("InfoNCE")]
    [InlineData("one way")]
    [InlineData("both ways")]
    public void Temperature_of_a_thousandth_neither_overflows_nor_vanishes(string name)
    {
        const float Scale = 1000;
        IEmbeddingLoss loss = name switch
        {
            "CoSENT" => new CoSentLoss(Scale),
            "InfoNCE" => new InfoNceLoss(1 / Scale),
            "one way" => new MultipleNegativesRankingLoss(Scale),
            _ => new MultipleNegativesSymmetricRankingLoss(Scale),
        };

        // What must rank lower has a cosine of 1, the positive one of 0; for CoSENT, of 0.8.
        EmbeddingBatch wrong = Batch(isRight: false);
        Assert.Equal(name == "CoSENT" ? Scale * 0.2 : Scale, loss.Compute(wrong, 1, new ParallelOptions()), 1e-2);
        Assert.All(wrong.AnchorGradients[0].ToArray(), value => Assert.True(float.IsFinite(value)));
        Assert.NotEqual(0, wrong.AnchorGradients[0][1]);

        EmbeddingBatch right = Batch(isRight: true);
        Assert.Equal(0, loss.Compute(right, 1, new ParallelOptions()), 1e-6);
        Assert.All(right.AnchorGradients[0].ToArray(), value => Assert.Equal(0, value, 1e-6));

        EmbeddingBatch Batch(bool isRight) =>
            new()
            {
                Anchors = Rows([1, 0], [0, 1]),
                Positives =
                    name == "CoSENT" ? Rows(isRight ? [0, 1] : [0.8f, 0.6f], [0, 1])
                    : isRight ? Rows([1, 0], [0, 1])
                    : Rows([0, 1], [1, 0]),
                Negatives =
                    name != "InfoNCE" ? null
                    : isRight ? Rows([0, 1], [1, 0])
                    : Rows([1, 0], [0, 1]),
                Scores =
                    name != "CoSENT" ? default
                    : isRight ? new float[] { 0, 1 }
                    : new float[] { 1, 0 },
                AnchorGradients = new(2, 2),
                PositiveGradients = new(2, 2),
                NegativeGradients = name == "InfoNCE" ? new(2, 2) : null,
            };
    }

    [Fact]
    public void Matryoshka_without_weights_sums_the_inner_loss_of_each_length()
    {
        EmbeddingBatch batch = EmbeddingBatch.Create(Rows([1, 2, 3], [2, -1, 1]), Rows([1, 1, 3], [2, 0, 1]));
        var inner = new MultipleNegativesRankingLoss(2);
        double expected =
            inner.Compute(batch.Leading(3), 0, new ParallelOptions()) + inner.Compute(batch.Leading(1), 0, new ParallelOptions());

        Assert.Equal(expected, new MatryoshkaLoss(inner, [3, 1]).Compute(batch, 1, new ParallelOptions()), 1e-6);
    }

    [Fact]
    public void Matryoshka_needs_what_its_inner_loss_needs()
    {
        var ranking = new MatryoshkaLoss(new MultipleNegativesRankingLoss(), [2], [0.5f]);
        var triplet = new MatryoshkaLoss(new TripletLoss(), [2]);

        Assert.True(ranking.UsesInBatchNegatives);
        Assert.Equal(LossInputs.Pairs, ((IEmbeddingLoss)ranking).Needs);
        Assert.Equal((false, LossInputs.Negatives), (triplet.UsesInBatchNegatives, triplet.Needs));
        Assert.Equal("multiple negatives ranking, temperature 0.05, weights 0.5", ranking.Description);
        Assert.Equal("triplet, margin 0.2", triplet.Description);
        Assert.Equal("CoSENT, temperature 0.05", new CoSentLoss().Description);
        Assert.Equal("InfoNCE, temperature 0.07", new InfoNceLoss().Description);
        Assert.Equal("symmetric multiple negatives ranking, temperature 0.05", new MultipleNegativesSymmetricRankingLoss().Description);
    }

    [Fact]
    public void Scores_that_do_not_match_the_pairs_are_rejected()
    {
        EmbeddingBatch batch = EmbeddingBatch.Create(Rows([1, 2]), Rows([1, 1]));

        ArgumentException error = Assert.Throws<ArgumentException>(() => new CoSentLoss().Compute(batch, 1, new ParallelOptions()));

        Assert.StartsWith("0 scores for 1 pairs.", error.Message, StringComparison.Ordinal);
        Assert.Equal(LossInputs.Scores, new CoSentLoss().Needs);
    }

    private static EmbeddingMatrix Rows(params float[][] rows)
    {
        var matrix = new EmbeddingMatrix(rows.Length, rows[0].Length);
        for (int i = 0; i < rows.Length; i++)
            rows[i].CopyTo(matrix[i]);
        return matrix;
    }
}
