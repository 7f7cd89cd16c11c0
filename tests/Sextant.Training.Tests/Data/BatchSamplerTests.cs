using Sextant.Training.Data;

namespace Sextant.Training.Tests.Data;

public class BatchSamplerTests
{
    private static readonly PairSource[] Sources =
        [new("a", [.. Enumerable.Range(0, 100).Select(i => new TrainingPair(i, i))]),
         new("b", [.. Enumerable.Range(1000, 40).Select(i => new TrainingPair(i, i))], Weight: 2.5)];

    [Fact]
    public void Every_batch_is_of_one_source_and_a_pass_sees_each_pair_as_often_as_its_weight_says()
    {
        IReadOnlyList<TrainingPair[]> batches = new BatchSampler(Sources, 16, 7).Pass(0);
        Assert.All(batches, batch => Assert.Single(batch.Select(pair => pair.Anchor >= 1000).Distinct()));
        Assert.All(batches.SelectMany(b => b).Where(p => p.Anchor < 1000).CountBy(p => p.Anchor), pair => Assert.Equal(1, pair.Value));
        Assert.All(batches.SelectMany(b => b).Where(p => p.Anchor >= 1000).CountBy(p => p.Anchor), pair => Assert.InRange(pair.Value, 2, 3));
        Assert.Equal(200, batches.Sum(batch => batch.Length));
    }

    [Fact]
    public void The_seed_and_the_pass_decide_the_order()
    {
        var sampler = new BatchSampler(Sources, 16, 7);
        Assert.Equal(sampler.Pass(1).SelectMany(b => b), new BatchSampler(Sources, 16, 7).Pass(1).SelectMany(b => b));
        Assert.NotEqual(sampler.Pass(0).SelectMany(b => b), sampler.Pass(1).SelectMany(b => b));
        Assert.NotEqual(sampler.Pass(0).SelectMany(b => b), new BatchSampler(Sources, 16, 8).Pass(0).SelectMany(b => b));
    }
}
