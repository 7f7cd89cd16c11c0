namespace Sextant.Onnx.Inference;

/// <summary>
/// Cuts texts, the longest first, into batches of like length: as many as <see cref="TokenBudget"/> lets through, counted with
/// the padding, since that is what the graph computes, and no more padding than a share of it.
/// </summary>
internal static class BatchPlan
{
    /// <summary>The most tokens of a batch, padding included. A single longer text is a batch of its own.</summary>
    public const int TokenBudget = 2048;

    // A batch of few texts does not fill the cores, so that a little more padding is cheaper there.
    private const int FewTexts = 8;
    private const double MaxPadding = 0.15;

    /// <param name="texts">Sorted in place, the longest first.</param>
    /// <param name="maxTexts">The most texts of one batch.</param>
    public static IEnumerable<ArraySegment<EncodedText>> Cut(EncodedText[] texts, int maxTexts)
    {
        Array.Sort(texts, static (a, b) => b.Ids.Length.CompareTo(a.Ids.Length));
        int start = 0;
        long tokens = 0;
        for (int i = 0; i < texts.Length; i++)
        {
            int count = i - start;
            long padded = (count + 1L) * texts[start].Ids.Length;
            bool wasteful = count >= FewTexts && padded - tokens - texts[i].Ids.Length > MaxPadding * padded;
            if (count > 0 && (count == maxTexts || padded > TokenBudget || wasteful))
            {
                yield return new ArraySegment<EncodedText>(texts, start, count);
                (start, tokens) = (i, 0);
            }

            tokens += texts[i].Ids.Length;
        }

        if (start < texts.Length)
        {
            yield return new ArraySegment<EncodedText>(texts, start, texts.Length - start);
        }
    }
}
