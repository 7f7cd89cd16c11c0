using System.Text.Json;
using Sextant.Training.Losses;
using Sextant.Training.Numerics;

namespace Sextant.Training.Tests.Losses;

/// <summary>Inputs, values and gradients that loss_reference.py worked out.</summary>
internal sealed class LossReference(string json)
{
    private readonly JsonElement _root = JsonDocument.Parse(json).RootElement;

    public static IReadOnlyDictionary<string, IEmbeddingLoss> Losses { get; } =
        new Dictionary<string, IEmbeddingLoss>(StringComparer.Ordinal)
        {
            ["ranking-one-way"] = new MultipleNegativesRankingLoss(20),
            ["ranking-both-ways"] = new MultipleNegativesSymmetricRankingLoss(20),
            ["ranking-no-negatives"] = new MultipleNegativesSymmetricRankingLoss(20),
            ["ranking-duplicates"] = new MultipleNegativesSymmetricRankingLoss(20),
            ["info-nce"] = new InfoNceLoss(),
            ["triplet"] = new TripletLoss(),
            ["cosent"] = new CoSentLoss(),
            ["matryoshka"] = new MatryoshkaLoss(new MultipleNegativesSymmetricRankingLoss(20), [7, 4, 2], [1, 0.5f, 0.25f]),
        };

    public static string GoldenPath { get; } = Path.Combine(AppContext.BaseDirectory, "Losses", "loss-golden.json");

    public static string ScriptPath { get; } = Path.Combine(AppContext.BaseDirectory, "Losses", "loss_reference.py");

    /// <summary>Computes the loss and compares value and every gradient.</summary>
    public void Check(string name)
    {
        EmbeddingBatch batch = Batch(name);
        double value = Losses[name].Compute(batch, 1, new ParallelOptions());

        JsonElement expected = _root.GetProperty("cases").GetProperty(name);
        Assert.Equal(expected.GetProperty("value").GetDouble(), value, 1e-5);
        JsonElement[] gradients = [.. expected.GetProperty("gradients").EnumerateArray()];
        CheckRows(gradients[0], batch.AnchorGradients);
        CheckRows(gradients[1], batch.PositiveGradients);
        if (batch.NegativeGradients is not null)
        {
            CheckRows(gradients[2], batch.NegativeGradients);
        }
    }

    public EmbeddingBatch Batch(string name)
    {
        bool negatives = name is "ranking-one-way" or "ranking-both-ways" or "info-nce" or "triplet";
        EmbeddingBatch batch = EmbeddingBatch.Create(Matrix("anchors"), Matrix("positives"), negatives ? Matrix("negatives") : null);
        return new EmbeddingBatch
        {
            Anchors = batch.Anchors,
            Positives = batch.Positives,
            Negatives = batch.Negatives,
            AnchorGradients = batch.AnchorGradients,
            PositiveGradients = batch.PositiveGradients,
            NegativeGradients = batch.NegativeGradients,
            Scores = name == "cosent" ? _root.GetProperty("scores").EnumerateArray().Select(s => s.GetSingle()).ToArray() : default,
            TextIds = name == "ranking-duplicates" ? new[] { 1, 2, 3, 1, 5, 11, 12, 12, 14, 15 } : default,
        };
    }

    private EmbeddingMatrix Matrix(string name)
    {
        float[][] rows =
        [
            .. _root.GetProperty(name).EnumerateArray().Select(row => row.EnumerateArray().Select(v => v.GetSingle()).ToArray()),
        ];
        var matrix = new EmbeddingMatrix(rows.Length, rows[0].Length);
        for (int i = 0; i < rows.Length; i++)
        {
            rows[i].CopyTo(matrix[i]);
        }

        return matrix;
    }

    private static void CheckRows(JsonElement expected, EmbeddingMatrix actual)
    {
        int i = 0;
        foreach (JsonElement row in expected.EnumerateArray())
        {
            int j = 0;
            foreach (JsonElement value in row.EnumerateArray())
            {
                Assert.Equal(value.GetDouble(), actual[i][j++], 1e-5);
            }

            i++;
        }
    }
}
