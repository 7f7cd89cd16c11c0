using System.Numerics.Tensors;
using Sextant.Index.Interchange;
using Sextant.Numerics;

namespace Sextant.Benchmarks.Ann;

/// <summary>The input of every contender: unit vectors, queries, and the true neighbors of each query.</summary>
internal sealed record AnnData(VectorTable Base, VectorTable Queries, int[][] Truth)
{
    private const int Depth = 10;

    public static AnnData Load(AnnOptions options)
    {
        VectorTable vectors,
            queries;
        if (options.Base is { } file)
        {
            vectors = Unit(FvecsFile.Read(file));
            queries = Unit(
                FvecsFile.Read(options.Query ?? throw new InputException("--base needs --query, a .fvecs file of the same width"))
            );
            if (queries.Dimensions != vectors.Dimensions)
                throw new InputException($"{options.Query}: as wide as {file} it must be");
        }
        else if (options.Texts is { } texts)
        {
            (vectors, queries) = TextVectors.Embed(texts, options.Model, options.Count, options.Queries);
        }
        else
        {
            ClusteredVectors source = new(options.Dimensions);
            (vectors, queries) = (source.Draw(options.Count, 1), source.Draw(options.Queries, 2));
        }

        return new(vectors, queries, options.Truth is { } truth ? Read(truth, queries.Count, vectors.Count) : Exact(vectors, queries));
    }

    /// <summary>The fraction of true nearest neighbors among the results.</summary>
    public double Recall(ReadOnlySpan<int> found)
    {
        int hits = 0;
        for (int q = 0; q < Queries.Count; q++)
        {
            foreach (int id in found.Slice(q * Depth, Depth))
            {
                if (Array.IndexOf(Truth[q], id) >= 0)
                    hits++;
            }
        }
        return (double)hits / (Queries.Count * Depth);
    }

    public static int[][] Exact(VectorTable vectors, VectorTable queries, Func<int, bool>? passes = null)
    {
        int[][] truth = new int[queries.Count][];
        Parallel.For(
            0,
            queries.Count,
            q =>
            {
                TopK best = new(Depth);
                for (int i = 0; i < vectors.Count; i++)
                {
                    if (passes?.Invoke(i) == false)
                        continue;
                    best.Offer(i, TensorPrimitives.Dot(queries.Row(q), vectors.Row(i)));
                }

                truth[q] = best.ToIndexes();
            }
        );
        return truth;
    }

    private static int[][] Read(string path, int queries, int count)
    {
        (int width, int[] values) = FvecsFile.ReadInt32(path);
        if (width < Depth || values.Length / width != queries || values.Any(id => id < 0 || id >= count))
            throw new InputException($"{path}: these are not the {Depth} nearest of each query among the base");
        return [.. values.Chunk(width).Select(row => row[..Depth])];
    }

    private static VectorTable Unit(VectorTable table)
    {
        float[] rows = table.Rows.ToArray();
        for (int at = 0; at < rows.Length; at += table.Dimensions)
        {
            Span<float> row = rows.AsSpan(at, table.Dimensions);
            float norm = TensorPrimitives.Norm<float>(row);
            if (norm > 0)
                TensorPrimitives.Divide(row, norm, row);
        }

        return new(table.Dimensions, rows);
    }
}
