using Sextant.Search;

namespace Sextant;

public sealed partial class CollectionMaintenance
{
    /// <summary>Measures with stored vectors as queries how much of the truth the graph finds, and what state the graph is in.</summary>
    /// <param name="k">How many neighbours each query asks for, itself left out; at least 1.</param>
    /// <param name="samples">How many queries; at least 1.</param>
    /// <param name="cancellationToken">Stops measuring.</param>
    /// <exception cref="InputException">The collection is neither in a folder nor in PostgreSQL.</exception>
    public Task<RecallReport> MeasureRecallAsync(int k = 10, int samples = 200, CancellationToken cancellationToken = default)
    {
        _engine.ThrowIfDisposed();
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(k);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(samples);
        return _collection.MeasureRecallAsync(k, samples, cancellationToken);
    }

    /// <summary>Finds the least number of candidates with which a search finds so much of the truth, and keeps it for all later searches.</summary>
    /// <param name="targetRecall">The share of the true neighbours to be found, above 0 and up to 1.</param>
    /// <param name="k">How many neighbours each query asks for, itself left out; at least 1.</param>
    /// <param name="samples">How many queries; at least 1.</param>
    /// <param name="cancellationToken">Stops, and leaves the setting as it is.</param>
    /// <exception cref="InputException">The collection is neither in a folder nor in PostgreSQL, or holds too little.</exception>
    public Task<RecallReport> TuneAsync(double targetRecall, int k = 10, int samples = 200, CancellationToken cancellationToken = default)
    {
        _engine.RequireWritable();
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(targetRecall);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(targetRecall, 1);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(k);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(samples);
        return _collection.TuneAsync(targetRecall, k, samples, cancellationToken);
    }

    /// <summary>Mends the graph: links vectors that no search comes to, and builds it anew where that is not enough.</summary>
    /// <returns>What was done, a sentence each; empty when nothing was to be done.</returns>
    /// <exception cref="InputException">The collection is neither in a folder nor in PostgreSQL.</exception>
    public Task<IReadOnlyList<string>> RepairAsync(CancellationToken cancellationToken = default)
    {
        _engine.ThrowIfDisposed();
        _collection.RequireWritable();
        return _collection.RepairAsync(cancellationToken);
    }
}
