using Sextant.Index.Interchange;
using Sextant.Numerics;

namespace Sextant.Sources.Transfer;

/// <summary>For each document the places of the others nearest to it, as the TEXMEX data sets keep the truth about theirs.</summary>
internal static class NeighborRows
{
    /// <summary>As many as those data sets have.</summary>
    private const int Depth = 100;

    /// <summary>Compares every vector with every other, which takes a second for some ten thousand and grows with the square.</summary>
    public static async Task<ExportResult> WriteAsync(
        SemanticSearchEngine engine,
        string file,
        Stream? texts,
        IProgress<long>? progress,
        CancellationToken cancellationToken
    )
    {
        int dimensions = engine.Model.Dimensions;
        List<float[]> rows = [];
        await foreach (Document document in engine.ListAsync(cancellationToken).ConfigureAwait(false))
        {
            if (texts is not null)
                DocumentLines.Write(texts, document, withVector: false);
            rows.Add(document.Vector!.Value.ToArray());
        }

        int depth = Math.Min(Depth, rows.Count - 1);
        if (depth < 1)
            throw new InputException($"{engine.Location} has one document and so no neighbors; export its vector to .fvecs");
        if ((long)rows.Count * depth > Array.MaxLength)
            throw new InputException($"{engine.Location} has more neighbors than fit into one .ivecs file");
        int[] neighbors = new int[rows.Count * depth];
        long done = 0;
        await Task.Run(
                () =>
                    Parallel.For(
                        0,
                        rows.Count,
                        new() { CancellationToken = cancellationToken },
                        row =>
                        {
                            Nearest(rows, row, neighbors.AsSpan(row * depth, depth));
                            progress?.Report(Interlocked.Increment(ref done));
                        }
                    ),
                cancellationToken
            )
            .ConfigureAwait(false);
        FvecsFile.WriteInt32(file, depth, neighbors);
        return new(rows.Count, dimensions, InterchangeFormat.Ivecs, HasIds: false);
    }

    // The nearest first; of equals the one that came first.
    private static void Nearest(List<float[]> rows, int row, Span<int> nearest)
    {
        TopK best = new(nearest.Length);
        for (int other = 0; other < rows.Count; other++)
        {
            if (other != row)
                best.Offer(other, VectorMath.Dot(rows[row], rows[other]));
        }

        best.ToIndexes().CopyTo(nearest);
    }
}
