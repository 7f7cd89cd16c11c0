namespace Sextant.Hosted;

/// <summary>Adds up requests, tokens and dollars. Thread-safe.</summary>
public sealed class UsageMeter
{
    private readonly Lock _lock = new();
    private long _requests;
    private long _tokens;
    private decimal? _usd = 0;

    /// <summary>Requests that were answered.</summary>
    public long Requests
    {
        get
        {
            lock (_lock)
            {
                return _requests;
            }
        }
    }

    /// <summary>Tokens reported by the services, or counted locally if a service does not report them.</summary>
    public long Tokens
    {
        get
        {
            lock (_lock)
            {
                return _tokens;
            }
        }
    }

    /// <summary>What that costs by the prices known, or <see langword="null"/> when a model's price is not.</summary>
    public decimal? Usd
    {
        get
        {
            lock (_lock)
            {
                return _usd;
            }
        }
    }

    internal void Add(long tokens, decimal? usd)
    {
        lock (_lock)
        {
            _requests++;
            _tokens += tokens;
            _usd += usd;
        }
    }
}
