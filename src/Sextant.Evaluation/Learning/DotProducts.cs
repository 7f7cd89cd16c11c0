using System.Numerics;

namespace Sextant.Evaluation.Learning;

/// <summary>
/// Inner products of one vector with four others at once: its numbers are loaded once, and four sums hide each other's latency.
/// </summary>
internal static class DotProducts
{
    public static void Compute(
        ReadOnlySpan<float> x,
        ReadOnlySpan<float> a,
        ReadOnlySpan<float> b,
        ReadOnlySpan<float> c,
        ReadOnlySpan<float> d,
        Span<float> result
    )
    {
        Vector<float> va = default,
            vb = default,
            vc = default,
            vd = default;
        int i = 0;
        for (; i <= x.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var v = new Vector<float>(x[i..]);
            va = Vector.FusedMultiplyAdd(v, new Vector<float>(a[i..]), va);
            vb = Vector.FusedMultiplyAdd(v, new Vector<float>(b[i..]), vb);
            vc = Vector.FusedMultiplyAdd(v, new Vector<float>(c[i..]), vc);
            vd = Vector.FusedMultiplyAdd(v, new Vector<float>(d[i..]), vd);
        }

        (result[0], result[1], result[2], result[3]) = (Vector.Sum(va), Vector.Sum(vb), Vector.Sum(vc), Vector.Sum(vd));
        for (; i < x.Length; i++)
        {
            result[0] += x[i] * a[i];
            result[1] += x[i] * b[i];
            result[2] += x[i] * c[i];
            result[3] += x[i] * d[i];
        }
    }

    /// <summary>The inner products of <paramref name="x"/> with each row of a matrix.</summary>
    public static void Compute(ReadOnlySpan<float> x, ReadOnlySpan<float> rows, Span<float> results)
    {
        int d = x.Length,
            i = 0;
        for (; i + 4 <= results.Length; i += 4)
        {
            ReadOnlySpan<float> four = rows[(i * d)..];
            Compute(x, four[..d], four.Slice(d, d), four.Slice(2 * d, d), four.Slice(3 * d, d), results.Slice(i, 4));
        }

        for (; i < results.Length; i++)
            results[i] = System.Numerics.Tensors.TensorPrimitives.Dot(x, rows.Slice(i * d, d));
    }
}
