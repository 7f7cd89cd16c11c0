using System.Numerics.Tensors;

namespace Sextant.Evaluation.Tasks;

/// <summary>How near two rows are; distances are negated, so that higher is always nearer. The first is cosine.</summary>
internal sealed record PairMeasure(string Name, Func<EmbeddingTable, int, int, double> Of)
{
    public static readonly PairMeasure[] All =
    [
        new("cosine", static (table, a, b) => table.Cosine(a, table, b)),
        new("euclidean", static (table, a, b) => -TensorPrimitives.Distance(table[a], table[b])),
        new("manhattan", static (table, a, b) => -Manhattan(table[a], table[b])),
    ];

    private static double Manhattan(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += MathF.Abs(a[i] - b[i]);
        return sum;
    }
}
