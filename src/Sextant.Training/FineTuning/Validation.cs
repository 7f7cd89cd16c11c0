using System.Numerics.Tensors;
using Sextant.Embedding;
using Sextant.Training.Data;
using Sextant.Training.Numerics;
using Sextant.Training.Runs;

namespace Sextant.Training.FineTuning;

/// <summary>Measures an encoder on held-out pairs, at full length, as the model that it becomes would embed.</summary>
internal sealed class Validation
{
    private readonly IReadOnlyList<TrainingPair> _pairs;
    private readonly int[] _documents;
    private readonly int[] _own;

    public Validation(IReadOnlyList<TrainingPair> pairs)
    {
        _pairs = pairs;
        _documents = [.. pairs.Select(static pair => pair.Positive).Distinct()];
        Dictionary<int, int> places = _documents.Index().ToDictionary(static text => text.Item, static text => text.Index);
        _own = [.. pairs.Select(pair => places[pair.Positive])];
    }

    public ValidationScores Measure(ITrainedEncoder encoder) => Measure(encoder, out _);

    /// <param name="encoder">The encoder to measure.</param>
    /// <param name="reciprocalRanks">1 / rank of each pair, in their order; empty for scored pairs.</param>
    public ValidationScores Measure(ITrainedEncoder encoder, out double[] reciprocalRanks)
    {
        float[][] corpus = Unit(encoder.Embed(_documents, EmbeddingRole.Document));
        float[][] queries = Unit(encoder.Embed([.. _pairs.Select(static pair => pair.Anchor)], EmbeddingRole.Query));
        if (_pairs.Count > 0 && _pairs.All(static pair => !float.IsNaN(pair.Score)))
        {
            double[] cosines = [.. queries.Select((query, i) => (double)TensorPrimitives.Dot<float>(query, corpus[_own[i]]))];
            reciprocalRanks = [];
            return new ValidationScores
            {
                Pairs = _pairs.Count,
                Spearman = RankCorrelation.Spearman(cosines, [.. _pairs.Select(static pair => (double)pair.Score)]),
            };
        }

        int[] ranks = Ranks(queries, corpus, _own);
        reciprocalRanks = Array.ConvertAll(ranks, static rank => 1.0 / rank);
        return Score(ranks);
    }

    /// <summary>How well each query, a unit vector, finds its own text among all of the corpus.</summary>
    public static ValidationScores Rank(float[][] queries, float[][] corpus, int[] own) => Score(Ranks(queries, corpus, own));

    private static int[] Ranks(float[][] queries, float[][] corpus, int[] own)
    {
        int[] ranks = new int[queries.Length];
        Parallel.For(
            0,
            queries.Length,
            i =>
            {
                float mine = TensorPrimitives.Dot<float>(queries[i], corpus[own[i]]);
                int nearer = 0;
                foreach (float[] text in corpus)
                {
                    nearer += TensorPrimitives.Dot<float>(queries[i], text) > mine ? 1 : 0;
                }

                ranks[i] = 1 + nearer;
            }
        );
        return ranks;
    }

    private static ValidationScores Score(int[] ranks)
    {
        double count = Math.Max(1, ranks.Length);
        return new ValidationScores
        {
            Pairs = ranks.Length,
            RecallAt1 = ranks.Count(static rank => rank == 1) / count,
            RecallAt10 = ranks.Count(static rank => rank <= 10) / count,
            MeanReciprocalRank = ranks.Sum(static rank => 1.0 / rank) / count,
        };
    }

    /// <summary>The rows, each scaled to length 1; a zero row is unchanged.</summary>
    public static float[][] Unit(EmbeddingMatrix rows)
    {
        float[][] unit = new float[rows.Rows][];
        for (int i = 0; i < unit.Length; i++)
        {
            unit[i] = rows[i].ToArray();
            float length = TensorPrimitives.Norm<float>(unit[i]);
            if (length > 0)
            {
                TensorPrimitives.Divide(unit[i], length, unit[i]);
            }
        }

        return unit;
    }
}
