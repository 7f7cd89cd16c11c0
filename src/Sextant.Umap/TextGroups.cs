namespace Sextant.Umap;

/// <summary>What describing groups of texts needs: a group for each text.</summary>
internal static class TextGroups
{
    /// <exception cref="ArgumentException">There are more of one than of the other.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is below 1.</exception>
    public static void Require(IReadOnlyList<string> texts, IReadOnlyList<int> groups, int count)
    {
        ArgumentNullException.ThrowIfNull(texts);
        ArgumentNullException.ThrowIfNull(groups);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (texts.Count != groups.Count)
        {
            throw new ArgumentException(
                $"There are {texts.Count} texts and {groups.Count} groups; give one group per text.",
                nameof(groups)
            );
        }
    }
}
