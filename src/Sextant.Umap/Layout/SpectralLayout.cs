using System.Numerics.Tensors;
using Sextant.Umap.Graphs;

namespace Sextant.Umap.Layout;

/// <summary>
/// Places points by the leading eigenvectors of their graph, if these are informative (docs/decisions). If only neighbors are known, each
/// connected component gets a separate place.
/// </summary>
internal static class SpectralLayout
{
    private const int LanczosSteps = 96;

    /// <summary>Eigenvectors that separate less than this fraction of the rows carry no information about the others.</summary>
    private const double LeastParticipation = 0.02;

    /// <summary>Fills <paramref name="layout"/>; the scale is left to the caller.</summary>
    /// <returns>
    /// Whether it did: with <paramref name="hasRows"/> there is a better start where the graph is in pieces or about to be.
    /// </returns>
    public static bool TryFill(SparseGraph graph, bool hasRows, UmapOptions options, ParallelOptions parallel, float[] layout)
    {
        int components = options.Components;
        int[] component = graph.Components(out int parts);
        if (parts > 1 && hasRows)
            return false;
        int[] members = [.. Enumerable.Range(0, graph.Count).OrderBy(i => component[i])];
        for (int start = 0, part = 0; part < parts; part++)
        {
            int end = start;
            while (end < members.Length && component[members[end]] == part)
                end++;
            ReadOnlySpan<int> own = members.AsSpan(start..end);
            float[] local = Embed(graph, own, components, options.Seed, parallel);
            if (hasRows && IsLocal(local, components))
                return false;
            float largest = local.Length == 0 ? 0 : Math.Abs(TensorPrimitives.MaxMagnitude<float>(local));
            float size = largest > 0 ? 0.5f / largest : 0;
            for (int i = 0; i < own.Length; i++)
            {
                for (int c = 0; c < components; c++)
                    layout[(own[i] * components) + c] = Center(part, c, components) + (size * local[(i * components) + c]);
            }

            start = end;
        }

        return true;
    }

    /// <summary>
    /// Components stand on a spiral, or in a row where there is but one dimension; nothing is known of how near they are.
    /// </summary>
    private static float Center(int part, int coordinate, int components)
    {
        if (components == 1)
            return part;
        (double radius, double angle) = (Math.Sqrt(part), part * Math.PI * (3 - Math.Sqrt(5)));
        return coordinate switch
        {
            0 => (float)(radius * Math.Cos(angle)),
            1 => (float)(radius * Math.Sin(angle)),
            _ => 0,
        };
    }

    /// <summary>The leading non-trivial eigenvectors of D^-1/2 W D^-1/2 over the members of one connected component.</summary>
    private static float[] Embed(SparseGraph graph, ReadOnlySpan<int> members, int components, ulong seed, ParallelOptions parallel)
    {
        int n = members.Length;
        float[] layout = new float[n * components];
        if (n < 2)
            return layout;
        int[] place = new int[graph.Count],
            list = members.ToArray();
        for (int i = 0; i < n; i++)
            place[list[i]] = i;
        float[] root = new float[n],
            trivial = new float[n];
        for (int i = 0; i < n; i++)
            trivial[i] = MathF.Sqrt(TensorPrimitives.Sum(graph.WeightsOf(list[i])));
        for (int i = 0; i < n; i++)
            root[i] = 1 / trivial[i];
        TensorPrimitives.Divide(trivial, TensorPrimitives.Norm<float>(trivial), trivial);
        (_, float[][] vectors) = LeadingEigenvectors.Find(
            n,
            components,
            Multiply,
            [trivial],
            leastSteps: Math.Min(n, 32),
            mostSteps: LanczosSteps,
            tolerance: 1e-4,
            seed
        );
        for (int c = 0; c < vectors.Length; c++)
        {
            for (int i = 0; i < n; i++)
                layout[(i * components) + c] = vectors[c][i];
        }

        return layout;

        void Multiply(float[] vector, float[] product)
        {
            const int Chunk = 2048;
            Parallel.For(
                0,
                (n + Chunk - 1) / Chunk,
                parallel,
                chunk =>
                {
                    for (int i = chunk * Chunk; i < Math.Min(n, (chunk + 1) * Chunk); i++)
                    {
                        ReadOnlySpan<int> tails = graph.TailsOf(list[i]);
                        ReadOnlySpan<float> weights = graph.WeightsOf(list[i]);
                        float sum = 0;
                        for (int e = 0; e < tails.Length; e++)
                        {
                            int other = place[tails[e]];
                            sum += weights[e] * vector[other] * root[other];
                        }

                        // (1 + λ) / 2 preserves the order and gives the required end of the spectrum the largest magnitude.
                        product[i] = 0.5f * (vector[i] + (sum * root[i]));
                    }
                }
            );
        }
    }

    /// <summary>Whether a coordinate is nearly the same for all but a few points, by its participation ratio (Σv²)² / (n Σv⁴).</summary>
    /// <remarks>In large graphs the leading eigenvectors often only separate a few rows that are loosely connected to the rest.</remarks>
    private static bool IsLocal(float[] layout, int components)
    {
        int n = layout.Length / components;
        for (int c = 0; c < components; c++)
        {
            double mean = 0,
                second = 0,
                fourth = 0;
            for (int i = c; i < layout.Length; i += components)
                mean += layout[i] / (double)n;
            for (int i = c; i < layout.Length; i += components)
            {
                double square = (layout[i] - mean) * (layout[i] - mean);
                second += square;
                fourth += square * square;
            }

            if (second * second < LeastParticipation * n * fourth)
                return true;
        }

        return false;
    }
}
