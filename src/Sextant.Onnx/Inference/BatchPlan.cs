namespace Sextant.Onnx.Inference;

/// <summary>
/// Cuts texts, the longest first, into the batches that are the least work together: a graph computes padding as it computes tokens, and
/// every run costs as much again as some tokens, whatever it holds. No batch has more tokens than <see cref="TokenBudget"/>.
/// </summary>
internal static class BatchPlan
{
    /// <summary>The most tokens of a batch, padding included. A single longer text is a batch of its own.</summary>
    public const int TokenBudget = 2048;

    /// <summary>What a run costs besides its tokens, in tokens: all weights come from memory once more. Measured with a MiniLM on two cores.</summary>
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
