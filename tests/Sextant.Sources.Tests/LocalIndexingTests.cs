using Sextant.Tests.Shared;
using Sextant.Tests.Shared.Stores;

namespace Sextant.Sources.Tests;

/// <summary>Indexing into a folder.</summary>
public sealed class LocalIndexingTests : IndexingContract, IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    protected override Task<SemanticSearchEngine> OpenAsync(string name, SemanticSearchEngineOptions options) =>
        SemanticSearchEngine.OpenAsync(_folder.File(name), options);
}
