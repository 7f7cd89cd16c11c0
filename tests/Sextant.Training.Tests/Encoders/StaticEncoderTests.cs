using Sextant.Training.Encoders;
using Sextant.Training.Numerics;

namespace Sextant.Training.Tests.Encoders;

public class StaticEncoderTests
{
    private static readonly string[] Tokens = ["[UNK]", "running", "runner", "walked", "##ing"];

    [Fact]
    public void Vector_is_the_mean_of_tokens_and_a_token_the_sum_of_features()
    {
        TokenComposition composition = Composition();
        var encoder = new StaticEncoder(composition, 8, seed: 1);
        EmbeddingMatrix embedding = encoder.Forward(Batch([1, 2, 2]), new SeededRandom(1), new ParallelOptions());
        for (int column = 0; column < 8; column++)
        {
            double Sum(int token)
            {
                double sum = 0;
                foreach (int feature in composition[token])
                {
                    sum += encoder.Table[(feature * 8) + column];
                }

                return sum;
            }

            Assert.Equal((Sum(1) + (2 * Sum(2))) / 3, embedding[0][column], 1e-5);
        }
    }

    [Fact]
    public void Saved_table_equals_the_trained_one()
    {
        var encoder = new StaticEncoder(Composition(), 8, seed: 1);
        EmbeddingMatrix embedding = encoder.Forward(Batch([1, 3]), new SeededRandom(1), new ParallelOptions());
        float[] rows = encoder.Compose();
        for (int column = 0; column < 8; column++)
        {
            Assert.Equal((rows[8 + column] + rows[24 + column]) / 2, embedding[0][column], 1e-5);
        }
    }

    [Fact]
    public void Forward_and_backward_weigh_tokens_by_position()
    {
        const float Scale = 2;
        var encoder = new StaticEncoder(TokenComposition.Identity(4), 3, seed: 2) { PositionScale = Scale };
        float[] rows = [.. encoder.Table];
        EmbeddingMatrix embedding = encoder.Forward(Batch([2, 1, 2], [3]), new SeededRandom(1), new ParallelOptions());
        double[] weights = [1, 2.0 / 3, 2.0 / 4];
        for (int column = 0; column < 3; column++)
        {
            double sum = (rows[6 + column] * (weights[0] + weights[2])) + (rows[3 + column] * weights[1]);
            Assert.Equal(sum / weights.Sum(), embedding[0][column], 1e-5);
        }

        var gradients = new EmbeddingMatrix(2, 3);
        gradients[0].Fill(1);
        encoder.Backward(gradients, 0.1f, new ParallelOptions());
        // After one step the first moment is a tenth of the gradient.
        Assert.Equal(0.1 * weights[1] / weights.Sum(), encoder.Adam.FirstMoments[3], 1e-6);
        Assert.Equal(0.1 * (weights[0] + weights[2]) / weights.Sum(), encoder.Adam.FirstMoments[6], 1e-6);
        Assert.Equal(0, encoder.Adam.FirstMoments[9]);
    }

    [Fact]
    public void Step_moves_against_the_gradient_and_changes_no_other_row()
    {
        var encoder = new StaticEncoder(TokenComposition.Identity(4), 3, seed: 2);
        float[] before = [.. encoder.Table];
        encoder.Forward(Batch([2], [2, 1]), new SeededRandom(1), new ParallelOptions());
        var gradients = new EmbeddingMatrix(2, 3);
        gradients[0].Fill(1);
        encoder.Backward(gradients, 0.1f, new ParallelOptions());
        Assert.Equal(before[..3], encoder.Table[..3]);
        Assert.Equal(before[9..], encoder.Table[9..]);
        // The first step of Adam equals the learning rate, independent of the gradient's length.
        Assert.All(Enumerable.Range(6, 3), i => Assert.Equal(before[i] - 0.1f, encoder.Table[i], 1e-4));
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(1000)]
    public void Clipping_limits_the_gradient_norm(float limit)
    {
        var encoder = new StaticEncoder(TokenComposition.Identity(4), 3, seed: 2) { MaxGradientNorm = limit };
        encoder.Forward(Batch([2], [1]), new SeededRandom(1), new ParallelOptions());
        var gradients = new EmbeddingMatrix(2, 3);
        gradients[0].Fill(3);
        gradients[1].Fill(4);
        encoder.Backward(gradients, 0.1f, new ParallelOptions());
        // After one step the first moment is a tenth of the gradient, whose own length is 5 · sqrt(3).
        double length = 10 * Math.Sqrt(encoder.Adam.FirstMoments.Sum(static m => (double)m * m));
        Assert.Equal(Math.Min(limit, 5 * Math.Sqrt(3)), length, 1e-4);
    }

    [Fact]
    public void Dropout_keeps_at_least_one_token_per_text()
    {
        var encoder = new StaticEncoder(TokenComposition.Identity(4), 3, seed: 2) { TokenDropout = 0.99f };
        for (ulong seed = 0; seed < 50; seed++)
        {
            EmbeddingMatrix embedding = encoder.Forward(Batch([1, 2, 3]), new SeededRandom(seed), new ParallelOptions());
            Assert.Contains(embedding[0].ToArray(), value => value != 0);
        }
    }

    [Fact]
    public void Related_words_share_features_and_unshared_features_are_dropped()
    {
        TokenComposition composition = Composition();
        Assert.Contains(composition[1].ToArray()[1..], feature => composition[2].Contains(feature));
        Assert.Equal(1, composition[3].Length);
    }

    [Theory]
    [InlineData("running", "run")]
    [InlineData("runs", "run")]
    [InlineData("cities", "cit")]
    [InlineData("city", "cit")]
    [InlineData("dog", "dog")]
    public void Stems_are_prefixes(string word, string stem) => Assert.Equal(stem, WordFeatures.Stem(word));

    private static TokenComposition Composition() =>
        TokenComposition.FromFeatures(Tokens, token => WordFeatures.Describe(token, 4, 5, stems: true));

    private static TokenBatch Batch(params int[][] texts)
    {
        var batch = new TokenBatch();
        foreach (int[] text in texts)
        {
            batch.Add(text);
        }

        return batch;
    }
}
