using System.Numerics.Tensors;
using Sextant.Numerics;

namespace Sextant.Index;

public sealed unsafe partial class HnswIndex
{
    /// <summary>The rows that <see cref="MergeFrom"/> copies at a time.</summary>
    private const int RowsAtOnce = 4_096;

    /// <summary>Searches for many queries, on several threads.</summary>
    /// <param name="queries">The queries, concatenated: rows of <see cref="Dimensions"/> finite numbers.</param>
    /// <param name="topK">The number of vectors for each query, if there are as many; 0 or more.</param>
    /// <param name="parameters">How each is searched; the defaults when <see langword="null"/>.</param>
    /// <param name="maxDegreeOfParallelism">The number of threads; -1 for one per core.</param>
    /// <param name="ct">Cancels between two queries.</param>
    /// <returns>For each query what <see cref="Search(ReadOnlySpan{float}, int, SearchParameters?)"/> returns.</returns>
    /// <exception cref="ArgumentException">The values do not form whole rows, or are not finite.</exception>
    public Neighbor[][] SearchBatch(
        ReadOnlyMemory<float> queries,
        int topK,
        SearchParameters? parameters = null,
        int maxDegreeOfParallelism = -1,
        CancellationToken ct = default
    )
    {
        if (queries.Length % Dimensions != 0)
            throw new ArgumentException($"{queries.Length} values are not whole rows of {Dimensions}.", nameof(queries));
        if (!VectorMath.IsFinite(queries.Span))
            throw new ArgumentException("A query contains NaN or infinity.", nameof(queries));
        ArgumentOutOfRangeException.ThrowIfNegative(topK);
        Neighbor[][] found = new Neighbor[queries.Length / Dimensions][];
        ParallelOptions options = Threads(maxDegreeOfParallelism, ct);
        Parallel.For(0, found.Length, options, i => found[i] = Search(queries.Span.Slice(i * Dimensions, Dimensions), topK, parameters));
        return found;
    }

    /// <summary>Adds many vectors of half precision, one per row, on several threads.</summary>
    /// <param name="ids">An id for each row.</param>
    /// <param name="rows">The rows, concatenated.</param>
    /// <param name="maxDegreeOfParallelism">The number of threads; -1 for one per core.</param>
    /// <param name="progress">Receives the number of rows added.</param>
    /// <param name="ct">Cancels between two rows; rows already added stay.</param>
    /// <exception cref="ArgumentException">The lengths do not match, or a row holds NaN or infinity; no row is added.</exception>
    public void AddRange(
        ReadOnlyMemory<long> ids,
        ReadOnlyMemory<Half> rows,
        int maxDegreeOfParallelism = -1,
        IProgress<int>? progress = null,
        CancellationToken ct = default
    )
    {
        float[] wide = new float[rows.Length];
        TensorPrimitives.ConvertToSingle(rows.Span, wide);
        AddRange(ids, wide, maxDegreeOfParallelism, progress, ct);
    }

    /// <summary>The ids of all vectors, in ascending order.</summary>
    /// <exception cref="ObjectDisposedException">The index is disposed.</exception>
    public long[] GetIds()
    {
        _searching.EnterReadLock();
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            long[] ids;
            lock (_nodes)
                ids = [.. _nodes.Ids];
            Array.Sort(ids);
            return ids;
        }
        finally
        {
            _searching.ExitReadLock();
        }
    }

    /// <summary>Adds all vectors of another index. Vectors with an existing id are replaced.</summary>
    /// <param name="other">An index of the same dimensions; unchanged. Its storage and options may differ.</param>
    /// <param name="maxDegreeOfParallelism">The number of threads; -1 for one per core.</param>
    /// <param name="progress">Receives the number of vectors added.</param>
    /// <param name="ct">Cancels between two vectors; vectors already added stay.</param>
    /// <returns>The number of vectors added or replaced; those that <paramref name="other"/> loses during the merge are left out.</returns>
    /// <exception cref="ArgumentException">The indexes have different dimensions or metrics, or are the same.</exception>
    public int MergeFrom(HnswIndex other, int maxDegreeOfParallelism = -1, IProgress<int>? progress = null, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (ReferenceEquals(this, other))
            throw new ArgumentException("An index cannot be merged with itself.", nameof(other));
        if (other.Dimensions != Dimensions || other.Options.Metric != Options.Metric)
        {
            throw new ArgumentException(
                $"The other index has {other.Dimensions} dimensions and the metric {other.Options.Metric}; "
                    + $"this one {Dimensions} and {Options.Metric}.",
                nameof(other)
            );
        }

        int done = 0;
        float[] rows = new float[Math.Min(RowsAtOnce, Math.Max(1, other.Count)) * Dimensions];
        foreach (long[] piece in other.GetIds().Chunk(rows.Length / Dimensions))
        {
            List<long> ids = [];
            foreach (long id in piece)
            {
                if (other.TryGetVector(id, rows.AsSpan(ids.Count * Dimensions, Dimensions)))
                    ids.Add(id);
            }

            AddRange(ids.ToArray(), rows.AsMemory(0, ids.Count * Dimensions), maxDegreeOfParallelism, ct: ct);
            done += ids.Count;
            progress?.Report(done);
        }

        return done;
    }
}
