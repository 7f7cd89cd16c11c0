namespace Sextant.Numerics;

/// <summary>
/// Finds groups of similar texts without a given number of groups: the fast clustering of sentence-transformers. Each vector with enough
/// others within the threshold is the center of a community; communities claim their members from the largest to the smallest, and the rest
/// of a smaller one remains a community if it is still large enough.
/// </summary>
public static class CommunityDetection
{
    /// <summary>Finds the communities.</summary>
    /// <param name="vectors">The vectors of the texts.</param>
    /// <param name="threshold">The least cosine of a member with the center, from −1 to 1.</param>
    /// <param name="minSize">The least number of members, the center among them; at least 1.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>
    /// The places of the members of each community, largest community first; within one the nearest to the center first. A text is in one
    /// community at most.
    /// </returns>
    /// <exception cref="ArgumentException">The vectors differ in their dimensions, or one holds NaN or infinity.</exception>
    public static IReadOnlyList<IReadOnlyList<int>> Detect(
        IReadOnlyList<ReadOnlyMemory<float>> vectors,
        float threshold = 0.75f,
        int minSize = 10,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(minSize);
        ArgumentOutOfRangeException.ThrowIfNotEqual(threshold is >= -1 and <= 1, true, nameof(threshold));
        VectorRows rows = new(vectors, normalize: true);
        int[] sizes = new int[rows.Count];
        rows.ForEachBlock(
            rows,
            new ParallelOptions { CancellationToken = cancellationToken },
            (row, start, cosines) =>
            {
                for (int j = 0; j < cosines.Length; j++)
                    sizes[row] += start + j == row || cosines[j] >= threshold ? 1 : 0;
            }
        );

        // Only the sizes of all are kept, because the members of all could be as many as there are pairs.
        bool[] taken = new bool[rows.Count];
        List<int[]> communities = [];
        foreach (int center in Enumerable.Range(0, rows.Count).Where(i => sizes[i] >= minSize).OrderByDescending(i => sizes[i]))
        {
            cancellationToken.ThrowIfCancellationRequested();
            int[] members = Members(rows, center, threshold, taken);
            if (members.Length < minSize)
                continue;
            foreach (int member in members)
                taken[member] = true;
            communities.Add(members);
        }

        return [.. communities.OrderByDescending(static members => members.Length)];
    }

    private static int[] Members(VectorRows rows, int center, float threshold, bool[] taken)
    {
        List<VectorHit> members = [];
        for (int i = 0; i < rows.Count; i++)
        {
            if (taken[i])
                continue;
            float cosine = VectorMath.Dot(rows[center], rows[i]);
            if (i == center || cosine >= threshold)
                members.Add(new(i, i == center ? float.PositiveInfinity : cosine));
        }

        return [.. members.OrderByDescending(static member => member.Score).Select(static member => member.Index)];
    }
}
