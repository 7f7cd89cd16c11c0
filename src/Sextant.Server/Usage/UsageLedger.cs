using System.Globalization;
using Sextant.Server.Http;
using Sextant.Server.Keys;

namespace Sextant.Server.Usage;

/// <summary>Counts what each key uses of each model, per day (UTC), and enforces the cost limits of keys. Thread-safe.</summary>
internal sealed class UsageLedger(Callers callers, TimeProvider time)
{
    private const int DaysKept = 92;

    private readonly Lock _lock = new();
    private readonly Dictionary<(DateOnly Day, string Key, string Model), Counts> _counts = [];
    private long _changes;

    /// <summary>Changes with every call of a model.</summary>
    public long Changes => Interlocked.Read(ref _changes);

    public DateOnly Today => DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);

    /// <summary>All entries, by day, key and model.</summary>
    public IReadOnlyList<UsageEntry> List()
    {
        lock (_lock)
        {
            return
            [
                .. _counts
                    .OrderBy(static one => one.Key.Day)
                    .ThenBy(static one => one.Key.Key, StringComparer.Ordinal)
                    .ThenBy(static one => one.Key.Model, StringComparer.Ordinal)
                    .Select(static one => one.Value.ToEntry(one.Key)),
            ];
        }
    }

    /// <summary>Restores entries of an earlier run.</summary>
    public void Restore(IEnumerable<UsageEntry> entries)
    {
        DateOnly oldest = Today.AddDays(-DaysKept);
        lock (_lock)
        {
            foreach (UsageEntry entry in entries.Where(entry => entry.Day > oldest))
                CountsOf((entry.Day, entry.Key, entry.Model)).Add(entry.Requests, entry.Tokens, entry.Documents, entry.Usd);
        }
    }

    /// <summary>Called before a model is used.</summary>
    /// <param name="model">The model.</param>
    /// <param name="isHosted">Whether its use may cost something.</param>
    /// <param name="hasPrice">Whether its price is known.</param>
    /// <exception cref="ServiceException">The current caller has reached its cost limit, or has one that cannot be enforced.</exception>
    public void Require(string model, bool isHosted, bool hasPrice)
    {
        Caller caller = callers.Current;
        if (!isHosted || caller.UsdPerDay is not { } limit)
            return;
        if (!hasPrice)
        {
            throw new ServiceException(
                403,
                $"The key '{caller.Name}' has a cost limit, and the price of the model '{model}' is unknown; add the price to the catalog.",
                "model",
                "unknown_price",
                "permission_error"
            );
        }

        if (SpentToday(caller.Name) < limit)
            return;
        throw new ServiceException(
            429,
            string.Create(
                CultureInfo.InvariantCulture,
                $"The key '{caller.Name}' has reached its limit of ${limit} per day; it is reset at 00:00 UTC."
            ),
            null,
            "insufficient_quota",
            "insufficient_quota"
        );
    }

    /// <summary>Counts one call of a model for the current caller.</summary>
    public void Add(string model, long tokens, long documents, decimal usd)
    {
        (DateOnly, string, string) key = (Today, callers.Current.Name, model);
        lock (_lock)
        {
            CountsOf(key).Add(1, tokens, documents, usd);
        }

        Interlocked.Increment(ref _changes);
    }

    private decimal SpentToday(string key)
    {
        DateOnly today = Today;
        lock (_lock)
        {
            return _counts.Where(one => one.Key.Day == today && one.Key.Key == key).Sum(static one => one.Value.Usd);
        }
    }

    private Counts CountsOf((DateOnly Day, string Key, string Model) key)
    {
        if (!_counts.TryGetValue(key, out Counts? counts))
        {
            // The first use of a day removes old entries.
            DateOnly oldest = Today.AddDays(-DaysKept);
            foreach ((DateOnly Day, string Key, string Model) old in _counts.Keys.Where(one => one.Day <= oldest).ToArray())
            {
                _counts.Remove(old);
            }

            _counts.Add(key, counts = new());
        }

        return counts;
    }

    private sealed class Counts
    {
        private long _requests,
            _tokens,
            _documents;

        public decimal Usd { get; private set; }

        public void Add(long requests, long tokens, long documents, decimal usd)
        {
            _requests += requests;
            _tokens += tokens;
            _documents += documents;
            Usd += usd;
        }

        public UsageEntry ToEntry((DateOnly Day, string Key, string Model) key) =>
            new(key.Day, key.Key, key.Model, _requests, _tokens, _documents, Usd);
    }
}
