using System.Collections.Concurrent;

namespace Sextant.Benchmarks.Faults.Torn;

/// <summary>What searchers, exports and writers counted. Thread-safe.</summary>
internal sealed class TornCounts
{
    private long _searches,
        _hits,
        _exports,
        _rows,
        _writes,
        _torn,
        _lost,
        _failed;

    public long Searches => _searches;

    public long Hits => _hits;

    public long Exports => _exports;

    public long Rows => _rows;

    public long Writes => _writes;

    /// <summary>Rows whose parts were of two states.</summary>
    public long Torn => _torn;

    /// <summary>Acknowledged writes that are not there.</summary>
    public long Lost => _lost;

    /// <summary>Requests that ended in an error.</summary>
    public long Failed => _failed;

    public ConcurrentQueue<string> Wrong { get; } = [];

    public void CountSearch(int hits)
    {
        Interlocked.Increment(ref _searches);
        Interlocked.Add(ref _hits, hits);
    }

    public void CountExport(int rows)
    {
        Interlocked.Increment(ref _exports);
        Interlocked.Add(ref _rows, rows);
    }

    public void CountWrite() => Interlocked.Increment(ref _writes);

    public void Tear(string what) => Add(ref _torn, $"torn: {what}");

    public void Lose(string what) => Add(ref _lost, $"lost: {what}");

    public void Fail(string what) => Add(ref _failed, $"failed: {what}");

    private void Add(ref long count, string what)
    {
        Interlocked.Increment(ref count);
        Wrong.Enqueue(what);
    }
}
