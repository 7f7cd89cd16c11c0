namespace Sextant.Search.Storage;

/// <summary>
/// The vectors of another model on their way into a collection. They are kept beside those that serve until there is one for every
/// document, and then take their place in one transaction. Whoever goes on with an unfinished one finds what was put there before.
/// One process at a time works on it; any may write documents meanwhile.
/// </summary>
internal abstract class VectorReplacement : IAsyncDisposable
{
    /// <summary>What the collection will be made of.</summary>
    public abstract Manifest Manifest { get; }

    /// <summary>How many documents have their new vector already, and how many there are.</summary>
    public abstract Task<(long Ready, long Total)> CountAsync(CancellationToken cancellationToken);

    /// <summary>Documents without a new vector, or with one of an older text, from after <paramref name="afterKey"/> on in their order.</summary>
    public abstract Task<List<PendingText>> PendingAsync(long afterKey, int limit, CancellationToken cancellationToken);

    /// <summary>Keeps new vectors of length 1. One whose document was changed or deleted meanwhile is passed over.</summary>
    public abstract Task PutAsync(IReadOnlyList<PendingText> texts, IReadOnlyList<float[]> vectors, CancellationToken cancellationToken);

    /// <summary>Makes what searching the new vectors takes, so that the switch has nothing to wait for.</summary>
    public abstract Task BuildIndexAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Puts the new vectors in the place of the old ones, which are kept. Writers wait while <paramref name="embed"/> is asked for the
    /// few that are still missing.
    /// </summary>
    public abstract Task SwitchAsync(Func<IReadOnlyList<string>, Task<float[][]>> embed, CancellationToken cancellationToken);

    public abstract ValueTask DisposeAsync();
}

/// <summary>A document that waits for its new vector.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Version">What changes with its text, where the place needs it to tell.</param>
/// <param name="Text">Its text.</param>
internal readonly record struct PendingText(long Key, long Version, string Text);
