using CsCheck;
using Sextant.Search;

namespace Sextant.Tests.Search;

public sealed class RankFusionTests
{
    [Fact]
    public void An_item_high_in_both_rankings_comes_before_one_that_leads_a_single_one() =>
        Assert.Equal([2, 1, 4, 3], Keys([1L, 2, 3], [4L, 2]));

    [Fact]
    public void Sums_follow_the_formula_with_k_60()
    {
        // 1/61 + 1/63 = 0.03227 for item 7 against 1/62 + 1/62 = 0.03226 for item 8.
        Assert.Equal([7, 8], Keys([7L, 8], [9L, 8, 7]).Where(k => k != 9));
    }

    [Fact]
    public void Equal_sums_come_in_the_order_of_keys() => Assert.Equal([3, 9], Keys([9L], [3L]));

    [Fact]
    public void Every_item_of_every_ranking_comes_once() =>
        Gen.Select(Gen.Long[0, 50].HashSet[0, 20], Gen.Long[0, 50].HashSet[0, 20]).Sample((near, words) =>
            Keys(near, words).Order().SequenceEqual(near.Union(words).Order()));

    private static IEnumerable<long> Keys(IEnumerable<long> near, IEnumerable<long> words) => RankFusion.Fuse(near, words).Select(item => item.Key);
}
