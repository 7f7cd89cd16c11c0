using System.Numerics.Tensors;
using Sextant.Numerics;

namespace Sextant.Umap.Topics;

/// <summary>The mean direction of the vectors of each topic. Topics are numbered by their size, the largest first.</summary>
internal sealed class TopicCenters
{
    private readonly ReadOnlyMemory<float> _vectors;
    private readonly int _dimensions;
    private readonly float[][] _centers;

    private TopicCenters(ReadOnlyMemory<float> vectors, int dimensions, int[] labels, float[][] centers) =>
        (_vectors, _dimensions, Labels, _centers) = (vectors, dimensions, labels, centers);

    /// <summary>The topic of each row, or -1.</summary>
    public int[] Labels { get; }

    /// <summary>The number of topics.</summary>
    public int Count => _centers.Length;

    public ReadOnlySpan<float> this[int topic] => _centers[topic];

    public static TopicCenters Compute(ReadOnlyMemory<float> vectors, int dimensions, int[] labels, bool assignNoise)
    {
        float[][] centers = Means(vectors.Span, dimensions, labels);
        if (assignNoise && centers.Length > 0)
        {
            labels =
            [
                .. labels.Select((label, row) => label >= 0 ? label : Nearest(centers, vectors.Span.Slice(row * dimensions, dimensions))),
            ];
        }

        int[] order =
        [
            .. labels
                .Where(label => label >= 0)
                .CountBy(label => label)
                .OrderByDescending(c => c.Value)
                .ThenBy(c => c.Key)
                .Select(c => c.Key),
        ];
        int[] number = new int[order.Length];
        for (int i = 0; i < order.Length; i++)
            number[order[i]] = i;
        labels = Array.ConvertAll(labels, label => label < 0 ? -1 : number[label]);
        return new(vectors, dimensions, labels, Means(vectors.Span, dimensions, labels));
    }

    /// <summary>The rows of a topic, the one nearest to its center first.</summary>
    public IReadOnlyList<int> RowsByDistance(int topic) =>
        [
            .. Enumerable
                .Range(0, Labels.Length)
                .Where(row => Labels[row] == topic)
                .OrderByDescending(row => VectorMath.Cosine(_centers[topic], _vectors.Span.Slice(row * _dimensions, _dimensions)))
                .ThenBy(row => row),
        ];

    private static int Nearest(float[][] centers, ReadOnlySpan<float> row)
    {
        int best = 0;
        for (int i = 1; i < centers.Length; i++)
        {
            if (VectorMath.Cosine(centers[i], row) > VectorMath.Cosine(centers[best], row))
                best = i;
        }

        return best;
    }

    private static float[][] Means(ReadOnlySpan<float> vectors, int dimensions, int[] labels)
    {
        float[][] means = new float[labels.DefaultIfEmpty(-1).Max() + 1][];
        for (int i = 0; i < means.Length; i++)
            means[i] = new float[dimensions];
        float[] unit = new float[dimensions];
        for (int row = 0; row < labels.Length; row++)
        {
            if (labels[row] < 0)
                continue;
            vectors.Slice(row * dimensions, dimensions).CopyTo(unit);
            VectorMath.Normalize(unit);
            TensorPrimitives.Add(means[labels[row]], unit, means[labels[row]]);
        }

        foreach (float[] mean in means)
            VectorMath.Normalize(mean);
        return means;
    }
}
