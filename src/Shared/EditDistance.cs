namespace Sextant;

/// <summary>The number of typing slips between two words.</summary>
internal static class EditDistance
{
    /// <summary>
    /// The optimal-string-alignment distance: the minimum number of insertions, deletions, substitutions and swaps of neighbors that turn
    /// <paramref name="a"/> into <paramref name="b"/>.
    /// </summary>
    public static int Between(string a, string b)
    {
        int[] beforeLast = new int[b.Length + 1],
            last = new int[b.Length + 1],
            row = new int[b.Length + 1];
        for (int j = 0; j <= b.Length; j++)
            last[j] = j;
        for (int i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int substitution = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                row[j] = Math.Min(substitution, Math.Min(last[j], row[j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    row[j] = Math.Min(row[j], beforeLast[j - 2] + 1);
            }
            (beforeLast, last, row) = (last, row, beforeLast);
        }
        return last[b.Length];
    }
}
