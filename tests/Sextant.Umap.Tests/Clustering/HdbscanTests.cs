using Sextant.Numerics;
using Sextant.Umap.Clustering;

namespace Sextant.Umap.Tests.Clustering;

public sealed class HdbscanTests
{
    /// <summary>
    /// Computed by the definition, from the connected components of the rows below each distance; 0 is noise. A package for R finds
    /// the same clusters, except for rows at exactly the distance at which a cluster separates.
    /// </summary>
    [Theory]
    [InlineData(1, 60, 2, 3, 0.4, 5, "123012331230123112301231123012301230123212311230123112301231", new[] { 15.3148, 22.7335, 67.5854 })]
    [InlineData(
        7,
        120,
        3,
        4,
        0.5,
        6,
        "124001243012431124301203012400124301243012400124301240112430124301240012400124301240012430124301240012400124301240012430",
        new[] { 1.9205, 13.2612, 15.7151, 71.0338 }
    )]
    [InlineData(
        12,
        90,
        4,
        2,
        1.2,
        4,
        "120120120120120122120122120120122120120122120120120120120120120120122120120122120120122120",
        new[] { 11.3887, 22.9072 }
    )]
    public void Clusters_equal_those_of_the_definition(
        int seed,
        int count,
        int dimensions,
        int centers,
        double spread,
        int minSize,
        string labels,
        double[] stabilities
    )
    {
        HdbscanResult result = Hdbscan.Fit(Rows(seed, count, dimensions, centers, spread), dimensions, new() { MinClusterSize = minSize });

        Assert.Equal(Renumber(labels.Select(c => c - '1')), result.Labels);
        Assert.Equal(stabilities, result.Stabilities.Order(), (a, b) => Math.Abs(a - b) < 0.002 * a);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    public void Too_few_rows_are_noise(int count) =>
        Assert.Equal(Enumerable.Repeat(-1, count), Hdbscan.Fit(new float[2 * count], 2).Labels);

    [Fact]
    public void Groups_of_equal_rows_are_clusters()
    {
        float[] rows = [.. Enumerable.Range(0, 40).SelectMany(i => new float[] { i % 2 * 5, 1 })];

        HdbscanResult result = Hdbscan.Fit(rows, 2);

        Assert.Equal(Enumerable.Range(0, 40).Select(i => i % 2), result.Labels);
        Assert.All(result.Probabilities, p => Assert.Equal(1, p));
    }

    [Fact]
    public void Threads_do_not_change_the_result()
    {
        float[] rows = Rows(3, 5000, 3, 5, 0.3);

        HdbscanResult one = Hdbscan.Fit(rows, 3, new() { MaxDegreeOfParallelism = 1 }),
            many = Hdbscan.Fit(rows, 3, new() { MaxDegreeOfParallelism = 4 });

        Assert.Equal(one.Labels, many.Labels);
        Assert.Equal(one.Probabilities, many.Probabilities);
    }

    [Fact]
    public void Leaves_are_finer_and_limits_and_epsilon_are_kept()
    {
        // Two groups of two groups each.
        Random random = new(1);
        float[] rows =
        [
            .. Enumerable
                .Range(0, 200)
                .SelectMany(i => new[] { (i % 2 * 20) + (i / 2 % 2 * 2) + (0.9f * random.NextSingle()), 0.9f * random.NextSingle() }),
        ];

        Assert.Equal(4, Clusters(new() { Selection = HdbscanSelection.Leaf, MinClusterSize = 25 }));
        Assert.Equal(
            2,
            Clusters(
                new()
                {
                    Selection = HdbscanSelection.Leaf,
                    MinClusterSize = 25,
                    SelectionEpsilon = 3,
                }
            )
        );
        Assert.Equal(4, Clusters(new() { MinClusterSize = 25, MaxClusterSize = 60 }));

        int Clusters(HdbscanOptions options) => Hdbscan.Fit(rows, 2, options).ClusterCount;
    }

    [Fact]
    public void Cosine_ignores_lengths()
    {
        float[] rows =
        [
            .. Enumerable.Range(1, 40).SelectMany(i => i % 2 == 0 ? new[] { i, 0.001f * (i % 7) } : new[] { 0.001f * (i % 5), i }),
        ];

        Assert.Equal(2, Hdbscan.Fit(rows, 2, new() { Metric = SimilarityMetric.Cosine, MinClusterSize = 10 }).ClusterCount);
    }

    [Fact]
    public void Invalid_input_is_an_error()
    {
        Assert.Throws<InputException>(() => Hdbscan.Fit(new[] { 1, float.NaN }, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => Hdbscan.Fit(new float[4], 2, new() { MinClusterSize = 1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Hdbscan.Fit(new float[4], 2, new() { Metric = SimilarityMetric.Dot }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Hdbscan.Fit(new float[4], 2, new() { MaxClusterSize = 2 }));
    }

    /// <summary>Groups of points and noise, by a generator that is easy to write in any language.</summary>
    private static float[] Rows(int seed, int count, int dimensions, int centers, double spread)
    {
        long state = seed;
        float[] rows = new float[count * dimensions];
        for (int i = 0; i < count; i++)
        {
            int kind = i % (centers + 1);
            for (int j = 0; j < dimensions; j++)
            {
                double center = kind == centers ? (20 * Next()) - 5 : kind * (j + 3) * 7 % 11;
                rows[(i * dimensions) + j] = (float)(center + ((Next() + Next() + Next() - 1.5) * spread * (1 + kind)));
            }
        }

        return rows;

        double Next()
        {
            state = state * 16807 % 2147483647;
            return state / 2147483647.0;
        }
    }

    private static int[] Renumber(IEnumerable<int> labels)
    {
        Dictionary<int, int> numbers = new() { [-1] = -1 };
        return [.. labels.Select(label => numbers.TryGetValue(label, out int known) ? known : numbers[label] = numbers.Count - 1)];
    }
}
