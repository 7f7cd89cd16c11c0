using Sextant.ConformanceTests;
using Sextant.Tests.Shared;

namespace Sextant.Sources.Tests;

/// <summary>Files indexed into folders.</summary>
public sealed class FolderIndexingTests() : IndexingTests(new TestedFolder())
{
    private sealed class TestedFolder : TestedStore
    {
        private readonly TempFolder _folder = new();

        public override Task<SemanticSearchEngine> OpenAsync(string name, SemanticSearchEngineOptions options) =>
            SemanticSearchEngine.OpenAsync(_folder.File(name), options);

        public override ValueTask DisposeAsync()
        {
            _folder.Dispose();
            return base.DisposeAsync();
        }
    }
}
