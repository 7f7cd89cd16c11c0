namespace Sextant.Umap.Clustering;

/// <summary>Chooses clusters of a hierarchy, none of them part of another.</summary>
internal static class ClusterSelection
{
    /// <summary>The chosen clusters; never the one of all rows.</summary>
    public static IReadOnlySet<int> Choose(CondensedTree tree, HdbscanOptions options)
    {
        List<int>[] parts = new List<int>[tree.Count];
        for (int cluster = 0; cluster < tree.Count; cluster++)
            parts[cluster] = [];
        for (int cluster = 1; cluster < tree.Count; cluster++)
            parts[tree.Parent(cluster)].Add(cluster);
        HashSet<int> chosen =
            options.Selection == HdbscanSelection.Leaf ? Leaves(parts) : ExcessOfMass(tree, parts, options.MaxClusterSize ?? int.MaxValue);
        return options.SelectionEpsilon > 0 ? Merge(tree, chosen, options.SelectionEpsilon) : chosen;
    }

    private static HashSet<int> Leaves(List<int>[] parts) => [.. Enumerable.Range(1, parts.Length - 1).Where(c => parts[c].Count == 0)];

    private static HashSet<int> ExcessOfMass(CondensedTree tree, List<int>[] parts, int mostRows)
    {
        double[] best = new double[tree.Count];
        bool[] whole = new bool[tree.Count];
        for (int cluster = tree.Count - 1; cluster > 0; cluster--)
        {
            double ofParts = parts[cluster].Sum(part => best[part]);
            bool fits = tree.Size(cluster) <= mostRows || parts[cluster].Count == 0;
            whole[cluster] = fits && tree.Stability(cluster) >= ofParts;
            best[cluster] = whole[cluster] ? tree.Stability(cluster) : ofParts;
        }

        HashSet<int> chosen = [];
        Stack<int> pending = new(parts[0]);
        while (pending.TryPop(out int cluster))
        {
            if (whole[cluster])
                chosen.Add(cluster);
            else
                parts[cluster].ForEach(pending.Push);
        }

        return chosen;
    }

    /// <summary>Replaces clusters that separated at a smaller distance by the largest enclosing one that did so too, or the next.</summary>
    private static HashSet<int> Merge(CondensedTree tree, HashSet<int> chosen, double epsilon)
    {
        HashSet<int> merged = [];
        foreach (int cluster in chosen)
        {
            int kept = cluster;
            while (tree.BirthDistance(kept) < epsilon && tree.Parent(kept) > 0)
                kept = tree.Parent(kept);
            merged.Add(kept);
        }

        // An enclosing cluster takes those inside of it.
        return [.. merged.Where(cluster => !Ancestors(tree, cluster).Any(merged.Contains))];
    }

    private static IEnumerable<int> Ancestors(CondensedTree tree, int cluster)
    {
        for (int above = tree.Parent(cluster); above > 0; above = tree.Parent(above))
            yield return above;
    }
}
