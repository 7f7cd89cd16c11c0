using Microsoft.Extensions.VectorData;
using Sextant.Search.VectorData;

namespace Sextant.Tests.Search.Stores;

/// <summary>Collections in folders, used through <c>Microsoft.Extensions.VectorData</c>.</summary>
public sealed class LocalVectorStoreTests : VectorStoreContract, IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    protected override VectorStore Store(SemanticSearchEngineOptions? options = null) => new SextantVectorStore(_folder.Path, options);
}

/// <summary>The engine over our own vector store: what one side asks for, the other must give.</summary>
public sealed class EngineOverVectorStoreTests : StoreContract, IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly SextantVectorStore _store;

    public EngineOverVectorStoreTests() => _store = new(_folder.Path);

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    protected override Task<SemanticSearchEngine> OpenAsync(string name, SemanticSearchEngineOptions options) =>
        SemanticSearchEngine.OpenAsync(_store, name, options);
}
