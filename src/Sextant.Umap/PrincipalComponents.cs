using System.Numerics.Tensors;
using Sextant.Umap.Layout;

namespace Sextant.Umap;

/// <summary>Principal component analysis: the orthogonal directions along which rows vary most.</summary>
/// <remarks>Exact, to the precision of a float, with the covariance only applied and never written out.</remarks>
public sealed class PrincipalComponents
{
    private const int ExactUpTo = 256;
    private const int RowsPerTask = 1024;

    private readonly float[] _mean;
    private readonly float[][] _axes;

    private PrincipalComponents(float[] mean, float[][] axes, double[] variances, double totalVariance)
    {
        _mean = mean;
        _axes = axes;
        Variances = variances;
        TotalVariance = totalVariance;
    }

    /// <summary>How many components there are: as many as were asked for, or as the dimensions allow.</summary>
    public int Components => _axes.Length;

    /// <summary>The variance (over n - 1) along each component, largest first.</summary>
    public IReadOnlyList<double> Variances { get; }

    /// <summary>The variance of the rows in all directions.</summary>
    public double TotalVariance { get; }

    /// <summary>A component, as a direction of length 1. Its largest entry is positive.</summary>
    public ReadOnlySpan<float> Axis(int component) => _axes[component];

    /// <summary>Finds the leading components.</summary>
    /// <param name="rows">n × dimensions, row-major.</param>
    /// <param name="dimensions">The dimensions of a row.</param>
    /// <param name="components">How many to find.</param>
    /// <param name="cancellationToken">Cancels the work.</param>
    /// <exception cref="InputException">A value is NaN or infinite.</exception>
    public static PrincipalComponents Fit(
        ReadOnlyMemory<float> rows,
        int dimensions,
        int components = 2,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(components, 1);
        RowCheck.Finite(rows.Span, dimensions);
        int n = rows.Length / dimensions;
        float[] mean = RowCheck.Mean(rows.Span, dimensions);
        double divisor = Math.Max(1, n - 1),
            total = 0;
        float[] centered = new float[dimensions];
        for (int i = 0; i < n; i++)
        {
            TensorPrimitives.Subtract(rows.Span.Slice(i * dimensions, dimensions), mean, centered);
            total += TensorPrimitives.SumOfSquares<float>(centered);
        }

        (double[] values, float[][] axes) = LeadingEigenvectors.Find(
            dimensions,
            components,
            (vector, product) => Covariance(rows, mean, vector, product, divisor, cancellationToken),
            [],
            leastSteps: dimensions <= ExactUpTo ? dimensions : 64,
            mostSteps: Math.Min(dimensions, 512),
            tolerance: 1e-6,
            seed: 1
        );
        foreach (float[] axis in axes)
        {
            if (axis[TensorPrimitives.IndexOfMaxMagnitude<float>(axis)] < 0)
                TensorPrimitives.Negate(axis, axis);
        }

        return new PrincipalComponents(mean, axes, Array.ConvertAll(values, value => Math.Max(0, value)), total / divisor);
    }

    /// <summary>The coordinates of rows along the components.</summary>
    /// <param name="rows">n × dimensions, row-major.</param>
    /// <returns>n × <see cref="Components"/>, row-major.</returns>
    public float[] Transform(ReadOnlySpan<float> rows)
    {
        int dimensions = _mean.Length;
        RowCheck.Finite(rows, dimensions);
        float[] result = new float[rows.Length / dimensions * Components],
            centered = new float[dimensions];
        for (int i = 0; i < rows.Length / dimensions; i++)
        {
            TensorPrimitives.Subtract(rows.Slice(i * dimensions, dimensions), _mean, centered);
            for (int c = 0; c < Components; c++)
                result[(i * Components) + c] = TensorPrimitives.Dot<float>(centered, _axes[c]);
        }

        return result;
    }

    /// <summary>The product with the covariance matrix; tasks are summed in their order, so that threads do not show.</summary>
    private static void Covariance(
        ReadOnlyMemory<float> rows,
        float[] mean,
        float[] vector,
        float[] product,
        double divisor,
        CancellationToken cancellationToken
    )
    {
        int dimensions = mean.Length,
            n = rows.Length / dimensions;
        float[][] parts = new float[(n + RowsPerTask - 1) / RowsPerTask][];
        Parallel.For(
            0,
            parts.Length,
            new ParallelOptions { CancellationToken = cancellationToken },
            task =>
            {
                float[] sum = parts[task] = new float[dimensions],
                    centered = new float[dimensions];
                for (int i = task * RowsPerTask; i < Math.Min(n, (task + 1) * RowsPerTask); i++)
                {
                    TensorPrimitives.Subtract(rows.Span.Slice(i * dimensions, dimensions), mean, centered);
                    TensorPrimitives.MultiplyAdd(centered, TensorPrimitives.Dot<float>(centered, vector), sum, sum);
                }
            }
        );
        double[] totals = new double[dimensions];
        foreach (float[] part in parts)
        {
            for (int j = 0; j < dimensions; j++)
                totals[j] += part[j];
        }

        for (int j = 0; j < dimensions; j++)
            product[j] = (float)(totals[j] / divisor);
    }
}
