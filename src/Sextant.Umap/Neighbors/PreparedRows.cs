using System.Numerics.Tensors;
using Sextant.Numerics;

namespace Sextant.Umap.Neighbors;

/// <summary>
/// Copies of the rows, prepared so that an inner product compares two of them: scaled to length 1 for cosine, centered for Euclidean (less
/// cancellation), padded to whole registers. Nearer rows have a higher <c>a·b + bias(b)</c>.
/// </summary>
/// <remarks>
/// The cosine of a row of zeros is undefined; it counts as distance 0 to other zero rows and 1 to all others. An additional coordinate, 1
/// for zero rows and 0 for others, implements this in the inner product.
/// </remarks>
internal sealed class PreparedRows
{
    /// <summary>More is taken for damage when a saved model is opened.</summary>
    public const int MostDimensions = 1 << 20;

    private const int Lanes = 8;

    private PreparedRows(SimilarityMetric metric, int count, int dimensions, int stride, float[] values, float[] center, bool hasZeroFlag)
    {
        Metric = metric;
        Count = count;
        Dimensions = dimensions;
        Stride = stride;
        Values = values;
        Center = center;
        HasZeroFlag = hasZeroFlag;
        Bias = new float[count];
        if (metric == SimilarityMetric.Cosine)
            return;
        for (int i = 0; i < count; i++)
        {
            float norm = TensorPrimitives.SumOfSquares(this[i]);
            LargestNorm = Math.Max(LargestNorm, MathF.Sqrt(norm));
            if (metric == SimilarityMetric.Euclidean)
                Bias[i] = -0.5f * norm;
        }
    }

    public SimilarityMetric Metric { get; }

    public int Count { get; }

    public int Dimensions { get; }

    /// <summary>Floats from one row to the next: a multiple of eight.</summary>
    public int Stride { get; }

    public float[] Values { get; }

    public float[] Bias { get; }

    /// <summary>The vector subtracted from each row (Euclidean only; empty otherwise).</summary>
    public float[] Center { get; }

    public bool HasZeroFlag { get; }

    public float LargestNorm { get; }

    public ReadOnlySpan<float> this[int row] => Values.AsSpan(row * Stride, Stride);

    /// <summary>Checks and prepares rows to be compared with each other.</summary>
    /// <exception cref="InputException">A value is NaN or infinite.</exception>
    public static PreparedRows Create(ReadOnlySpan<float> rows, int dimensions, SimilarityMetric metric)
    {
        int count = Check(rows, dimensions);
        float[] center = metric == SimilarityMetric.Euclidean ? RowCheck.Mean(rows, dimensions) : [];
        bool zeros = metric == SimilarityMetric.Cosine && HasZeroRow(rows, dimensions, count);
        return Copy(rows, count, dimensions, metric, center, zeros);
    }

    /// <summary>Checks and prepares new rows to be compared with these.</summary>
    public PreparedRows Like(ReadOnlySpan<float> rows) => Copy(rows, Check(rows, Dimensions), Dimensions, Metric, Center, HasZeroFlag);

    /// <summary>Checks new rows and prepares them together with these, which come first.</summary>
    public PreparedRows Append(ReadOnlySpan<float> rows)
    {
        bool zeros = Metric == SimilarityMetric.Cosine && !HasZeroFlag && HasZeroRow(rows, Dimensions, Check(rows, Dimensions));
        PreparedRows added = Copy(rows, Check(rows, Dimensions), Dimensions, Metric, Center, HasZeroFlag || zeros);
        float[] values = new float[checked((Count + added.Count) * added.Stride)];
        for (int i = 0; i < Count; i++)
            this[i][..Math.Min(Stride, added.Stride)].CopyTo(values.AsSpan(i * added.Stride));
        added.Values.CopyTo(values, Count * added.Stride);
        return new PreparedRows(Metric, Count + added.Count, Dimensions, added.Stride, values, Center, added.HasZeroFlag);
    }

    /// <summary>Rows that were prepared before, as a saved model holds them.</summary>
    public static PreparedRows Restore(
        SimilarityMetric metric,
        int count,
        int dimensions,
        float[] values,
        float[] center,
        bool hasZeroFlag
    ) => new(metric, count, dimensions, StrideOf(dimensions, hasZeroFlag), values, center, hasZeroFlag);

    public static int StrideOf(int dimensions, bool hasZeroFlag) => (dimensions + (hasZeroFlag ? 1 : 0) + Lanes - 1) / Lanes * Lanes;

    /// <summary>
    /// The distance between a row of <paramref name="queries"/> and a row of these; exactly 0 for equal rows, except under dot.
    /// </summary>
    public float Distance(PreparedRows queries, int query, int row)
    {
        ReadOnlySpan<float> a = queries[query],
            b = this[row];
        if (Metric == SimilarityMetric.Dot)
        {
            // Only differences between a row's distances matter to UMAP, so each row may count from the best that is possible.
            return Math.Max(0, (TensorPrimitives.Norm(a) * LargestNorm) - TensorPrimitives.Dot(a, b));
        }

        float distance = TensorPrimitives.Distance(a, b);
        return Metric == SimilarityMetric.Euclidean ? distance : 0.5f * distance * distance;
    }

    private static int Check(ReadOnlySpan<float> rows, int dimensions)
    {
        RowCheck.Finite(rows, dimensions);
        return rows.Length / dimensions;
    }

    private static bool HasZeroRow(ReadOnlySpan<float> rows, int dimensions, int count)
    {
        for (int i = 0; i < count; i++)
        {
            if (!rows.Slice(i * dimensions, dimensions).ContainsAnyExcept(0f))
                return true;
        }

        return false;
    }

    private static PreparedRows Copy(
        ReadOnlySpan<float> rows,
        int count,
        int dimensions,
        SimilarityMetric metric,
        float[] center,
        bool hasZeroFlag
    )
    {
        int stride = StrideOf(dimensions, hasZeroFlag);
        float[] values = new float[checked(count * stride)];
        for (int i = 0; i < count; i++)
        {
            Span<float> target = values.AsSpan(i * stride, dimensions);
            rows.Slice(i * dimensions, dimensions).CopyTo(target);
            if (metric == SimilarityMetric.Euclidean)
                TensorPrimitives.Subtract(target, center, target);
            if (metric == SimilarityMetric.Cosine && !Unit(target) && hasZeroFlag)
                values[(i * stride) + dimensions] = 1;
        }

        return new PreparedRows(metric, count, dimensions, stride, values, center, hasZeroFlag);
    }

    /// <summary>Scales to length 1, also where the squares of tiny values would vanish.</summary>
    private static bool Unit(Span<float> row)
    {
        float largest = Math.Abs(TensorPrimitives.MaxMagnitude<float>(row));
        if (largest == 0)
            return false;
        TensorPrimitives.Divide(row, largest, row);
        return VectorMath.Normalize(row);
    }
}
