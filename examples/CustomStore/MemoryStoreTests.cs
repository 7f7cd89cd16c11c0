using Sextant;
using Sextant.ConformanceTests;

namespace CustomStore;

public sealed class TestedMemory : TestedStore
{
    private readonly MemoryProvider _provider = new();

    public override Task<SemanticSearchEngine> OpenAsync(string name, SemanticSearchEngineOptions options) =>
        SemanticSearchEngine.OpenAsync($"memory:#{name}", options with { CollectionProviders = [_provider] });
}

public sealed class MemoryDocumentTests() : DocumentTests(new TestedMemory());

public sealed class MemoryRoundTripTests() : RoundTripTests(new TestedMemory());

public sealed class MemoryRankingTests() : RankingTests(new TestedMemory());

public sealed class MemoryFilterTests() : FilterTests(new TestedMemory());

public sealed class MemoryKeywordTests() : KeywordTests(new TestedMemory());

public sealed class MemoryStageTests() : StageTests(new TestedMemory());

public sealed class MemoryConcurrencyTests() : ConcurrencyTests(new TestedMemory());

public sealed class MemoryIndexingTests() : IndexingTests(new TestedMemory());
