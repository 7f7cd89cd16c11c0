using CsCheck;
using Sextant.Training.Data;

namespace Sextant.Training.Tests.Data;

public class BatchSamplerTests
{
    private static readonly PairSource[] Sources =
    [
        new("a", [.. Enumerable.Range(0, 100).Select(i => new TrainingPair(i, i))]),
        new("b", [.. Enumerable.Range(1000, 40).Select(i => new TrainingPair(i, i))], Weight: 2.5),
    ];

    [Fact]
    public void Every_batch_has_one_source_and_an_epoch_repeats_pairs_by_weight()
    {
        IReadOnlyList<TrainingPair[]> batches = new BatchSampler(Sources, 16, 7).Pass(0);
        Assert.All(batches, batch => Assert.Single(batch.Select(pair => pair.Anchor >= 1000).Distinct()));
        Assert.All(batches.SelectMany(b => b).Where(p => p.Anchor < 1000).CountBy(p => p.Anchor), pair => Assert.Equal(1, pair.Value));
        Assert.All(
            batches.SelectMany(b => b).Where(p => p.Anchor >= 1000).CountBy(p => p.Anchor),
            pair => Assert.InRange(pair.Value, 2, 3)
        );
        Assert.Equal(200, batches.Sum(batch => batch.Length));
    }

    [Fact]
    public void Distinct_batches_contain_every_pair_once_and_no_text_twice() =>
        Gen.Select(Gen.Int[0, 12], Gen.Int[20, 32])
            .Select((a, p) => new TrainingPair(a, p))
            .List[0, 60]
            .Select(Gen.Int[2, 9])
            .Sample(
                (pairs, size) =>
                {
                    List<TrainingPair[]> batches = [.. DistinctBatches.Cut(pairs, size)];
                    Assert.Equal(pairs.Order(Comparer), batches.SelectMany(batch => batch).Order(Comparer));
                    Assert.All(batches, batch => Assert.InRange(batch.Length, 1, size));
                    // Those left alone all share a text with those they waited for, so a first batch of distinct ones is as full as can be.
                    TrainingPair[] first = batches.Count > 0 ? batches[0] : [];
                    Assert.True(
                        first.Length == size
                            || !IsDistinct(first)
                            || pairs.All(pair => first.Contains(pair) || !IsDistinct([.. first, pair]))
                    );
                }
            );

    [Fact]
    public void Distinct_pairs_are_batched_in_order() =>
        Assert.Equal(Sources[0].Pairs.Chunk(16), DistinctBatches.Cut(Sources[0].Pairs, 16));

    private static readonly Comparer<TrainingPair> Comparer = Comparer<TrainingPair>.Create(
        (a, b) => (a.Anchor, a.Positive).CompareTo((b.Anchor, b.Positive))
    );

    private static bool IsDistinct(TrainingPair[] batch)
    {
        int[] texts = [.. batch.SelectMany(pair => new[] { pair.Anchor, pair.Positive })];
        return texts.Length == texts.Distinct().Count();
    }

    [Fact]
    public void Seed_and_epoch_determine_the_order()
    {
        var sampler = new BatchSampler(Sources, 16, 7);
        Assert.Equal(sampler.Pass(1).SelectMany(b => b), new BatchSampler(Sources, 16, 7).Pass(1).SelectMany(b => b));
        Assert.NotEqual(sampler.Pass(0).SelectMany(b => b), sampler.Pass(1).SelectMany(b => b));
        Assert.NotEqual(sampler.Pass(0).SelectMany(b => b), new BatchSampler(Sources, 16, 8).Pass(0).SelectMany(b => b));
    }
}
