namespace Sextant.Onnx.Inference;

/// <summary>
/// Divides texts, longest first, into batches with the least total work: padding costs as much as tokens, and every run has a fixed cost
/// equivalent to some tokens. No batch has more tokens than <see cref="TokenBudget"/>.
/// </summary>
internal static class BatchPlan
{
    /// <summary>The maximum number of tokens of a batch, including padding. A longer text gets its own batch.</summary>
    public const int TokenBudget = 2048;

    /// <summary>The fixed cost of a run, in tokens: all weights are read from memory again. Measured with a MiniLM on two cores.</summary>
    public const int RunTokens = 16;

    /// <param name="texts">Sorted in place, the longest first.</param>
    /// <param name="maxTexts">The most texts of one batch.</param>
    public static IReadOnlyList<ArraySegment<EncodedText>> Cut(EncodedText[] texts, int maxTexts)
    {
        Array.Sort(texts, static (a, b) => b.Ids.Length.CompareTo(a.Ids.Length));
        // What the first texts cost at least, and where the last batch of that plan begins.
        long[] costs = new long[texts.Length + 1];
        int[] begins = new int[texts.Length + 1];
        for (int end = 1; end <= texts.Length; end++)
        {
            costs[end] = long.MaxValue;
            for (int begin = end - 1; begin >= 0 && end - begin <= maxTexts; begin--)
            {
                long padded = (end - begin) * Math.Max(1L, texts[begin].Ids.Length);
                if (padded > TokenBudget && end - begin > 1)
                {
                    break;
                }

                long cost = costs[begin] + RunTokens + padded;
                if (cost < costs[end])
                {
                    (costs[end], begins[end]) = (cost, begin);
                }
            }
        }

        var batches = new List<ArraySegment<EncodedText>>();
        for (int end = texts.Length; end > 0; end = begins[end])
        {
            batches.Add(new ArraySegment<EncodedText>(texts, begins[end], end - begins[end]));
        }

        batches.Reverse();
        return batches;
    }
}
