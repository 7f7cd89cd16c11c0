namespace Sextant.Index;

/// <summary>A fixed set of ids.</summary>
public sealed class IdSet
{
    private readonly HashSet<long> _ids;

    /// <summary>The set of <paramref name="ids"/>.</summary>
    public IdSet(IEnumerable<long> ids) => _ids = [.. ids];

    /// <summary>How many ids it holds.</summary>
    public int Count => _ids.Count;

    /// <summary>The ids themselves, in no order.</summary>
    internal IEnumerable<long> Ids => _ids;

    /// <summary>Whether it holds <paramref name="id"/>.</summary>
    public bool Contains(long id) => _ids.Contains(id);
}
