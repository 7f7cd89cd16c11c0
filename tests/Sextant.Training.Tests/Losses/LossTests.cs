using System.Diagnostics;
using Sextant.Training.Losses;
using Sextant.Training.Numerics;

namespace Sextant.Training.Tests.Losses;

public class LossTests
{
    public static TheoryData<string> Names => [.. LossReference.Losses.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Value_and_gradient_match_the_golden_file(string name) =>
        new LossReference(File.ReadAllText(LossReference.GoldenPath)).Check(name);

    [Fact]
    public void Value_and_gradient_match_PyTorch()
    {
        string? json = RunPython(LossReference.ScriptPath);
        Assert.SkipWhen(json is null, "python3 with torch is not installed (Debian: python3-torch)");
        var reference = new LossReference(json);
        Assert.All(LossReference.Losses.Keys, reference.Check);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Gradient_matches_finite_differences(string name)
    {
        var reference = new LossReference(File.ReadAllText(LossReference.GoldenPath));
        EmbeddingBatch batch = reference.Batch(name);
        var parallel = new ParallelOptions();
        LossReference.Losses[name].Compute(batch, 1, parallel);
        const float Step = 1e-2f;
        for (int row = 0; row < batch.Size; row++)
        {
            for (int column = 0; column < batch.Anchors.Columns; column++)
            {
                float original = batch.Anchors[row][column];
                batch.Anchors[row][column] = original + Step;
                double above = LossReference.Losses[name].Compute(batch, 0, parallel);
                batch.Anchors[row][column] = original - Step;
                double below = LossReference.Losses[name].Compute(batch, 0, parallel);
                batch.Anchors[row][column] = original;
                // The values have single precision; the remaining difference is the third derivative and rounding.
                Assert.Equal((above - below) / (2 * Step), batch.AnchorGradients[row][column], 2e-2);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Weight_scales_the_gradient_which_is_accumulated(string name)
    {
        var reference = new LossReference(File.ReadAllText(LossReference.GoldenPath));
        EmbeddingBatch once = reference.Batch(name),
            twice = reference.Batch(name);
        IEmbeddingLoss loss = LossReference.Losses[name];
        double plain = loss.Compute(once, 1.5f, new ParallelOptions());
        loss.Compute(twice, 1, new ParallelOptions());
        Assert.Equal(plain, loss.Compute(twice, 0.5f, new ParallelOptions()));
        Assert.Equal(once.PositiveGradients[2].ToArray(), twice.PositiveGradients[2].ToArray(), (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Fact]
    public void Thread_count_does_not_change_the_result()
    {
        double[] values = new double[2];
        float[][] gradients = new float[2][];
        for (int run = 0; run < 2; run++)
        {
            EmbeddingBatch batch = RandomBatch(600, 40);
            values[run] = new MultipleNegativesSymmetricRankingLoss().Compute(
                batch,
                1,
                new ParallelOptions { MaxDegreeOfParallelism = run == 0 ? 1 : 8 }
            );
            gradients[run] = [.. Enumerable.Range(0, 600).SelectMany(i => batch.AnchorGradients[i].ToArray())];
        }

        Assert.Equal(values[0], values[1]);
        Assert.Equal(gradients[0], gradients[1]);
    }

    [Fact]
    public void Zero_embedding_gets_no_gradient_and_does_not_affect_the_others()
    {
        EmbeddingBatch batch = RandomBatch(8, 16);
        batch.Anchors[3].Clear();
        double loss = new MultipleNegativesSymmetricRankingLoss().Compute(batch, 1, new ParallelOptions());
        Assert.True(double.IsFinite(loss));
        Assert.All(batch.AnchorGradients[3].ToArray(), value => Assert.Equal(0, value));
        Assert.All(batch.PositiveGradients[3].ToArray(), value => Assert.True(float.IsFinite(value)));
    }

    [Fact]
    public void Anchors_with_different_numbers_of_negatives_use_exactly_their_own()
    {
        int[] counts = [2, 0, 3, 1];
        var random = new SeededRandom(5);
        EmbeddingMatrix anchors = Gaussian(4, 8, random),
            positives = Gaussian(4, 8, random),
            negatives = Gaussian(6, 8, random);
        double[] losses = new double[4];
        for (int i = 0, first = 0; i < 4; first += counts[i++])
        {
            EmbeddingMatrix? own = counts[i] == 0 ? null : negatives.Slice(first, counts[i]);
            losses[i] = own is null
                ? 0
                : new InfoNceLoss().Compute(
                    EmbeddingBatch.Create(anchors.Slice(i, 1), positives.Slice(i, 1), own),
                    1,
                    new ParallelOptions()
                );
        }

        EmbeddingBatch batch = Batch();
        Assert.Equal(losses.Sum() / 4, new InfoNceLoss().Compute(batch, 1, new ParallelOptions()), 1e-6);
        Assert.All(Enumerable.Range(0, 6), row => Assert.Contains(batch.NegativeGradients![row].ToArray(), value => value != 0));
        double triplet = Enumerable
            .Range(0, 6)
            .Average(n =>
            {
                int i =
                    n < 2 ? 0
                    : n < 5 ? 2
                    : 3;
                return Math.Max(0, (2 * Cosine(anchors[i], negatives[n])) - (2 * Cosine(anchors[i], positives[i])) + 0.2);
            });
        Assert.Equal(triplet, new TripletLoss().Compute(Batch(), 1, new ParallelOptions()), 1e-5);

        EmbeddingBatch Batch() =>
            new()
            {
                Anchors = anchors,
                Positives = positives,
                Negatives = negatives,
                NegativeCounts = counts,
                AnchorGradients = new(4, 8),
                PositiveGradients = new(4, 8),
                NegativeGradients = new(6, 8),
            };
    }

    private static double Cosine(ReadOnlySpan<float> a, ReadOnlySpan<float> b) =>
        System.Numerics.Tensors.TensorPrimitives.CosineSimilarity(a, b);

    private static EmbeddingMatrix Gaussian(int rows, int columns, SeededRandom random)
    {
        var matrix = new EmbeddingMatrix(rows, columns);
        for (int i = 0; i < rows; i++)
        {
            foreach (ref float value in matrix[i])
            {
                value = random.NextGaussian();
            }
        }

        return matrix;
    }

    [Fact]
    public void Losses_declare_whether_they_need_negatives_or_scores()
    {
        EmbeddingBatch batch = RandomBatch(4, 8);
        Assert.Throws<ArgumentException>(() => new InfoNceLoss().Compute(batch, 1, new ParallelOptions()));
        Assert.Throws<ArgumentException>(() => new TripletLoss().Compute(batch, 1, new ParallelOptions()));
        Assert.Throws<ArgumentException>(() => new CoSentLoss().Compute(batch, 1, new ParallelOptions()));
    }

    private static EmbeddingBatch RandomBatch(int size, int columns)
    {
        var random = new SeededRandom(5);
        EmbeddingMatrix[] matrices = new[] { new EmbeddingMatrix(size, columns), new EmbeddingMatrix(size, columns) };
        foreach (EmbeddingMatrix matrix in matrices)
        {
            for (int i = 0; i < size; i++)
            {
                foreach (ref float value in matrix[i])
                {
                    value = random.NextGaussian();
                }
            }
        }

        return EmbeddingBatch.Create(matrices[0], matrices[1]);
    }

    private static string? RunPython(string script)
    {
        try
        {
            string python = File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3";
            using Process process = Process.Start(
                new ProcessStartInfo(python, [script])
                {
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                    UseShellExecute = false,
                }
            )!;
            Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? output
                : errors.Result.Contains("ModuleNotFoundError", StringComparison.Ordinal) ? null
                : throw new InvalidOperationException(errors.Result);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
