using Sextant.Numerics;

namespace Sextant.Umap.Tests;

/// <summary>Expected values are scikit-learn's (<c>manifold.trustworthiness</c>, <c>decomposition.PCA</c>) for the same waves.</summary>
public sealed class ProjectionQualityTests
{
    private const int Count = 60,
        Dimensions = 6;

    [Theory]
    [InlineData(3, 0.9995959595959596, 0.9995959595959596, 0.9772727272727273)]
    [InlineData(7, 0.8738581146744412, 0.9461127308066084, 0.7990281827016521)]
    [InlineData(15, 0.5422822822822824, 0.7485885885885886, 0.5062762762762762)]
    public void Trustworthiness_and_continuity_match_scikit_learn(int neighbors, double trust, double continuity, double cosine)
    {
        (float[] rows, float[] points) = Waves();
        Assert.Equal(trust, ProjectionQuality.Trustworthiness(rows, Dimensions, points, 2, neighbors), 1e-9);
        Assert.Equal(continuity, ProjectionQuality.Continuity(rows, Dimensions, points, 2, neighbors), 1e-9);
        Assert.Equal(cosine, ProjectionQuality.Trustworthiness(rows, Dimensions, points, 2, neighbors, SimilarityMetric.Cosine), 1e-9);
    }

    [Theory]
    [InlineData(3, 0.19192491323676145)]
    [InlineData(7, 0.8892794243061021)]
    [InlineData(15, 0.25689320321461934)]
    public void Density_correlation_matches_NumPy(int neighbors, double expected)
    {
        (float[] rows, float[] points) = Waves();
        Assert.Equal(expected, ProjectionQuality.DensityCorrelation(rows, Dimensions, points, 2, neighbors), 1e-5);
        Assert.Equal(1, ProjectionQuality.DensityCorrelation(rows, Dimensions, rows, Dimensions, neighbors), 1e-9);
    }

    [Fact]
    public void Principal_components_match_scikit_learn()
    {
        PrincipalComponents found = PrincipalComponents.Fit(Waves().Rows, Dimensions, Dimensions);
        double[] variances = [1.03287059, 0.91966037, 0.53162475, 0.49068939, 0.02553458, 0.02162852];
        double[] first = [0.02130094, 0.03199093, -0.57746416, 0.40381796, 0.41850347, -0.57170263];
        for (int i = 0; i < Dimensions; i++)
        {
            Assert.Equal(variances[i], found.Variances[i], 1e-5);
            Assert.Equal(-first[i], found.Axis(0)[i], 1e-4);
        }
    }

    private static (float[] Rows, float[] Points) Waves()
    {
        float[] rows = new float[Count * Dimensions],
            points = new float[Count * 2];
        for (int i = 0; i < Count; i++)
        {
            for (int j = 0; j < Dimensions; j++)
                rows[(i * Dimensions) + j] = (float)Math.Sin(1 + (0.7 * i * (j + 1)) + j);
            points[2 * i] = rows[i * Dimensions];
            points[(2 * i) + 1] = rows[(i * Dimensions) + 1] * 0.5f;
        }

        return (rows, points);
    }
}
