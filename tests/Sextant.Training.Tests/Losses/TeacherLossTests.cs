using Sextant.Training.Losses;
using Sextant.Training.Numerics;

namespace Sextant.Training.Tests.Losses;

public class TeacherLossTests
{
    private const int Pairs = 3,
        Width = 4;

    [Fact]
    public void Student_equal_to_the_teacher_has_zero_loss_and_gradient()
    {
        float[] targets = Units(2 * Pairs);
        EmbeddingBatch batch = Batch(targets);
        double loss = new TeacherLoss(targets, Width, [Width, 2], 0.1f, 1).Compute(batch.Leading(Width), 1, new ParallelOptions());

        // At full length both terms vanish; at 2 dimensions the cosine does, and similarities are still those of 4.
        double full = new TeacherLoss(targets, Width, [Width], 0.1f, 1).Compute(Batch(targets), 1, new ParallelOptions());
        Assert.Equal(0, full, 1e-5);
        Assert.True(loss > 1e-3);
        EmbeddingBatch alone = Batch(targets);
        new TeacherLoss(targets, Width, [Width], 0.1f, 1).Compute(alone, 1, new ParallelOptions());
        Assert.All(
            Enumerable.Range(0, Pairs),
            row => Assert.All(alone.AnchorGradients[row].ToArray(), value => Assert.Equal(0, value, 1e-4))
        );
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(0.7f)]
    public void Value_matches_the_formula(float similarityWeight)
    {
        const float Temperature = 0.3f;
        float[] targets = Units(2 * Pairs),
            student = Draw(2 * Pairs, 11);
        EmbeddingBatch batch = Batch(student);
        double loss = new TeacherLoss(targets, Width, [Width], Temperature, similarityWeight).Compute(batch, 1, new ParallelOptions());
        double expected = 0;
        int n = 2 * Pairs;
        for (int i = 0; i < n; i++)
        {
            expected += (1 - Cosine(student, i, targets, i)) / n;
            double[] p = Softmax(targets, i, n, Temperature),
                q = Softmax(student, i, n, Temperature);
            for (int j = 0; j < n; j++)
            {
                expected += j == i ? 0 : similarityWeight * p[j] * Math.Log(p[j] / q[j]) / n;
            }
        }

        Assert.Equal(expected, loss, 1e-4);
    }

    [Fact]
    public void Gradient_matches_finite_differences()
    {
        float[] targets = Units(2 * Pairs);
        var loss = new TeacherLoss(targets, Width, [Width, 2], 0.3f, 0.7f);
        EmbeddingBatch batch = Batch(Draw(2 * Pairs, 11));
        loss.Compute(batch, 1, new ParallelOptions());
        const float Step = 5e-3f;
        foreach (
            (EmbeddingMatrix rows, EmbeddingMatrix gradients) in ((EmbeddingMatrix, EmbeddingMatrix)[])
                [(batch.Anchors, batch.AnchorGradients), (batch.Positives, batch.PositiveGradients)]
        )
        {
            for (int row = 0; row < Pairs; row++)
            {
                for (int column = 0; column < Width; column++)
                {
                    float original = rows[row][column];
                    rows[row][column] = original + Step;
                    double above = loss.Compute(batch, 0, new ParallelOptions());
                    rows[row][column] = original - Step;
                    double below = loss.Compute(batch, 0, new ParallelOptions());
                    rows[row][column] = original;
                    Assert.Equal((above - below) / (2 * Step), gradients[row][column], 5e-3);
                }
            }
        }
    }

    /// <summary>The first half of the rows as anchors, the second as positives; text i has the target i.</summary>
    private static EmbeddingBatch Batch(float[] rows)
    {
        var all = new EmbeddingMatrix(2 * Pairs, Width);
        for (int i = 0; i < 2 * Pairs; i++)
        {
            rows.AsSpan(i * Width, Width).CopyTo(all[i]);
        }

        return new EmbeddingBatch
        {
            Anchors = all.Slice(0, Pairs),
            Positives = all.Slice(Pairs, Pairs),
            TextIds = (int[])[.. Enumerable.Range(0, 2 * Pairs)],
            AnchorGradients = new(Pairs, Width),
            PositiveGradients = new(Pairs, Width),
        };
    }

    private static float[] Units(int rows)
    {
        float[] values = Draw(rows, 5);
        for (int i = 0; i < rows; i++)
        {
            Span<float> row = values.AsSpan(i * Width, Width);
            float length = System.Numerics.Tensors.TensorPrimitives.Norm<float>(row);
            System.Numerics.Tensors.TensorPrimitives.Divide(row, length, row);
        }

        return values;
    }

    private static float[] Draw(int rows, ulong seed)
    {
        var random = new SeededRandom(seed);
        return [.. Enumerable.Range(0, rows * Width).Select(_ => random.NextGaussian())];
    }

    private static double[] Softmax(float[] rows, int own, int count, double temperature)
    {
        double[] weights = [.. Enumerable.Range(0, count).Select(j => j == own ? 0 : Math.Exp(Cosine(rows, own, rows, j) / temperature))];
        double sum = weights.Sum();
        return Array.ConvertAll(weights, weight => weight / sum);
    }

    private static double Cosine(float[] a, int i, float[] b, int j) =>
        System.Numerics.Tensors.TensorPrimitives.CosineSimilarity<float>(a.AsSpan(i * Width, Width), b.AsSpan(j * Width, Width));
}
