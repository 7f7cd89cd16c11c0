using System.Numerics.Tensors;
using Sextant.Training.Data;
using Sextant.Training.Numerics;
using Sextant.Training.Recipes;
using Sextant.Umap;

namespace Sextant.Training.Tests.Recipes;

public class TableFinishTests
{
    private const int Dimensions = 8,
        Texts = 400;

    // "the" is in every text, the others are rare.
    private static readonly string[] Vocabulary =
    [
        "[UNK]",
        "the",
        "not",
        "2003",
        "##17",
        .. Enumerable.Range(0, 60).Select(static i => $"w{i}"),
    ];

    [Fact]
    public void Table_without_settings_does_not_change()
    {
        (RecipeData data, float[] rows) = Create();
        float[] before = [.. rows];
        new TableFinish().Apply(rows, Dimensions, data);
        Assert.Equal(before, rows);
    }

    [Fact]
    public void Rare_tokens_get_equal_lengths_and_frequent_ones_keep_theirs()
    {
        (RecipeData data, float[] rows) = Create();
        float before = Length(rows, 1);
        new TableFinish
        {
            RareLengths = new RareLengths
            {
                Share = 0.5f,
                Evenness = 1,
                Length = 2,
            },
        }.Apply(rows, Dimensions, data);
        Assert.Equal(before, Length(rows, 1));
        Assert.All(Enumerable.Range(2, Vocabulary.Length - 2), token => Assert.Equal(Length(rows, 2), Length(rows, token), 1e-4f));
    }

    [Fact]
    public void Named_tokens_and_numbers_get_the_configured_weight()
    {
        (RecipeData data, float[] rows) = Create();
        float[] before = [.. rows];
        TokenWeight[] weights = [new() { Tokens = ["not", "absent"], Factor = 2 }, new() { Numbers = true, Factor = 3 }];
        new TableFinish { TokenWeights = weights }.Apply(rows, Dimensions, data);
        for (int token = 0; token < Vocabulary.Length; token++)
        {
            float factor = Vocabulary[token] switch
            {
                "not" => 2,
                "2003" or "##17" => 3,
                _ => 1,
            };
            Assert.Equal(Length(before, token) * factor, Length(rows, token), 1e-4f);
        }
    }

    [Theory]
    [InlineData(1f)]
    [InlineData(0.4f)]
    public void Whitening_equalizes_the_variance_of_directions(float power)
    {
        (RecipeData data, float[] rows) = Create();
        double before = Spread(data, rows);
        new TableFinish { Whitening = power }.Apply(rows, Dimensions, data);
        double after = Spread(data, rows);
        // The ratio of variances falls to its power of 1 - whitening, except for the final scaling of embeddings to length 1.
        Assert.InRange(Math.Log(after) / Math.Log(before), 0, 1 - (0.7 * power));
    }

    private static double Spread(RecipeData data, float[] rows)
    {
        float[] embeddings = new float[data.Tokens.Count * Dimensions];
        for (int text = 0; text < data.Tokens.Count; text++)
        {
            Span<float> sum = embeddings.AsSpan(text * Dimensions, Dimensions);
            foreach (int token in data.Tokens[text])
            {
                TensorPrimitives.Add(sum, rows.AsSpan(token * Dimensions, Dimensions), sum);
            }

            TensorPrimitives.Divide(sum, TensorPrimitives.Norm<float>(sum), sum);
        }

        IReadOnlyList<double> variances = PrincipalComponents.Fit(embeddings, Dimensions, Dimensions).Variances;
        return variances[0] / variances[^1];
    }

    private static float Length(float[] rows, int token) => TensorPrimitives.Norm<float>(rows.AsSpan(token * Dimensions, Dimensions));

    private static (RecipeData Data, float[] Rows) Create()
    {
        var random = new SeededRandom(7);
        float[] rows = new float[Vocabulary.Length * Dimensions];
        for (int i = 0; i < rows.Length; i++)
        {
            rows[i] = random.NextGaussian() * (1 + (i % Dimensions)) * (1 + random.NextSingle());
        }

        var tokens = new List<int[]>();
        var pairs = new List<TrainingPair>();
        for (int text = 0; text < Texts; text++)
        {
            tokens.Add([1, .. Enumerable.Range(0, 5).Select(_ => 2 + random.Next(Vocabulary.Length - 2))]);
            pairs.Add(new TrainingPair(text, (text + 1) % Texts));
        }

        var data = new RecipeData
        {
            Sources = [new PairSource("toy", pairs)],
            Vocabulary = Vocabulary,
            Tokens = tokens,
            HeldBackPairs = 0,
        };
        return (data, rows);
    }
}
