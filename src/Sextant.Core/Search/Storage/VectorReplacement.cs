namespace Sextant.Search.Storage;

/// <summary>
/// The replacement of all vectors of a collection by those of another model. The new vectors are stored in addition to those in use until
/// every document
/// has one, and then take their place in one transaction.
/// </summary>
/// <remarks>
/// An unfinished replacement can be continued: the vectors that were stored are kept. One process at a time works on it; any may write
/// documents.
/// </remarks>
public abstract class VectorReplacement : IAsyncDisposable
{
    /// <summary>The manifest of the collection after the replacement.</summary>
    public abstract Manifest Manifest { get; }

    /// <summary>Counts the documents that have a new vector, and all documents.</summary>
    public abstract Task<(long Ready, long Total)> CountAsync(CancellationToken cancellationToken);

    /// <summary>The documents without a new vector, or with one of an older text, in the order of their keys.</summary>
    /// <param name="afterKey">The key after which to begin; 0 for the first.</param>
    /// <param name="limit">The most to return.</param>
    /// <param name="cancellationToken">Stops.</param>
    public abstract Task<IReadOnlyList<PendingText>> ListPendingTextsAsync(long afterKey, int limit, CancellationToken cancellationToken);

    /// <summary>Stores new vectors. Documents that were changed or deleted in the meantime are skipped.</summary>
    /// <param name="texts">Texts that <see cref="ListPendingTextsAsync"/> returned.</param>
    /// <param name="vectors">The vector of each, of length 1.</param>
    /// <param name="cancellationToken">Stops.</param>
    public abstract Task PutAsync(IReadOnlyList<PendingText> texts, IReadOnlyList<float[]> vectors, CancellationToken cancellationToken);

    /// <summary>Builds the index of the new vectors, so that the switch does not wait for it.</summary>
    public abstract Task BuildIndexAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Puts the new vectors in the place of the old ones, which are kept as <see cref="VectorRole.Previous"/>. Writers wait.
    /// </summary>
    /// <param name="embed">Embeds the texts that still lack a vector.</param>
    /// <param name="cancellationToken">Stops.</param>
    public abstract Task SwitchAsync(Func<IReadOnlyList<string>, Task<float[][]>> embed, CancellationToken cancellationToken);

    /// <summary>Releases the replacement to other processes.</summary>
    public abstract ValueTask DisposeAsync();
}

/// <summary>A document whose vector is to be replaced.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Version">A number that changes with its text, where the store needs one.</param>
/// <param name="Text">Its text.</param>
public readonly record struct PendingText(long Key, long Version, string Text);
