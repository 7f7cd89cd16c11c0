using System.Collections.Concurrent;

namespace Sextant;

/// <summary>
/// Things that take long to open and are shared: each is opened once, by whoever asks first, and the others wait for the same one. What could
/// not be opened is tried again the next time. Thread-safe.
/// </summary>
/// <param name="open">Opens one.</param>
internal sealed class OpenedOnce<TKey, T>(Func<TKey, Task<T>> open)
    where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, Lazy<Task<T>>> _all = new();

    /// <summary>Those that are open now.</summary>
    public IEnumerable<T> Opened => _all.Values
        .Where(one => one.IsValueCreated && one.Value.IsCompletedSuccessfully)
        .Select(one => one.Value.Result);

    /// <param name="key">Which one.</param>
    /// <param name="cancellationToken">Stops waiting; the opening goes on for others.</param>
    public async Task<T> GetAsync(TKey key, CancellationToken cancellationToken)
    {
        Lazy<Task<T>> opening = _all.GetOrAdd(key, static (asked, open) => new(() => open(asked)), open);
        try
        {
            return await opening.Value.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch when (opening.Value is { IsCompleted: true, IsCompletedSuccessfully: false })
        {
            // What was missing may be there the next time.
            _all.TryRemove(new(key, opening));
            throw;
        }
    }
}
