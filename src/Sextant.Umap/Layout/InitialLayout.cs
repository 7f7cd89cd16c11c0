using System.Numerics.Tensors;
using Sextant.Umap.Graphs;

namespace Sextant.Umap.Layout;

/// <summary>Where the points of a layout start: in a box of 10 units a side.</summary>
internal static class InitialLayout
{
    private const float Side = 10;
    private const double Jitter = 1e-4;

    /// <summary>A start need not be exact: the axes of so many rows, evenly chosen, are those of all, near enough.</summary>
    private const int MostRowsForAxes = 16_384;

    /// <summary>Lays out n points.</summary>
    /// <param name="graph">Their neighbor graph.</param>
    /// <param name="rows">The data rows; empty if only their neighbors are known.</param>
    /// <param name="dimensions">The dimensions of a row.</param>
    /// <param name="options">The kind of initialization, the number of components, and the seed.</param>
    /// <param name="parallel">Threads and cancellation.</param>
    public static float[] Create(
        SparseGraph graph,
        ReadOnlyMemory<float> rows,
        int dimensions,
        UmapOptions options,
        ParallelOptions parallel
    )
    {
        int n = graph.Count,
            components = options.Components;
        float[] layout = new float[n * components];
        if (n <= 1)
            return layout;
        var random = new UmapRandom(options.Seed);
        switch (options.Initialization)
        {
            case UmapInitialization.Spectral when n > components + 1:
                if (!SpectralLayout.TryFill(graph, rows.Length > 0, options, parallel, layout))
                    Principal(rows, dimensions, components, layout, parallel.CancellationToken);
                break;
            case UmapInitialization.Pca when rows.Length > 0:
                Principal(rows, dimensions, components, layout, parallel.CancellationToken);
                break;
            default:
                for (int i = 0; i < layout.Length; i++)
                    layout[i] = (float)(Side * random.Uniform());
                return layout;
        }

        float largest = Math.Abs(TensorPrimitives.MaxMagnitude<float>(layout));
        float scale = largest > 0 ? Side / largest : 0;
        for (int i = 0; i < layout.Length; i++)
            layout[i] = (layout[i] * scale) + (float)(Jitter * random.Normal());
        Box(layout, components);
        return layout;
    }

    /// <summary>The leading principal components of rows, at least one, as points.</summary>
    private static void Principal(
        ReadOnlyMemory<float> rows,
        int dimensions,
        int components,
        float[] layout,
        CancellationToken cancellationToken
    )
    {
        int count = rows.Length / dimensions,
            every = ((count - 1) / MostRowsForAxes) + 1;
        ReadOnlyMemory<float> some = rows;
        if (every > 1)
        {
            float[] chosen = new float[((count - 1) / every * dimensions) + dimensions];
            for (int i = 0; i < chosen.Length; i += dimensions)
                rows.Span.Slice(i * every, dimensions).CopyTo(chosen.AsSpan(i));
            some = chosen;
        }

        PrincipalComponents principal = PrincipalComponents.Fit(some, dimensions, components, cancellationToken);
        float[] projected = principal.Transform(rows.Span);
        for (int i = 0; i < layout.Length / components; i++)
            projected.AsSpan(i * principal.Components, principal.Components).CopyTo(layout.AsSpan(i * components));
    }

    private static void Box(float[] layout, int components)
    {
        for (int c = 0; c < components; c++)
        {
            float low = float.PositiveInfinity,
                high = float.NegativeInfinity;
            for (int i = c; i < layout.Length; i += components)
                (low, high) = (Math.Min(low, layout[i]), Math.Max(high, layout[i]));
            float scale = high > low ? Side / (high - low) : 0;
            for (int i = c; i < layout.Length; i += components)
                layout[i] = (layout[i] - low) * scale;
        }
    }
}
