namespace Sextant.Numerics.Tests;

public sealed class TopKTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(500)]
    [InlineData(600)]
    public void Top_k_matches_a_full_sort_for_any_insertion_order(int capacity)
    {
        Random random = new(1);
        // Few different scores, so that many items are equal.
        float[] scores = [.. Enumerable.Range(0, 500).Select(_ => random.Next(40) / 40f)];
        int[] ranks = [.. Enumerable.Range(0, 500)],
            order = [.. ranks];
        random.Shuffle(ranks);
        random.Shuffle(order);
        TopK byIndex = new(capacity),
            byRank = new(capacity, ranks);

        foreach (int i in order)
        {
            byIndex.Offer(i, scores[i]);
            byRank.Offer(i, scores[i]);
        }

        IOrderedEnumerable<int> sorted = Enumerable.Range(0, 500).OrderByDescending(i => scores[i]);
        Assert.Equal(sorted.ThenBy(static i => i).Take(capacity), byIndex.ToIndexes());
        Assert.Equal(sorted.ThenBy(i => ranks[i]).Take(capacity), byRank.ToIndexes());
        Assert.All(byIndex.ToArray(), hit => Assert.Equal(scores[hit.Index], hit.Score));
        Assert.Equal(Math.Min(capacity, 500), byIndex.Count);
    }
}
