namespace Sextant.Training.Torch.Encoders;

/// <summary>Texts that go through the encoder at once: some rows of a batch, padded to the longest of them.</summary>
/// <param name="Rows">Their places in the batch.</param>
/// <param name="Length">The length that they are padded to.</param>
internal sealed record TextSlice(int[] Rows, int Length)
{
    /// <summary>The fixed cost of a slice, in tokens: the weights and their gradients are read from memory again.</summary>
    private const int SliceCost = 64;

    /// <summary>How many tokens go through the encoder, padding included.</summary>
    public long Tokens => (long)Rows.Length * Length;

    /// <summary>
    /// Divides a batch into slices of texts of similar length with the least total work: padding costs as much as tokens, and questions are
    /// much shorter than answers. No slice has more than <paramref name="tokens"/> tokens, which bounds the memory of a step for any batch.
    /// </summary>
    public static List<TextSlice> Cut(IReadOnlyList<int[]> texts, long tokens)
    {
        int[] order = [.. Enumerable.Range(0, texts.Count).OrderBy(i => texts[i].Length)];
        // What the first texts cost at least, and where the last slice of that plan begins.
        long[] costs = new long[order.Length + 1];
        int[] starts = new int[order.Length + 1];
        for (int end = 1; end <= order.Length; end++)
        {
            costs[end] = long.MaxValue;
            long length = Math.Max(1, texts[order[end - 1]].Length);
            for (int start = end - 1; start >= 0 && (start == end - 1 || length * (end - start) <= tokens); start--)
            {
                long cost = costs[start] + (length * (end - start)) + SliceCost;
                if (cost < costs[end])
                {
                    (costs[end], starts[end]) = (cost, start);
                }
            }
        }

        var slices = new List<TextSlice>();
        for (int end = order.Length; end > 0; end = starts[end])
        {
            slices.Add(new TextSlice(order[starts[end]..end], Math.Max(1, texts[order[end - 1]].Length)));
        }

        slices.Reverse();
        return slices;
    }
}
