using System.Collections.Concurrent;

namespace Sextant;

// Shared objects that are slow to open: the first caller opens each one, and concurrent callers wait for the same one. A failed opening is
// retried at the next call. Thread-safe.
internal sealed class OpenedOnce<TKey, T>(Func<TKey, Task<T>> open)
    where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, Lazy<Task<T>>> _all = new();

    // Those that are open now.
    public IEnumerable<T> Opened =>
        _all.Values.Where(one => one.IsValueCreated && one.Value.IsCompletedSuccessfully).Select(one => one.Value.Result);

    // The token cancels waiting; the opening continues for other callers.
    public async Task<T> GetAsync(TKey key, CancellationToken cancellationToken)
    {
        Lazy<Task<T>> opening = _all.GetOrAdd(key, static (asked, open) => new(() => open(asked)), open);
        try
        {
            return await opening.Value.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch when (opening.Value is { IsCompleted: true, IsCompletedSuccessfully: false })
        {
            // A missing object may exist at the next call.
            _all.TryRemove(new(key, opening));
            throw;
        }
    }
}
