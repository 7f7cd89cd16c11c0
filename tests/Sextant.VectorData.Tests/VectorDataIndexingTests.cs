using Sextant.Tests.Shared;
using Sextant.Tests.Shared.Stores;

namespace Sextant.VectorData.Tests;

/// <summary>Indexing into a <c>Microsoft.Extensions.VectorData</c> store whose keys are texts.</summary>
public sealed class VectorDataIndexingTests : IndexingContract, IDisposable
{
    private readonly MemoryVectorStore _store = new(typeof(string));

    protected override Task<SemanticSearchEngine> OpenAsync(string name, SemanticSearchEngineOptions options) =>
        SemanticSearchEngine.OpenAsync(_store, name, options);

    public void Dispose() => _store.Dispose();
}

/// <summary>The same where keys must be UUIDs.</summary>
public sealed class VectorDataIndexingWithUuidsTests : IndexingContract, IDisposable
{
    private readonly MemoryVectorStore _store = new(typeof(Guid));

    protected override Task<SemanticSearchEngine> OpenAsync(string name, SemanticSearchEngineOptions options) =>
        SemanticSearchEngine.OpenAsync(_store, name, options);

    public void Dispose() => _store.Dispose();
}

/// <summary>Indexing through the engine over our own vector store.</summary>
public sealed class EngineOverVectorStoreIndexingTests : IndexingContract, IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly SextantVectorStore _store;

    public EngineOverVectorStoreIndexingTests() => _store = new(_folder.Path);

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    protected override Task<SemanticSearchEngine> OpenAsync(string name, SemanticSearchEngineOptions options) =>
        SemanticSearchEngine.OpenAsync(_store, name, options);
}
