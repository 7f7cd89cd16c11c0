using Sextant.Umap.Graphs;

namespace Sextant.Umap.Layout;

/// <summary>
/// densMAP: adds to the attraction of an edge what raises the correlation between the local radii of rows and points. Narayan, Berger and
/// Cho, "Assessing single-cell transcriptomic variability through density-preserving data visualization" (2021), equations 5 to 11.
/// </summary>
/// <remarks>The radius of a row is the logarithm of the mean squared distance to its neighbors, weighted by their edges.</remarks>
internal sealed class DensityTerm
{
    private const double Epsilon = 1e-8;

    private readonly SparseGraph _graph;
    private readonly UmapCurve _curve;
    private readonly int _components;
    private readonly double _weight;
    private readonly double _varianceShift;

    /// <summary>The radii of the rows, with mean 0 and variance 1.</summary>
    private readonly double[] _rowRadii;

    private readonly double[] _radii;
    private readonly double[] _similaritySums;

    // How the radii of the points go with those of the rows: found at the start of each epoch.
    private double _mean;
    private double _covariance;
    private double _variance;

    public DensityTerm(SparseGraph graph, NeighborTable neighbors, UmapCurve curve, UmapOptions options, ParallelOptions parallel)
    {
        (_graph, _curve, _components) = (graph, curve, options.Components);
        double total = graph.Weights.Sum(static weight => (double)weight);
        _weight = options.DensityWeight * total / Math.Max(1, graph.Count);
        _varianceShift = options.DensityVarianceShift;
        _rowRadii = RowRadii(graph, neighbors, parallel);
        _radii = new double[graph.Count];
        _similaritySums = new double[graph.Count];
    }

    /// <summary>Measures the radii of the points.</summary>
    public void Measure(float[] positions, ParallelOptions parallel)
    {
        int n = _graph.Count;
        (double a, double b) = _curve;
        Parallel.For(
            0,
            n,
            parallel,
            i =>
            {
                double weighted = 0,
                    sum = 0;
                foreach (int tail in _graph.TailsOf(i))
                {
                    double square = 0;
                    for (int c = 0; c < _components; c++)
                    {
                        double difference = positions[(i * _components) + c] - positions[(tail * _components) + c];
                        square += difference * difference;
                    }

                    double similarity = 1 / (1 + (a * Math.Pow(square, b)));
                    weighted += similarity * square;
                    sum += similarity;
                }

                // An edge counts for both of its ends in each direction.
                _similaritySums[i] = 2 * sum;
                _radii[i] = Math.Log(Epsilon + (sum > 0 ? weighted / sum : 0));
            }
        );
        _mean = _radii.Average();
        _variance = _varianceShift;
        _covariance = 0;
        for (int i = 0; i < n; i++)
        {
            _variance += (_radii[i] - _mean) * (_radii[i] - _mean) / n;
            _covariance += _radii[i] * _rowRadii[i] / Math.Max(1, n - 1);
        }
    }

    /// <summary>The coefficient of the step along an edge.</summary>
    /// <param name="head">The point that moves.</param>
    /// <param name="edge">The number of the edge among those of the point.</param>
    /// <param name="square">The squared length of the edge in the layout.</param>
    public float Coefficient(int head, int edge, float square)
    {
        if (square <= 0)
            return 0;
        (double a, double b) = _curve;
        double power = a * Math.Pow(square, b),
            similarity = 1 / (1 + power),
            slope = b * power / square * similarity;
        int at = _graph.Starts[head] + edge;
        double pull = Share(head) + Share(_graph.Tails[at]);
        return (float)(_weight * pull / (_graph.Weights[at] * Math.Sqrt(_variance)));

        double Share(int row) =>
            (_rowRadii[row] - (_covariance * (_radii[row] - _mean) / _variance))
            * (similarity / _similaritySums[row])
            * (((1 - (b * (1 - similarity))) / Math.Exp(_radii[row])) + slope);
    }

    private static double[] RowRadii(SparseGraph graph, NeighborTable neighbors, ParallelOptions parallel)
    {
        int n = graph.Count;
        double[] radii = new double[n];
        Parallel.For(
            0,
            n,
            parallel,
            i =>
            {
                ReadOnlySpan<int> tails = graph.TailsOf(i);
                ReadOnlySpan<float> weights = graph.WeightsOf(i);
                double weighted = 0,
                    sum = 0;
                for (int e = 0; e < tails.Length; e++)
                {
                    double distance = Math.Max(Distance(neighbors, i, tails[e]), Distance(neighbors, tails[e], i));
                    weighted += weights[e] * distance * distance;
                    sum += weights[e];
                }

                radii[i] = Math.Log(Epsilon + (sum > 0 ? weighted / sum : 0));
            }
        );
        double mean = n == 0 ? 0 : radii.Average(),
            deviation = n == 0 ? 0 : Math.Sqrt(radii.Average(radius => (radius - mean) * (radius - mean)));
        return Array.ConvertAll(radii, radius => deviation > 0 ? (radius - mean) / deviation : 0);
    }

    private static double Distance(NeighborTable neighbors, int row, int other)
    {
        int at = neighbors.Rows(row).IndexOf(other);
        return at < 0 ? 0 : neighbors.Distances(row)[at];
    }
}
