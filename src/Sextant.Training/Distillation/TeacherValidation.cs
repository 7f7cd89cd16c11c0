using System.Numerics.Tensors;
using Sextant.Embedding;
using Sextant.Numerics;
using Sextant.Training.FineTuning;
using Sextant.Training.Numerics;
using Sextant.Training.Runs;

namespace Sextant.Training.Distillation;

/// <summary>Measures a student against the teacher's vectors of held-out texts.</summary>
/// <param name="targets">The teacher's vectors of all texts, of length 1, one after the other.</param>
/// <param name="first">The first held-out text; all texts after it are also held out.</param>
/// <param name="count">The number of held-out texts.</param>
internal sealed class TeacherValidation(float[] targets, int first, int count)
{
    private const int Neighbors = 10;

    /// <summary>Fewer texts say nothing about neighbors.</summary>
    private const int FewestTexts = 20;

    public DistillationScores? Measure(ITrainedEncoder student)
    {
        if (count < FewestTexts)
        {
            return null;
        }

        int width = student.Dimensions;
        float[][] given = Validation.Unit(student.Embed([.. Enumerable.Range(first, count)], EmbeddingRole.Document));
        float[][] wanted = [.. Enumerable.Range(first, count).Select(text => targets.AsSpan(text * width, width).ToArray())];
        double[] cosines = new double[count],
            recalls = new double[count];
        Parallel.For(
            0,
            count,
            i =>
            {
                cosines[i] = TensorPrimitives.Dot<float>(given[i], wanted[i]);
                int[] near = Nearest(given, i);
                recalls[i] = Nearest(wanted, i).Count(near.Contains) / (double)near.Length;
            }
        );

        // As many random pairs as give the correlation to three digits.
        var random = new SeededRandom(7);
        (int A, int B)[] pairs =
        [
            .. Enumerable
                .Range(0, 20_000)
                .Select(_ => (random.Next(count), random.Next(count)))
                .Where(static pair => pair.Item1 != pair.Item2),
        ];
        return new DistillationScores
        {
            Texts = count,
            Cosine = cosines.Average(),
            Correlation = RankCorrelation.Spearman(Pairwise(given, pairs), Pairwise(wanted, pairs)),
            NeighborRecall = recalls.Average(),
        };
    }

    private static double[] Pairwise(float[][] rows, (int A, int B)[] pairs) =>
        Array.ConvertAll(pairs, pair => (double)TensorPrimitives.Dot<float>(rows[pair.A], rows[pair.B]));

    private static int[] Nearest(float[][] rows, int own)
    {
        var best = new TopK(Math.Min(Neighbors, rows.Length - 1));
        for (int i = 0; i < rows.Length; i++)
        {
            if (i != own)
            {
                best.Offer(i, TensorPrimitives.Dot<float>(rows[own], rows[i]));
            }
        }

        return best.ToIndexes();
    }
}
