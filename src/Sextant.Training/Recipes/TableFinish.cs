using System.Numerics.Tensors;
using Sextant.Training.Data;
using Sextant.Training.Encoders;
using Sextant.Umap;

namespace Sextant.Training.Recipes;

/// <summary>
/// Post-processes the trained token vectors of a recipe. Ranking one positive above a thousand negatives leaves the lengths of rare words
/// to chance and hardly trains a "not" or a number, because few negatives differ only in those; human similarity judgments do depend on
/// them.
/// </summary>
public sealed record TableFinish
{
    private const int TextsPerSource = 3000,
        FewestTokens = 4;

    /// <summary>
    /// The weight of the recipe's starting rows, which are concatenated with the trained rows (weight 1) and then reduced to the recipe's
    /// dimensions by the principal components of the texts' embeddings; <see langword="null"/> leaves them out. This combines the knowledge
    /// from pairs and from teachers (the cosine of concatenated vectors is the mean of both).
    /// </summary>
    public float? StartBeside { get; init; }

    /// <summary>How to even out the lengths of rare tokens; <see langword="null"/> keeps the trained lengths.</summary>
    public RareLengths? RareLengths { get; init; }

    /// <summary>Factors for some tokens.</summary>
    public IReadOnlyList<TokenWeight> TokenWeights { get; init; } = [];

    /// <summary>
    /// How far the directions in which the training texts spread are evened out: each is multiplied by its variance to the
    /// power of minus half of this. 0 is not at all, 1 whitens (Su et al. 2021, arXiv:2103.15316). The axes stay where they are, so
    /// that leading dimensions remain the most telling ones.
    /// </summary>
    public float Whitening { get; init; }

    /// <summary>Changes the vectors in place.</summary>
    /// <param name="rows">The vectors of all tokens, concatenated.</param>
    /// <param name="dimensions">The dimensions of a vector.</param>
    /// <param name="data">The texts that determine which tokens are rare and which directions are wide.</param>
    /// <param name="positionScale">The weights of tokens by position.</param>
    /// <param name="start">The rows that training started from, for <see cref="StartBeside"/>.</param>
    internal void Apply(float[] rows, int dimensions, RecipeData data, float? positionScale = null, float[]? start = null)
    {
        if (StartBeside is { } share && start is not null)
        {
            SideBySide.Merge(rows, start, share, dimensions, (table, width) => Sample(table, width, data, positionScale));
        }

        if (RareLengths is not null)
        {
            Even(rows, dimensions, data, RareLengths);
        }

        for (int token = 0; token < data.Vocabulary.Count; token++)
        {
            foreach (TokenWeight weight in TokenWeights.Where(weight => weight.Covers(data.Vocabulary[token])))
            {
                Span<float> row = rows.AsSpan(token * dimensions, dimensions);
                TensorPrimitives.Multiply(row, weight.Factor, row);
            }
        }

        if (Whitening > 0)
        {
            Whiten(rows, dimensions, data, positionScale);
        }
    }

    private static void Even(float[] rows, int dimensions, RecipeData data, RareLengths settings)
    {
        int[] texts = new int[data.Vocabulary.Count];
        foreach (int token in data.Tokens.SelectMany(static tokens => tokens.Distinct()))
        {
            texts[token]++;
        }

        float[] lengths =
        [
            .. Enumerable.Range(0, texts.Length).Select(token => TensorPrimitives.Norm<float>(rows.AsSpan(token * dimensions, dimensions))),
        ];
        int[] rare =
        [
            .. Enumerable.Range(0, texts.Length).Where(token => texts[token] < settings.Share * data.Tokens.Count && lengths[token] > 0),
        ];
        if (rare.Length == 0)
        {
            return;
        }

        float target = rare.Select(token => lengths[token]).Order().ElementAt(rare.Length / 2) * settings.Length;
        foreach (int token in rare)
        {
            Span<float> row = rows.AsSpan(token * dimensions, dimensions);
            TensorPrimitives.Multiply(row, MathF.Pow(target / lengths[token], settings.Evenness), row);
        }
    }

    private void Whiten(float[] rows, int dimensions, RecipeData data, float? positionScale)
    {
        PrincipalComponents spread = PrincipalComponents.Fit(Sample(rows, dimensions, data, positionScale), dimensions, dimensions);
        double floor = spread.TotalVariance * 1e-6;
        float[] factors =
        [
            .. spread.Variances.Select(variance => (float)Math.Pow(Math.Max(variance, floor) / spread.TotalVariance, -Whitening / 2)),
        ];
        Parallel.For(
            0,
            rows.Length / dimensions,
            token =>
            {
                Span<float> row = rows.AsSpan(token * dimensions, dimensions),
                    result = stackalloc float[dimensions];
                result.Clear();
                for (int axis = 0; axis < factors.Length; axis++)
                {
                    float along = TensorPrimitives.Dot(row, spread.Axis(axis));
                    TensorPrimitives.MultiplyAdd(spread.Axis(axis), along * factors[axis], result, result);
                }

                result.CopyTo(row);
            }
        );
    }

    /// <summary>Embeddings, of length 1, of some texts of every source.</summary>
    private static float[] Sample(float[] rows, int dimensions, RecipeData data, float? positionScale)
    {
        var sample = new List<float>();
        float[] sum = new float[dimensions];
        foreach (PairSource source in data.Sources.Concat(data.TeacherSources))
        {
            int[][] texts =
            [
                .. source.Pairs.Select(pair => data.Tokens[pair.Anchor]).Where(static tokens => tokens.Length >= FewestTokens),
            ];
            int step = Math.Max(1, texts.Length / TextsPerSource);
            for (int i = 0; i < texts.Length; i += step)
            {
                TokenSum.Unit(rows, dimensions, texts[i], positionScale, sum);
                sample.AddRange(sum);
            }
        }

        return [.. sample];
    }
}
