namespace Sextant.Server.Collections;

/// <summary>The use of an open collection by one request.</summary>
internal sealed class CollectionLease(OpenCollection collection, SemanticSearchEngine engine) : IDisposable
{
    public OpenCollection Collection => collection;

    public SemanticSearchEngine Engine => engine;

    /// <summary>Another lease on the same collection, which may be held longer than this one.</summary>
    public CollectionLease Share()
    {
        collection.EnterAgain();
        return new(collection, engine);
    }

    public void Dispose() => collection.Leave();
}
