using System.Numerics.Tensors;
using Sextant.Evaluation.Learning;
using Sextant.Numerics;

namespace Sextant.Evaluation.Tasks;

/// <summary>
/// Scores every query against every document. Tiles of documents that fit the cache are read once for a block of queries, and a
/// document's numbers are loaded once for four queries; both together keep the work bound by arithmetic, not by memory.
/// </summary>
internal static class ExactSearch
{
    private const int QueryBlock = 32;
    private const int TileFloats = 32 * 1024;

    /// <summary>The rows of the best documents for each query, best first.</summary>
    /// <param name="queries">The query vectors.</param>
    /// <param name="documents">The document vectors.</param>
    /// <param name="top">The maximum number of rows per query.</param>
    /// <param name="places">The tie order: of documents with equal scores, the one with the lower value comes first.</param>
    /// <param name="allowed">The rows to rank for each query; all when <see langword="null"/>.</param>
    /// <param name="cancellationToken">Cancels the search.</param>
    public static int[][] Top(
        EmbeddingTable queries,
        EmbeddingTable documents,
        int top,
        int[] places,
        int[]?[]? allowed,
        CancellationToken cancellationToken
    )
    {
        int[][] found = new int[queries.Count][];
        var options = new ParallelOptions { CancellationToken = cancellationToken };
        if (allowed is not null)
        {
            Parallel.For(
                0,
                queries.Count,
                options,
                q =>
                {
                    var best = new TopK(top, places);
                    foreach (int row in allowed[q] ?? [])
                        best.Offer(row, TensorPrimitives.Dot(queries[q], documents[row]));
                    found[q] = best.ToIndexes();
                }
            );
            return found;
        }

        int blocks = (queries.Count + QueryBlock - 1) / QueryBlock;
        Parallel.For(
            0,
            blocks,
            options,
            block =>
            {
                int first = block * QueryBlock;
                SearchBlock(queries, documents, first, Math.Min(QueryBlock, queries.Count - first), top, places, found);
            }
        );
        return found;
    }

    private static void SearchBlock(
        EmbeddingTable queries,
        EmbeddingTable documents,
        int first,
        int count,
        int top,
        int[] places,
        int[][] found
    )
    {
        var best = new TopK[count];
        for (int i = 0; i < count; i++)
            best[i] = new TopK(Math.Min(top, documents.Count), places);
        int tile = Math.Max(1, TileFloats / documents.Dimensions);
        Span<float> scores = stackalloc float[4];
        for (int start = 0; start < documents.Count; start += tile)
        {
            int end = Math.Min(start + tile, documents.Count);
            int q = 0;
            for (; q + 4 <= count; q += 4)
            {
                int at = first + q;
                for (int row = start; row < end; row++)
                {
                    DotProducts.Compute(documents[row], queries[at], queries[at + 1], queries[at + 2], queries[at + 3], scores);
                    for (int i = 0; i < 4; i++)
                        best[q + i].Offer(row, scores[i]);
                }
            }

            for (; q < count; q++)
            {
                for (int row = start; row < end; row++)
                    best[q].Offer(row, TensorPrimitives.Dot(queries[first + q], documents[row]));
            }
        }

        for (int i = 0; i < count; i++)
            found[first + i] = best[i].ToIndexes();
    }
}
