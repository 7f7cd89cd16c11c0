namespace Sextant.Training.Losses;

/// <summary>Finds candidates of a batch that an anchor must not be pushed away from, by the identity of their texts.</summary>
internal static class FalseNegatives
{
    /// <summary>
    /// Sets the logit of (i, j), j ≠ i, to −∞ where candidate j has the text of positive i or of anchor i, or is the positive
    /// of an anchor with the same text as anchor i.
    /// </summary>
    /// <param name="batch">The batch; nothing is done when its texts have no ids.</param>
    /// <param name="logits">B rows of <paramref name="width"/>, the positives' columns first.</param>
    /// <param name="width">B·(1 + k).</param>
    public static void Mask(EmbeddingBatch batch, float[] logits, int width)
    {
        if (batch.TextIds.IsEmpty)
        {
            return;
        }

        int size = batch.Size;
        ReadOnlySpan<int> ids = batch.TextIds.Span;
        ReadOnlySpan<int> anchors = ids[..size],
            candidates = ids[size..];
        Dictionary<int, List<int>> byCandidate = Group(candidates);
        Dictionary<int, List<int>> byAnchor = Group(anchors);
        for (int i = 0; i < size; i++)
        {
            Span<float> row = logits.AsSpan(i * width, width);
            Exclude(byCandidate, candidates[i], i, row);
            Exclude(byCandidate, anchors[i], i, row);
            Exclude(byAnchor, anchors[i], i, row);
        }
    }

    private static Dictionary<int, List<int>> Group(ReadOnlySpan<int> ids)
    {
        var groups = new Dictionary<int, List<int>>(ids.Length);
        for (int i = 0; i < ids.Length; i++)
        {
            if (!groups.TryGetValue(ids[i], out List<int>? group))
            {
                groups.Add(ids[i], group = new List<int>(1));
            }

            group.Add(i);
        }

        return groups;
    }

    private static void Exclude(Dictionary<int, List<int>> groups, int id, int own, Span<float> row)
    {
        if (groups.TryGetValue(id, out List<int>? group))
        {
            foreach (int j in group)
            {
                if (j != own)
                {
                    row[j] = float.NegativeInfinity;
                }
            }
        }
    }
}
