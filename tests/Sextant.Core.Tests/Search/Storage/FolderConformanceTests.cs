using Sextant.ConformanceTests;
using Sextant.Tests.Shared;

namespace Sextant.Core.Tests.Search.Storage;

/// <summary>Collections in folders.</summary>
public sealed class TestedFolder : TestedStore
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

public sealed class FolderDocumentTests() : DocumentTests(new TestedFolder());

public sealed class FolderRoundTripTests() : RoundTripTests(new TestedFolder());

public sealed class FolderRankingTests() : RankingTests(new TestedFolder());

public sealed class FolderMetricTests() : MetricTests(new TestedFolder());

public sealed class FolderFilterTests() : FilterTests(new TestedFolder());

public sealed class FolderKeywordTests() : KeywordTests(new TestedFolder());

public sealed class FolderStageTests() : StageTests(new TestedFolder());

public sealed class FolderConcurrencyTests() : ConcurrencyTests(new TestedFolder());

public sealed class FolderReembeddingTests() : ReembeddingTests(new TestedFolder());

public sealed class FolderReembeddingConcurrencyTests() : ReembeddingConcurrencyTests(new TestedFolder());

public sealed class FolderFacetTests() : FacetTests(new TestedFolder());

public sealed class FolderGroupTests() : GroupTests(new TestedFolder());

public sealed class FolderBrowsingTests() : BrowsingTests(new TestedFolder());

public sealed class FolderSelectionTests() : SelectionTests(new TestedFolder());

public sealed class FolderRecommendationTests() : RecommendationTests(new TestedFolder());
