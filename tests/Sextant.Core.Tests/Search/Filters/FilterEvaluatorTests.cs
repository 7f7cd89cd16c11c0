using System.Text.Json.Nodes;
using CsCheck;
using Sextant.Search.Filters;
using Sextant.Tests.Shared.Filters;

namespace Sextant.Core.Tests.Search.Filters;

public sealed class FilterEvaluatorTests
{
    [Fact]
    public void Evaluator_agrees_with_the_reference() =>
        Gen.Select(FilterGen.Filter, FilterGen.Metadata)
            .Sample(
                (filter, metadata) =>
                    FilterEvaluator.Matches(filter, metadata!.AsObject()) == FilterReference.Matches(filter, metadata.AsObject()),
                iter: 20_000,
                print: t => $"{t.Item1} on {t.Item2!.ToJsonString(FilterGen.Relaxed)}"
            );

    [Fact]
    public void Pattern_with_many_wildcards_is_fast()
    {
        FilterExpression filter = FilterExpression.Parse($"a like '{string.Concat(Enumerable.Repeat("%a", 50))}b'");

        Assert.False(FilterEvaluator.Matches(filter, new JsonObject { ["a"] = new string('a', 5_000) }));
    }
}
