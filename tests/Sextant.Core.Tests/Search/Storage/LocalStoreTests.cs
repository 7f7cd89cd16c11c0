using Sextant.Tests.Shared;
using Sextant.Tests.Shared.Stores;

namespace Sextant.Core.Tests.Search.Storage;

/// <summary>The contract, kept by a folder.</summary>
public sealed class LocalStoreTests : StoreContract, IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    protected override Task<SemanticSearchEngine> OpenAsync(string name, SemanticSearchEngineOptions options) =>
        SemanticSearchEngine.OpenAsync(_folder.File(name), options);
}
