using Sextant.Search;

namespace Sextant;

public sealed partial class CollectionMaintenance
{
    /// <summary>Measures the recall of the graph, with stored vectors as queries, and inspects the state of the graph.</summary>
    /// <param name="k">The number of neighbors per query, excluding the query itself; at least 1.</param>
    /// <param name="samples">The number of queries; at least 1.</param>
    /// <param name="cancellationToken">Cancels the measurement.</param>
    /// <exception cref="InputException">The collection is neither in a folder nor in PostgreSQL.</exception>
    public Task<RecallReport> MeasureRecallAsync(int k = 10, int samples = 200, CancellationToken cancellationToken = default)
    {
        _engine.ThrowIfDisposed();
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(k);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(samples);
        return _collection.MeasureRecallAsync(k, samples, cancellationToken);
    }

    /// <summary>Finds the smallest number of candidates that reaches the target recall, and stores it for all later searches.</summary>
    /// <param name="targetRecall">The fraction of true neighbors to find, above 0 and up to 1.</param>
    /// <param name="k">The number of neighbors per query, excluding the query itself; at least 1.</param>
    /// <param name="samples">The number of queries; at least 1.</param>
    /// <param name="cancellationToken">Cancels, and leaves the setting unchanged.</param>
    /// <exception cref="InputException">The collection is neither in a folder nor in PostgreSQL, or has too few documents.</exception>
    public Task<RecallReport> TuneEfSearchAsync(
        double targetRecall,
        int k = 10,
        int samples = 200,
        CancellationToken cancellationToken = default
    )
    {
        _engine.ThrowIfReadOnly();
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(targetRecall);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(targetRecall, 1);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(k);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(samples);
        return _collection.TuneEfSearchAsync(targetRecall, k, samples, cancellationToken);
    }

    /// <summary>Repairs the graph: links unreachable vectors, and rebuilds the graph if that is not enough.</summary>
    /// <returns>One sentence per repair; empty if the graph needed none.</returns>
    /// <exception cref="InputException">The collection is neither in a folder nor in PostgreSQL.</exception>
    public Task<IReadOnlyList<string>> RepairAsync(CancellationToken cancellationToken = default)
    {
        _engine.ThrowIfDisposed();
        _collection.ThrowIfReadOnly();
        return _collection.RepairAsync(cancellationToken);
    }
}
