using System.Numerics.Tensors;
using Sextant.Training.Data;

namespace Sextant.Training.FineTuning;

/// <summary>Measures token vectors on held-out pairs, at full length, as the model that they become would embed.</summary>
internal sealed class Validation(IReadOnlyList<TrainingPair> pairs, IReadOnlyList<int[]> tokens)
{
    public ValidationScores Measure(float[] rows, int dimensions)
    {
        var places = new Dictionary<int, int>();
        int[] own = [.. pairs.Select(pair => Place(places, pair.Positive))];
        float[][] corpus = [.. places.Keys.Select(text => Embed(tokens[text], rows, dimensions))];
        float[][] queries = [.. pairs.Select(pair => Embed(tokens[pair.Anchor], rows, dimensions))];
        if (pairs.Count > 0 && pairs.All(static pair => !float.IsNaN(pair.Score)))
        {
            double[] cosines = [.. queries.Select((query, i) => (double)TensorPrimitives.Dot<float>(query, corpus[own[i]]))];
            return new ValidationScores
            {
                Pairs = pairs.Count,
                Spearman = RankCorrelation.Spearman(cosines, [.. pairs.Select(static pair => (double)pair.Score)]),
            };
        }

        return Rank(queries, corpus, own);
    }

    /// <summary>How well each query, a unit vector, finds its own text among all of the corpus.</summary>
    public static ValidationScores Rank(float[][] queries, float[][] corpus, int[] own)
    {
        int[] ranks = new int[queries.Length];
        Parallel.For(0, queries.Length, i =>
        {
            float mine = TensorPrimitives.Dot<float>(queries[i], corpus[own[i]]);
            ranks[i] = 1 + corpus.Count(text => TensorPrimitives.Dot<float>(queries[i], text) > mine);
        });
        double count = Math.Max(1, ranks.Length);
        return new ValidationScores
        {
            Pairs = queries.Length,
            RecallAt1 = ranks.Count(static rank => rank == 1) / count,
            RecallAt10 = ranks.Count(static rank => rank <= 10) / count,
            MeanReciprocalRank = ranks.Sum(static rank => 1.0 / rank) / count,
        };
    }

    private static int Place(Dictionary<int, int> places, int text)
    {
        if (!places.TryGetValue(text, out int place))
        {
            places.Add(text, place = places.Count);
        }

        return place;
    }

    private static float[] Embed(int[] tokens, float[] rows, int dimensions)
    {
        float[] vector = new float[dimensions];
        foreach (int token in tokens)
        {
            TensorPrimitives.Add(vector, rows.AsSpan(token * dimensions, dimensions), vector);
        }

        float length = TensorPrimitives.Norm<float>(vector);
        if (length > 0)
        {
            TensorPrimitives.Divide(vector, length, vector);
        }

        return vector;
    }
}
