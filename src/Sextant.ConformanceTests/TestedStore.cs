namespace Sextant.ConformanceTests;

/// <summary>
/// The store under test: opens its collections for the tests. Derive from it, then pass a new instance to each class of tests that the
/// store is to pass.
/// </summary>
public abstract class TestedStore : IAsyncDisposable
{
    /// <summary>
    /// Whether a hybrid search is ranked by <see cref="Search.RankFusion"/>; <see langword="false"/> for a store that ranks by a fusion of
    /// its own, which is then not compared with it.
    /// </summary>
    public virtual bool UsesRankFusion => true;

    /// <summary>Opens a collection, and creates it if missing.</summary>
    /// <param name="name">
    /// The name of the collection: <c>test_</c> and 32 hexadecimal digits, another for each test. Within a test, the same name is the same
    /// collection.
    /// </param>
    /// <param name="options">The options to open it with; add the provider of the store to them.</param>
    /// <returns>The engine over the collection; the test disposes it.</returns>
    public abstract Task<SemanticSearchEngine> OpenAsync(string name, SemanticSearchEngineOptions options);

    /// <summary>Deletes what the test has left behind; does nothing by default.</summary>
    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}
