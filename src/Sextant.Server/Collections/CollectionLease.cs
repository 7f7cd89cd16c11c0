namespace Sextant.Server.Collections;

/// <summary>The use of an open collection by one request.</summary>
internal sealed class CollectionLease(OpenCollection collection, SemanticSearchEngine engine) : IDisposable
{
    public OpenCollection Collection => collection;

    public SemanticSearchEngine Engine => engine;

    /// <summary>
    /// Names this life of the collection: another when it was deleted and made again, restored, or replaced by another folder.
    /// </summary>
    public async Task<string> GetIncarnationAsync(CancellationToken cancellationToken) =>
        $"{collection.Incarnation} {await engine.Store.GetIncarnationAsync(cancellationToken)}";

    /// <summary>Another lease on the same collection, which may be held longer than this one.</summary>
    public CollectionLease Share()
    {
        collection.EnterAgain();
        return new(collection, engine);
    }

    public void Dispose() => collection.Leave();
}
