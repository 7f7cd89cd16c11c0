using CsCheck;
using Sextant.Search;

namespace Sextant.Core.Tests.Search;

public sealed class RankFusionTests
{
    [Fact]
    public void Fused_score_is_a_weighted_sum()
    {
        // The last cosine is 0.2: 0.6 is half of the way to 1. Of a weight of 10 + 5 the first word has 9 / 15.
        IReadOnlyList<FusedRank> fused = RankFusion.Fuse([(1, 0.6f), (2, 0.2f)], [(2, 9f), (3, 1.5f)], 10);

        Assert.Equal([1, 2, 3], fused.Select(item => item.Key));
        Assert.Equal(0.6 * 0.5, fused[0].Score, 6);
        Assert.Equal(0.4 * 0.6, fused[1].Score, 6);
        Assert.Equal(0.4 * 0.1, fused[2].Score, 6);
        Assert.Equal([(1, null), (2, 1), (null, 2)], fused.Select(item => (item.SemanticRank, item.KeywordRank)));
    }

    [Fact]
    public void Models_with_a_narrow_range_of_cosines_rank_the_same()
    {
        (long, float)[] words = [(3, 6f), (1, 2f)];
        (long, float)[] wide = [(1, 0.7f), (2, 0.4f), (3, 0.1f)],
            narrow = [.. wide.Select(one => (one.Item1, 0.8f + (0.2f * one.Item2)))];

        Assert.All(
            RankFusion.Fuse(wide, words, 8).Zip(RankFusion.Fuse(narrow, words, 8)),
            pair =>
            {
                Assert.Equal(pair.First.Key, pair.Second.Key);
                Assert.Equal(pair.First.Score, pair.Second.Score, 5);
            }
        );
    }

    [Fact]
    public void Items_of_a_single_ranking_keep_their_order()
    {
        Assert.Equal([5, 9, 2], RankFusion.Fuse([(5, 0.9f), (9, 0.9f), (2, 0.1f)], [], 0).Select(item => item.Key));
        Assert.Equal([5, 9, 2], RankFusion.Fuse([], [(5, 3f), (9, 3f), (2, 1e-6f)], 1e-6).Select(item => item.Key));
        Assert.Equal([4, 3], RankFusion.Fuse([(4, 1f), (3, 1f)], [], 0).Select(item => item.Key));
        Assert.Empty(RankFusion.Fuse([], [], 0));
    }

    [Fact]
    public void Deeper_candidates_do_not_change_earlier_ranks()
    {
        (long, float)[] near = [.. Enumerable.Range(0, 400).Select(i => ((long)i, 1 - (i / 500f)))],
            words = [.. Enumerable.Range(0, 400).Select(i => ((long)((i * 7) % 500), 20 - (i / 30f)))];

        IReadOnlyList<FusedRank> whole = RankFusion.Fuse(near, words, 12),
            first = RankFusion.Fuse(near[..RankFusion.Depth], words[..RankFusion.Depth], 12);

        long[] counted = [.. first.Where(item => item.Score > 0).Select(item => item.Key)];
        Assert.Equal(counted, whole.Where(item => item.Score > 0).Select(item => item.Key));
        Assert.InRange(counted.Length, RankFusion.Depth, 2 * RankFusion.Depth);
    }

    [Fact]
    public void Every_item_appears_once_in_descending_score_order() =>
        Gen.Select(Gen.Long[0, 50].HashSet[0, 20], Gen.Long[0, 50].HashSet[0, 20], Gen.Double[0, 30])
            .Sample(
                (near, words, weight) =>
                {
                    IReadOnlyList<FusedRank> fused = RankFusion.Fuse(
                        [.. near.Select((key, i) => (key, 0.9f - (0.05f * i)))],
                        [.. words.Select((key, i) => (key, 20f - i))],
                        weight
                    );
                    return fused.Select(item => item.Key).Order().SequenceEqual(near.Union(words).Order())
                        && fused.All(item => item.Score is >= 0 and <= 1)
                        && fused.Zip(fused.Skip(1)).All(pair => pair.First.Score >= pair.Second.Score);
                }
            );
}
