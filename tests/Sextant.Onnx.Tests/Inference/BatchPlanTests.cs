using Sextant.Onnx.Inference;

namespace Sextant.Onnx.Tests.Inference;

/// <summary>How texts of several lengths are put together.</summary>
public sealed class BatchPlanTests
{
    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(3)]
    public void Batch_plan_minimizes_the_work(int maxTexts)
    {
        var random = new Random(5);
        for (int round = 0; round < 50; round++)
        {
            int[] lengths = [.. Enumerable.Range(0, 1 + random.Next(10)).Select(_ => random.Next(400)).OrderDescending()];

            IReadOnlyList<ArraySegment<EncodedText>> batches = BatchPlan.Cut(Texts(lengths), maxTexts);

            int[] counts = [.. batches.Select(static batch => batch.Count)];
            Assert.Equal(AllCuts(lengths.Length).Min(cut => Cost(lengths, cut, maxTexts)), Cost(lengths, counts, maxTexts));
        }
    }

    [Fact]
    public void Every_text_is_in_one_batch_and_batches_of_several_texts_respect_the_budget()
    {
        EncodedText[] texts = Texts([.. Enumerable.Range(1, 400).Select(static i => i * 37 % 300), 5000, 2049]);

        IReadOnlyList<ArraySegment<EncodedText>> batches = BatchPlan.Cut([.. texts], int.MaxValue);

        Assert.Equal(texts.ToHashSet(), batches.SelectMany(static batch => batch).ToHashSet());
        Assert.Equal(texts.Length, batches.Sum(static batch => batch.Count));
        Assert.All(batches, static batch => Assert.True(batch.Count == 1 || batch.Count * batch[0].Ids.Length <= BatchPlan.TokenBudget));
    }

    /// <summary>What a cut costs, as the plan counts it: each run, and the places of its rectangle.</summary>
    private static long Cost(int[] lengths, int[] counts, int maxTexts)
    {
        long cost = 0;
        int at = 0;
        foreach (int count in counts)
        {
            long padded = count * Math.Max(1L, lengths[at]);
            if (count > maxTexts || (count > 1 && padded > BatchPlan.TokenBudget))
            {
                return long.MaxValue;
            }

            cost += padded + BatchPlan.RunTokens;
            at += count;
        }

        return cost;
    }

    /// <summary>All ways to cut a row: a bit for each place between two texts.</summary>
    private static IEnumerable<int[]> AllCuts(int count)
    {
        for (int places = 0; places < 1 << (count - 1); places++)
        {
            List<int> counts = [1];
            for (int i = 0; i < count - 1; i++)
            {
                if ((places >> i & 1) == 1)
                {
                    counts.Add(1);
                }
                else
                {
                    counts[^1]++;
                }
            }

            yield return [.. counts];
        }
    }

    private static EncodedText[] Texts(int[] lengths) => Array.ConvertAll(lengths, static length => new EncodedText(new int[length], 0));
}
