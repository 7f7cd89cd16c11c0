using System.IO.Hashing;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Sextant.Umap.Graphs;
using Sextant.Umap.Layout;
using Sextant.Umap.Neighbors;

namespace Sextant.Umap;

public sealed partial class UmapModel
{
    /// <summary>Places new rows in the layout. The position of a row does not depend on the rest of its batch.</summary>
    /// <param name="rows">n × dimensions, row-major, of the dimensions that the model was fitted with.</param>
    /// <param name="cancellationToken">Cancels the computation.</param>
    /// <returns>n × <see cref="UmapOptions.Components"/>, row-major.</returns>
    /// <exception cref="InvalidOperationException">The model was fitted to neighbors only, or to zero rows.</exception>
    /// <exception cref="InputException">A value is NaN or infinite.</exception>
    public float[] Transform(ReadOnlyMemory<float> rows, CancellationToken cancellationToken = default)
    {
        if (_rows is null)
            throw new InvalidOperationException("This model was fitted to neighbors only; fit it to rows to transform new ones.");
        PreparedRows queries = _rows.Like(rows.Span);
        if (queries.Count == 0)
            return [];
        if (_rows.Count == 0)
            throw new InvalidOperationException("This model was fitted to no rows, so it has no layout for new rows.");
        ParallelOptions parallel = Parallelism(Options, cancellationToken);
        NeighborTable neighbors = ExactNeighbors.Find(_rows, queries, Math.Min(Options.Neighbors, _rows.Count), parallel);
        int components = Options.Components;
        float[] placed = new float[queries.Count * components];
        var step = new HeadStep(new GradientTable(_curve, Options.RepulsionStrength), components, Options.NegativeSampleRate);
        Parallel.For(
            0,
            queries.Count,
            parallel,
            i =>
                Place(
                    neighbors.Rows(i),
                    neighbors.Distances(i),
                    step,
                    XxHash3.HashToUInt64(MemoryMarshal.AsBytes(queries[i])),
                    placed.AsSpan(i * components, components)
                )
        );
        return placed;
    }

    /// <summary>
    /// Starts at the weighted mean of the neighbors and moves from there; the rows of the model are fixed. The random numbers depend only
    /// on the row.
    /// </summary>
    private void Place(ReadOnlySpan<int> neighbors, ReadOnlySpan<float> distances, HeadStep step, ulong hash, Span<float> own)
    {
        float[] strengths = new float[neighbors.Length];
        // A new row needs no certain neighbor, because it is not part of the graph.
        double connectivity = Math.Max(0, Options.LocalConnectivity - 1);
        MembershipStrengths.Compute(distances, neighbors.Length, connectivity, TensorPrimitives.Average(distances), strengths);
        float sum = TensorPrimitives.Sum<float>(strengths),
            largest = TensorPrimitives.Max<float>(strengths);
        if (!(sum > 0))
        {
            Array.Fill(strengths, 1);
            (sum, largest) = (strengths.Length, 1);
        }

        for (int j = 0; j < neighbors.Length; j++)
        {
            for (int c = 0; c < own.Length; c++)
                own[c] += strengths[j] / sum * _embedding[(neighbors[j] * own.Length) + c];
        }

        uint[] rates = Array.ConvertAll(strengths, strength => HeadStep.Rate(strength, largest));
        int epochs =
            Options.Epochs is { } chosen ? chosen / 3
            : Count <= 10_000 ? 100
            : 30;
        for (int epoch = 1; epoch <= epochs; epoch++)
        {
            float alpha = (float)(Options.LearningRate / 4 * (1 - ((epoch - 1) / (double)epochs)));
            step.Move(neighbors, rates, (uint)epoch, UmapRandom.Create(Options.Seed, hash, (ulong)epoch), alpha, _embedding, own);
        }
    }
}
