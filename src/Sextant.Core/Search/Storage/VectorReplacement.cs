namespace Sextant.Search.Storage;

/// <summary>
/// Replaces the vectors of a collection with those of another model. The new vectors are stored separately until every document has one,
/// and then replace the current ones in one transaction. An unfinished replacement resumes with the vectors stored so far. One process at a
/// time works on it; any process may write documents in parallel.
/// </summary>
internal abstract class VectorReplacement : IAsyncDisposable
{
    /// <summary>The manifest of the collection after the replacement.</summary>
    public abstract Manifest Manifest { get; }

    /// <summary>How many documents have their new vector already, and how many there are.</summary>
    public abstract Task<(long Ready, long Total)> CountAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Documents without a new vector, or with one of an older text, from after <paramref name="afterKey"/> on in their order.
    /// </summary>
    public abstract Task<List<PendingText>> PendingAsync(long afterKey, int limit, CancellationToken cancellationToken);

    /// <summary>Stores new vectors of length 1. Skips vectors whose document has changed or was deleted in between.</summary>
    public abstract Task PutAsync(IReadOnlyList<PendingText> texts, IReadOnlyList<float[]> vectors, CancellationToken cancellationToken);

    /// <summary>Makes what searching the new vectors takes, so that the switch has nothing to wait for.</summary>
    public abstract Task BuildIndexAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Replaces the old vectors, which are kept, with the new ones. Writers wait while <paramref name="embed"/> is asked for the
    /// few that are still missing.
    /// </summary>
    public abstract Task SwitchAsync(Func<IReadOnlyList<string>, Task<float[][]>> embed, CancellationToken cancellationToken);

    public abstract ValueTask DisposeAsync();
}

/// <summary>A document without its new vector.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Version">A number that changes with the text, if the store needs one to detect changes.</param>
/// <param name="Text">Its text.</param>
internal readonly record struct PendingText(long Key, long Version, string Text);
