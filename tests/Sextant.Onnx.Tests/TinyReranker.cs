using System.Text.Json;
using Sextant.Embedding;

namespace Sextant.Onnx.Tests;

/// <summary>A pair of texts with what the references make of it.</summary>
/// <param name="Query">The first text.</param>
/// <param name="Document">The second text.</param>
/// <param name="Ids">By Hugging Face tokenizers, truncated "longest_first".</param>
/// <param name="Types">The type of each token.</param>
/// <param name="Logit">By AutoModelForSequenceClassification of @huggingface/transformers.</param>
internal sealed record ExpectedPair(string Query, string Document, int[] Ids, int[] Types, float Logit);

/// <summary>A copy of one of the small cross-encoders (see <c>golden/</c>).</summary>
internal sealed class TinyReranker : FixtureCopy
{
    /// <param name="name"><c>bert</c>, <c>roberta</c> or <c>xlmr</c>.</param>
    public TinyReranker(string name)
        : base("pair-" + name)
    {
        JsonElement expected = JsonDocument.Parse(File.ReadAllBytes(PathOf("expected.json"))).RootElement;
        MaxLength = expected.GetProperty("maxLength").GetInt32();
        Pairs = expected.GetProperty("pairs").Deserialize<ExpectedPair[]>(JsonSerializerOptions.Web)!;
    }

    /// <summary>The most tokens of a pair, special ones included.</summary>
    public int MaxLength { get; }

    public ExpectedPair[] Pairs { get; }

    /// <summary>Names the activation as sentence-transformers does today.</summary>
    public void SetActivation(string name) =>
        Edit(
            "config.json",
            config =>
            {
                config.Remove("sbert_ce_default_activation_function");
                config["sentence_transformers"] = new System.Text.Json.Nodes.JsonObject { ["activation_fn"] = name };
            }
        );

    public async Task<IReranker> OpenAsync() =>
        await new OnnxModelProvider().OpenRerankerAsync(Folder, TestContext.Current.CancellationToken)
        ?? throw new InvalidOperationException("no reranker");

    /// <summary>The scores of all pairs, those of one query in one call.</summary>
    public static async Task<float[]> ScoreAsync(IReranker reranker, ExpectedPair[] pairs)
    {
        float[] scores = new float[pairs.Length];
        foreach (IGrouping<string, int> group in Enumerable.Range(0, pairs.Length).GroupBy(i => pairs[i].Query))
        {
            int[] places = [.. group];
            IReadOnlyList<float> found = await reranker.ScoreAsync(
                group.Key,
                [.. places.Select(i => pairs[i].Document)],
                TestContext.Current.CancellationToken
            );
            for (int i = 0; i < places.Length; i++)
                scores[places[i]] = found[i];
        }

        return scores;
    }

    public static void AssertClose(IEnumerable<float> expected, IEnumerable<float> actual)
    {
        (float Off, int Index) worst = expected.Zip(actual, static (a, b) => MathF.Abs(a - b)).Select(static (off, i) => (off, i)).Max();
        Assert.True(worst.Off <= 1e-4f, $"pair {worst.Index}: off by {worst.Off}");
        Assert.Equal(expected.Count(), actual.Count());
    }
}
