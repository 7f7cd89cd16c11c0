using System.Text.Json.Nodes;
using CsCheck;
using Sextant.Search.Filters;
using Sextant.Tests.Search.Filters;

namespace Sextant.Tests.Search.Stores;

/// <summary>The contract, kept by any <c>Microsoft.Extensions.VectorData</c> store: here one whose keys are texts.</summary>
public sealed class VectorDataStoreTests : StoreContract, IDisposable
{
    private readonly MemoryVectorStore _store = new(typeof(string));

    protected override Task<SemanticSearchEngine> OpenAsync(string name, SemanticSearchEngineOptions options) =>
        SemanticSearchEngine.OpenAsync(_store, name, options);

    public void Dispose() => _store.Dispose();
}

/// <summary>The same where keys must be UUIDs.</summary>
public sealed class VectorDataWithUuidsTests : StoreContract, IDisposable
{
    private readonly MemoryVectorStore _store = new(typeof(Guid));

    protected override Task<SemanticSearchEngine> OpenAsync(string name, SemanticSearchEngineOptions options) =>
        SemanticSearchEngine.OpenAsync(_store, name, options);

    public void Dispose() => _store.Dispose();
}

public sealed class FilterEvaluatorTests
{
    [Fact]
    public void The_evaluator_says_the_same_as_the_reference() => Gen.Select(FilterGen.Filter, FilterGen.Metadata).Sample(
        (filter, metadata) => FilterEvaluator.IsMet(filter, metadata!.AsObject()) == FilterReference.Matches(filter, metadata.AsObject()),
        iter: 20_000,
        print: t => $"{t.Item1} on {t.Item2!.ToJsonString(FilterGen.Relaxed)}");

    [Fact]
    public void A_pattern_with_many_runs_takes_no_time()
    {
        FilterExpression filter = FilterExpression.Parse($"a like '{string.Concat(Enumerable.Repeat("%a", 50))}b'");

        Assert.False(FilterEvaluator.IsMet(filter, new JsonObject { ["a"] = new string('a', 5_000) }));
    }
}
