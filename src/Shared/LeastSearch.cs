namespace Sextant;

/// <summary>
/// Finds the least number that is enough, where more is never worse but for chance: doubled until there are enough, then halved into.
/// </summary>
internal sealed class LeastSearch(int least, int most)
{
    /// <summary>The fewest candidates that tuning tries: fewer save no time.</summary>
    public const int LeastEf = 8;

    private int _tooFew = least - 1;
    private int _next = least;
    private int? _enough;

    /// <summary>The number to try next; <see langword="null"/> when <see cref="Result"/> is known.</summary>
    public int? Next =>
        _enough is not { } enough ? _next
        : enough - _tooFew > 1 ? (enough + _tooFew) / 2
        : null;

    /// <summary>The least number that was enough, or the largest that may be tried.</summary>
    public int Result => _enough ?? most;

    /// <summary>Records whether <paramref name="tried"/> was enough.</summary>
    public void Report(int tried, bool isEnough)
    {
        if (isEnough || tried >= most)
        {
            _enough = tried;
            return;
        }

        _tooFew = tried;
        _next = (int)Math.Min(most, 2L * tried);
    }
}
