using Sextant.ConformanceTests;
using Sextant.Tests.Shared;

namespace Sextant.VectorData.Tests;

/// <summary>Collections in any <c>Microsoft.Extensions.VectorData</c> store: here one in memory with keys of one type.</summary>
public sealed class TestedVectorStore(Type keyType) : TestedStore
{
    private readonly MemoryVectorStore _store = new(keyType);

    public override Task<SemanticSearchEngine> OpenAsync(string name, SemanticSearchEngineOptions options) =>
        SemanticSearchEngine.OpenAsync(_store, name, options);

    public override ValueTask DisposeAsync()
    {
        _store.Dispose();
        return base.DisposeAsync();
    }
}

/// <summary>Collections in our own vector store, so in folders, through both adapters: what one requests, the other provides.</summary>
public sealed class TestedAdapters : TestedStore
{
    private readonly TempFolder _folder = new();
    private readonly SextantVectorStore _store;

    public TestedAdapters() => _store = new(_folder.Path);

    public override bool UsesRankFusion => false;

    public override Task<SemanticSearchEngine> OpenAsync(string name, SemanticSearchEngineOptions options) =>
        SemanticSearchEngine.OpenAsync(_store, name, options);

    public override ValueTask DisposeAsync()
    {
        _store.Dispose();
        _folder.Dispose();
        return base.DisposeAsync();
    }
}

public sealed class TextKeyDocumentTests() : DocumentTests(new TestedVectorStore(typeof(string)));

public sealed class TextKeyRoundTripTests() : RoundTripTests(new TestedVectorStore(typeof(string)));

public sealed class TextKeyRankingTests() : RankingTests(new TestedVectorStore(typeof(string)));

public sealed class TextKeyFilterTests() : FilterTests(new TestedVectorStore(typeof(string)));

public sealed class TextKeyKeywordTests() : KeywordTests(new TestedVectorStore(typeof(string)));

public sealed class TextKeyStageTests() : StageTests(new TestedVectorStore(typeof(string)));

public sealed class TextKeyConcurrencyTests() : ConcurrencyTests(new TestedVectorStore(typeof(string)));

public sealed class TextKeyIndexingTests() : IndexingTests(new TestedVectorStore(typeof(string)));

public sealed class TextKeyMetricTests() : MetricTests(new TestedVectorStore(typeof(string)));

public sealed class UuidKeyDocumentTests() : DocumentTests(new TestedVectorStore(typeof(Guid)));

public sealed class UuidKeyRoundTripTests() : RoundTripTests(new TestedVectorStore(typeof(Guid)));

public sealed class UuidKeyRankingTests() : RankingTests(new TestedVectorStore(typeof(Guid)));

public sealed class UuidKeyFilterTests() : FilterTests(new TestedVectorStore(typeof(Guid)));

public sealed class UuidKeyKeywordTests() : KeywordTests(new TestedVectorStore(typeof(Guid)));

public sealed class UuidKeyStageTests() : StageTests(new TestedVectorStore(typeof(Guid)));

public sealed class UuidKeyConcurrencyTests() : ConcurrencyTests(new TestedVectorStore(typeof(Guid)));

public sealed class UuidKeyIndexingTests() : IndexingTests(new TestedVectorStore(typeof(Guid)));

public sealed class AdaptersDocumentTests() : DocumentTests(new TestedAdapters());

public sealed class AdaptersRoundTripTests() : RoundTripTests(new TestedAdapters());

public sealed class AdaptersRankingTests() : RankingTests(new TestedAdapters());

public sealed class AdaptersFilterTests() : FilterTests(new TestedAdapters());

public sealed class AdaptersKeywordTests() : KeywordTests(new TestedAdapters());

public sealed class AdaptersStageTests() : StageTests(new TestedAdapters());

public sealed class AdaptersConcurrencyTests() : ConcurrencyTests(new TestedAdapters());

public sealed class AdaptersIndexingTests() : IndexingTests(new TestedAdapters());

public sealed class AdaptersMetricTests() : MetricTests(new TestedAdapters());

public sealed class TextKeyFacetTests() : FacetTests(new TestedVectorStore(typeof(string)));

public sealed class TextKeyGroupTests() : GroupTests(new TestedVectorStore(typeof(string)));

public sealed class AdaptersFacetTests() : FacetTests(new TestedAdapters());

public sealed class AdaptersGroupTests() : GroupTests(new TestedAdapters());

public sealed class TextKeyBrowsingTests() : BrowsingTests(new TestedVectorStore(typeof(string)));

public sealed class AdaptersBrowsingTests() : BrowsingTests(new TestedAdapters());

public sealed class TextKeySelectionTests() : SelectionTests(new TestedVectorStore(typeof(string)));

public sealed class TextKeyRecommendationTests() : RecommendationTests(new TestedVectorStore(typeof(string)));

public sealed class AdaptersSelectionTests() : SelectionTests(new TestedAdapters());

public sealed class AdaptersRecommendationTests() : RecommendationTests(new TestedAdapters());
