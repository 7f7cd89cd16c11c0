using System.Globalization;
using Sextant.Umap.Graphs;

namespace Sextant.Umap.Tests.Graphs;

/// <summary>The weights are those that umap-learn 0.5.3 computes for the same eight positions on a line and five neighbors.</summary>
public sealed class FuzzySimplicialSetTests
{
    private static readonly float[] Line = [0, 1, 1.5f, 3, 3.2f, 6, 6, 10];

    public static TheoryData<double, double, string> Graphs =>
        new()
        {
            {
                1,
                1,
                "1.0000, 0.8624, 1.0000, 0.5116, 0.6397, 0.7681, 0.2720, 0.6022, 0.7221, 1.0000, 0, 0, 0, 0.3208, 1.0000, 0, 0, 0, "
                    + "0.3208, 1.0000, 1.0000, 0, 0, 0, 0.1508, 0.1711, 1.0000, 1.0000"
            },
            {
                1,
                0.5,
                "0.8476, 0.6033, 1.0000, 0.3012, 0.3967, 0.5155, 0.1360, 0.3649, 0.4681, 1.0000, 0, 0, 0, 0.1604, 0.6716, 0, 0, 0, "
                    + "0.1604, 0.5000, 1.0000, 0, 0, 0, 0.0754, 0.0855, 0.5005, 0.5005"
            },
            {
                1,
                0,
                "0.6953, 0.3442, 1.0000, 0.0907, 0.1537, 0.2630, 0, 0.1276, 0.2140, 1.0000, 0, 0, 0, 0, 0.3432, 0, 0, 0, 0, 0, 1.0000, "
                    + "0, 0, 0, 0, 0, 0.0011, 0.0011"
            },
            {
                2,
                1,
                "1.0000, 1.0000, 1.0000, 0.2006, 0.4281, 1.0000, 0.1426, 0.3655, 1.0000, 1.0000, 0, 0, 0, 1.0000, 1.0000, 0, 0, 0, "
                    + "1.0000, 1.0000, 1.0000, 0, 0, 0, 0.1508, 0.1711, 1.0000, 1.0000"
            },
            {
                1.5,
                1,
                "1.0000, 0.9106, 1.0000, 0.4335, 0.6151, 0.8132, 0.2285, 0.5692, 0.7459, 1.0000, 0, 0, 0, 0.3219, 1.0000, 0, 0, 0, "
                    + "0.3219, 1.0000, 1.0000, 0, 0, 0, 0.1508, 0.1711, 1.0000, 1.0000"
            },
            {
                0.5,
                1,
                "0.9470, 0.8496, 0.9843, 0.5953, 0.6839, 0.7874, 0.3796, 0.6512, 0.7499, 0.9986, 0, 0, 0, 0.4842, 0.6995, 0, 0, 0, "
                    + "0.4842, 0.5301, 1.0000, 0, 0, 0, 0.4361, 0.4508, 0.8044, 0.8044"
            },
        };

    [Theory]
    [MemberData(nameof(Graphs))]
    public void Connectivity_and_mix_ratio_weight_the_graph_like_umap_learn(double connectivity, double mix, string expected) =>
        AssertWeights(expected, Build(new() { LocalConnectivity = connectivity, SetOpMixRatio = mix }));

    [Theory]
    [InlineData(
        0.5,
        "1.0000, 0.0138, 0.0160, 0.6036, 0.7245, 0.8588, 0.0044, 0.0097, 1.0000, 1.0000, 0, 0, 0, 0.5388, 1.0000, 0, 0, 0, 0.5388, "
            + "0.0275, 1.0000, 0, 0, 0, 0.2789, 0.5918, 1.0000, 0.0363"
    )]
    [InlineData(
        0.9,
        "1.0000, 0, 0, 0.6036, 0.7245, 0.8588, 0, 0, 1.0000, 1.0000, 0, 0, 0, 0.5388, 1.0000, 0, 0, 0, 0.5388, 0, 1.0000, 0, 0, 0, "
            + "0.2789, 0.5918, 1.0000, 0"
    )]
    public void Labels_of_some_rows_weight_the_graph_like_umap_learn(double targetWeight, string expected) =>
        AssertWeights(expected, FuzzySimplicialSet.Supervise(Build(new()), [0, 0, 1, -1, 1, -1, 0, 1], targetWeight));

    [Fact]
    public void Intersection_has_only_edges_of_mutual_neighbors()
    {
        SparseGraph graph = Build(new() { SetOpMixRatio = 0 });
        NeighborTable neighbors = Neighbors();
        for (int i = 0; i < graph.Count; i++)
        {
            foreach (int tail in graph.TailsOf(i))
                Assert.True(neighbors.Rows(i).Contains(tail) && neighbors.Rows(tail).Contains(i));
        }
    }

    private static NeighborTable Neighbors()
    {
        float[] distances = [.. Line.SelectMany(a => Line.Select(b => Math.Abs(a - b)))];
        return NeighborTable.FromDistances(Line.Length, distances, width: 4);
    }

    private static SparseGraph Build(UmapOptions options) => FuzzySimplicialSet.Build(Neighbors(), options, new());

    private static void AssertWeights(string expected, SparseGraph graph)
    {
        double[] wanted = [.. expected.Split(", ").Select(text => double.Parse(text, CultureInfo.InvariantCulture))];
        for (int i = 0, at = 0; i < graph.Count; i++)
        {
            for (int j = 0; j < i; j++, at++)
            {
                int edge = graph.TailsOf(i).IndexOf(j);
                Assert.Equal(wanted[at], edge < 0 ? 0 : graph.WeightsOf(i)[edge], 2e-4);
                int reverse = graph.TailsOf(j).IndexOf(i);
                Assert.Equal(edge < 0 ? 0 : graph.WeightsOf(i)[edge], reverse < 0 ? 0 : graph.WeightsOf(j)[reverse], 1e-6);
            }
        }
    }
}
