using Sextant.Umap.Topics;

namespace Sextant.Plotting.Maps;

/// <summary>Names for the regions of a map: the key phrases of the texts there.</summary>
internal static class ClusterLabels
{
    private const int Terms = 3;
    private const int FewestPoints = 5;
    private const int MostLabels = 40;

    /// <summary>The clusters with a name, the largest first.</summary>
    /// <param name="data">The points and their texts; without texts, clusters have no names.</param>
    /// <param name="positions">x and y of each point.</param>
    /// <param name="field">The field whose categories are the clusters; if it is not categorical, k-means clusters the layout.</param>
    public static IEnumerable<ClusterLabel> Of(MapData data, float[] positions, MapField? field)
    {
        if (data.Texts is not { } texts || data.Count < 2 * FewestPoints)
            return [];
        int[] groups = field is { Numbers: null } ? ByKind(field.Values) : LayoutClusters.Divide(positions);
        IReadOnlyList<IReadOnlyList<string>> terms = KeyPhrases.Find(texts, groups, Terms);
        return Enumerable
            .Range(0, data.Count)
            .Where(point => groups[point] >= 0)
            .GroupBy(point => groups[point])
            .Where(group => group.Count() >= FewestPoints && terms[group.Key].Count > 0)
            .OrderByDescending(group => group.Count())
            .Take(MostLabels)
            .Select(group => new ClusterLabel(
                Middle(group, positions),
                string.Join(" · ", terms[group.Key]),
                group.Count(),
                ViewLimits.Compute([.. group.SelectMany(point => positions.AsSpan(2 * point, 2).ToArray())]) ?? default
            ));
    }

    private static int[] ByKind(IReadOnlyList<string?> values)
    {
        Dictionary<string, int> numbers = new(StringComparer.Ordinal);
        return
        [
            .. values.Select(value =>
                value is null ? -1
                : numbers.TryGetValue(value, out int number) ? number
                : numbers[value] = numbers.Count
            ),
        ];
    }

    // The medians, not the means: a kind in two places is named in one of them, not in the void between.
    private static int Middle(IEnumerable<int> points, float[] positions)
    {
        int[] members = [.. points];
        float x = Median(members.Select(p => positions[2 * p])),
            y = Median(members.Select(p => positions[(2 * p) + 1]));
        return members.MinBy(p => Square(positions[2 * p] - x) + Square(positions[(2 * p) + 1] - y));
    }

    private static float Median(IEnumerable<float> values)
    {
        float[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    private static float Square(float value) => value * value;
}
