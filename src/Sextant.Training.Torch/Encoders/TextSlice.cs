namespace Sextant.Training.Torch.Encoders;

/// <summary>Texts that go through the encoder at once: some rows of a batch, padded to the longest of them.</summary>
/// <param name="Rows">Their places in the batch.</param>
/// <param name="Length">The length that they are padded to.</param>
internal sealed record TextSlice(int[] Rows, int Length)
{
    /// <summary>
    /// Cuts a batch into slices of texts of like length, each of at most <paramref name="tokens"/> tokens with padding, which is what bounds
    /// the memory of a step whatever the batch.
    /// </summary>
    public static List<TextSlice> Cut(IReadOnlyList<int[]> texts, long tokens)
    {
        int[] order = [.. Enumerable.Range(0, texts.Count).OrderBy(i => texts[i].Length)];
        var slices = new List<TextSlice>();
        for (int start = 0, end; start < order.Length; start = end)
        {
            for (end = start + 1; end < order.Length && (long)texts[order[end]].Length * (end - start + 1) <= tokens; end++)
            {
            }

            slices.Add(new TextSlice(order[start..end], Math.Max(1, texts[order[end - 1]].Length)));
        }

        return slices;
    }
}
