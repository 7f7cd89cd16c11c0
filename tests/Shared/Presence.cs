namespace Sextant.Tests.Shared;

/// <summary>
/// Tracks each id while many threads add, remove and search: its writer makes its number odd before adding it and even after removing it,
/// so an id whose number is even and the same before and after a search was absent the whole time.
/// </summary>
internal sealed class Presence(int ids)
{
    private readonly int[] _numbers = new int[ids];

    public void Adding(int id)
    {
        if (!IsPresent(id))
            Interlocked.Increment(ref _numbers[id]);
    }

    public void Removed(int id)
    {
        if (IsPresent(id))
            Interlocked.Increment(ref _numbers[id]);
    }

    public bool IsPresent(int id) => Volatile.Read(ref _numbers[id]) % 2 != 0;

    public int[] Now() => Array.ConvertAll(_numbers, static number => number);

    /// <summary>Whether the id was gone from <paramref name="before"/> on until now.</summary>
    public bool WasAbsent(int[] before, int id) => before[id] % 2 == 0 && Volatile.Read(ref _numbers[id]) == before[id];
}
