namespace Sextant.Server.Collections;

/// <summary>The use of an open collection by one request.</summary>
internal sealed class CollectionLease(OpenCollection collection, SemanticSearchEngine engine) : IDisposable
{
    public OpenCollection Collection => collection;

    public SemanticSearchEngine Engine => engine;

    public void Dispose() => collection.Leave();
}
