using System.Numerics.Tensors;

namespace Sextant.Projection;

/// <summary>Where the points of a layout start: in a box of 10 units a side.</summary>
internal static class InitialLayout
{
    private const float Side = 10;
    private const double Jitter = 1e-4;
    private const int LanczosSteps = 96;

    /// <summary>Lays out n points.</summary>
    /// <param name="graph">Their neighbour graph.</param>
    /// <param name="rows">What they stand for; empty when only their neighbours are known.</param>
    /// <param name="dimensions">Of a row.</param>
    /// <param name="options">Which way, how many components, and the seed.</param>
    /// <param name="parallel">Threads and cancellation.</param>
    public static float[] Create(SparseGraph graph, ReadOnlyMemory<float> rows, int dimensions, UmapOptions options, ParallelOptions parallel)
    {
        int n = graph.Count, components = options.Components;
        float[] layout = new float[n * components];
        if (n <= 1) return layout;
        var random = new SplitMix64(options.Seed);
        switch (options.Initialization)
        {
            case UmapInitialization.Spectral when n > components + 1:
                Spectral(graph, rows, dimensions, options, parallel, layout);
                break;
            case UmapInitialization.Pca when rows.Length > 0:
                Principal(rows, dimensions, components, layout, parallel.CancellationToken);
                break;
            default:
                for (int i = 0; i < layout.Length; i++) layout[i] = (float)(Side * random.Uniform());
                return layout;
        }

        float largest = Math.Abs(TensorPrimitives.MaxMagnitude<float>(layout));
        float scale = largest > 0 ? Side / largest : 0;
        for (int i = 0; i < layout.Length; i++) layout[i] = (layout[i] * scale) + (float)(Jitter * random.Normal());
        Box(layout, components);
        return layout;
    }

    private static void Principal(ReadOnlyMemory<float> rows, int dimensions, int components, float[] layout, CancellationToken cancellationToken)
    {
        PrincipalComponents principal = PrincipalComponents.Fit(rows, dimensions, components, cancellationToken);
        float[] projected = principal.Transform(rows.Span);
        for (int i = 0; i < layout.Length / components; i++)
            projected.AsSpan(i * principal.Components, principal.Components).CopyTo(layout.AsSpan(i * components));
    }

    private static void Spectral(
        SparseGraph graph, ReadOnlyMemory<float> rows, int dimensions, UmapOptions options, ParallelOptions parallel, float[] layout)
    {
        int components = options.Components;
        int[] component = graph.Components(out int parts);
        int[] members = [.. Enumerable.Range(0, graph.Count).OrderBy(i => component[i])];
        float[] centres = parts == 1 ? new float[components] : Centres(component, parts, rows, dimensions, components);
        float radius = parts == 1 ? 1 : HalfOfNearest(centres, components);
        for (int start = 0, part = 0; part < parts; part++)
        {
            int end = start;
            while (end < members.Length && component[members[end]] == part) end++;
            ReadOnlySpan<int> own = members.AsSpan(start..end);
            float[] local = Embed(graph, own, components, options.Seed, parallel);
            float largest = local.Length == 0 ? 0 : Math.Abs(TensorPrimitives.MaxMagnitude<float>(local));
            float size = largest > 0 ? radius / largest : 0;
            for (int i = 0; i < own.Length; i++)
            {
                for (int c = 0; c < components; c++)
                    layout[(own[i] * components) + c] = centres[(part * components) + c] + (size * local[(i * components) + c]);
            }

            start = end;
        }
    }

    /// <summary>The leading non-trivial eigenvectors of D^-1/2 W D^-1/2 over the members of one connected component.</summary>
    private static float[] Embed(SparseGraph graph, ReadOnlySpan<int> members, int components, ulong seed, ParallelOptions parallel)
    {
        int n = members.Length;
        float[] layout = new float[n * components];
        if (n < 2) return layout;
        int[] place = new int[graph.Count], list = members.ToArray();
        for (int i = 0; i < n; i++) place[list[i]] = i;
        float[] root = new float[n], trivial = new float[n];
        for (int i = 0; i < n; i++) trivial[i] = MathF.Sqrt(TensorPrimitives.Sum(graph.WeightsOf(list[i])));
        for (int i = 0; i < n; i++) root[i] = 1 / trivial[i];
        TensorPrimitives.Divide(trivial, TensorPrimitives.Norm<float>(trivial), trivial);
        (_, float[][] vectors) = LeadingEigenvectors.Find(
            n, components, Multiply, [trivial], leastSteps: Math.Min(n, 32), mostSteps: LanczosSteps, tolerance: 1e-4, seed);
        for (int c = 0; c < vectors.Length; c++)
        {
            for (int i = 0; i < n; i++) layout[(i * components) + c] = vectors[c][i];
        }

        return layout;

        void Multiply(float[] vector, float[] product)
        {
            const int Chunk = 2048;
            Parallel.For(0, (n + Chunk - 1) / Chunk, parallel, chunk =>
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

                    // (1 + λ) / 2 keeps the order and makes the wanted end of the spectrum the one of largest magnitude.
                    product[i] = 0.5f * (vector[i] + (sum * root[i]));
                }
            });
        }
    }

    /// <summary>Where components go: by the leading principal components of their means, or on a spiral when no rows are known.</summary>
    private static float[] Centres(int[] component, int parts, ReadOnlyMemory<float> rows, int dimensions, int components)
    {
        float[] centres = new float[parts * components];
        if (rows.Length == 0)
        {
            for (int part = 0; part < parts; part++)
            {
                (double radius, double angle) = (Math.Sqrt(part), part * Math.PI * (3 - Math.Sqrt(5)));
                centres[part * components] = (float)(radius * Math.Cos(angle));
                if (components > 1) centres[(part * components) + 1] = (float)(radius * Math.Sin(angle));
            }

            return centres;
        }

        float[] means = new float[parts * dimensions];
        int[] sizes = new int[parts];
        for (int i = 0; i < component.Length; i++)
        {
            Span<float> mean = means.AsSpan(component[i] * dimensions, dimensions);
            TensorPrimitives.Add(mean, rows.Span.Slice(i * dimensions, dimensions), mean);
            sizes[component[i]]++;
        }

        for (int part = 0; part < parts; part++)
        {
            Span<float> mean = means.AsSpan(part * dimensions, dimensions);
            TensorPrimitives.Divide(mean, sizes[part], mean);
        }

        Principal(means, dimensions, components, centres, CancellationToken.None);
        return centres;
    }

    private static float HalfOfNearest(float[] centres, int components)
    {
        float nearest = float.PositiveInfinity;
        int parts = centres.Length / components;
        for (int a = 0; a < Math.Min(parts, 1000); a++)
        {
            for (int b = 0; b < a; b++)
            {
                float distance = TensorPrimitives.Distance<float>(centres.AsSpan(a * components, components), centres.AsSpan(b * components, components));
                if (distance > 0) nearest = Math.Min(nearest, distance);
            }
        }

        return float.IsInfinity(nearest) ? 1 : nearest / 2;
    }

    private static void Box(float[] layout, int components)
    {
        for (int c = 0; c < components; c++)
        {
            float low = float.PositiveInfinity, high = float.NegativeInfinity;
            for (int i = c; i < layout.Length; i += components) (low, high) = (Math.Min(low, layout[i]), Math.Max(high, layout[i]));
            float scale = high > low ? Side / (high - low) : 0;
            for (int i = c; i < layout.Length; i += components) layout[i] = (layout[i] - low) * scale;
        }
    }
}
