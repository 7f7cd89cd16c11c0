using Sextant.Embedding;
using Sextant.Models.Safetensors;
using Sextant.Training.Data;
using Sextant.Training.Mining;
using Sextant.Training.Numerics;
using Sextant.Training.Runs;

namespace Sextant.Training.Tests.Mining;

public class NegativeMinerTests
{
    /// <summary>Twenty pairs (i, 100 + i); text 100 + i is at i degrees, anchor i at i + 0.4 degrees.</summary>
    private static List<PairSource> Sources => [new("pairs", [.. Enumerable.Range(0, 20).Select(i => new TrainingPair(i, 100 + i))])];

    [Fact]
    public void Nearest_texts_outside_the_pair_are_mined()
    {
        List<PairSource> sources = Sources;
        (MinedNegatives mined, int random) = Mine(
            sources,
            new MiningOptions
            {
                Negatives = 2,
                Depth = 10,
                Margin = 0,
            }
        );
        Assert.Equal(0, random);
        Assert.Equal([111, 109], mined.Get(sources[0].Pairs[10]));
    }

    [Fact]
    public void The_nearest_ranks_can_be_skipped()
    {
        List<PairSource> sources = Sources;
        (MinedNegatives mined, _) = Mine(
            sources,
            new MiningOptions
            {
                Negatives = 2,
                SkipNearest = 2,
                Depth = 10,
                Margin = 0,
            }
        );
        Assert.Equal([112, 108], mined.Get(sources[0].Pairs[10]));
    }

    [Fact]
    public void Too_similar_texts_are_skipped_and_missing_negatives_are_random_texts_outside_the_pair()
    {
        List<PairSource> sources = Sources;
        // The pair's cosine is cos 0.4°; half a percent less is the cosine of 5.7°.
        (MinedNegatives mined, int random) = Mine(
            sources,
            new MiningOptions
            {
                Negatives = 3,
                Depth = 10,
                Margin = 0.005f,
            }
        );
        Assert.All(mined.Get(sources[0].Pairs[0]), text => Assert.True(text > 105));
        Assert.True(random > 0);
        Assert.All(sources[0].Pairs, pair => Assert.DoesNotContain(pair.Positive, mined.Get(pair)));
    }

    [Fact]
    public void No_positive_of_an_anchor_is_mined()
    {
        List<PairSource> sources = [new("pairs", [.. Sources[0].Pairs, new TrainingPair(10, 111), new TrainingPair(10, 109)])];
        (MinedNegatives mined, _) = Mine(
            sources,
            new MiningOptions
            {
                Negatives = 2,
                Depth = 10,
                Margin = 0,
            }
        );
        Assert.Equal([112, 108], mined.Get(sources[0].Pairs[10]));
    }

    [Fact]
    public void Equal_texts_leave_nothing_to_mine() =>
        Assert.Throws<InputException>(() => Mine([new("pairs", [new(1, 100), new(2, 100)])], new MiningOptions()));

    private static (MinedNegatives Mined, int Random) Mine(List<PairSource> sources, MiningOptions options) =>
        NegativeMiner.Mine(sources, new Circle(), options, 7, TestContext.Current.CancellationToken);

    /// <summary>Places texts on a circle.</summary>
    private sealed class Circle : ITrainedEncoder
    {
        public int Dimensions => 2;

        public long Steps => 0;

        public EmbeddingMatrix Embed(int[] texts, EmbeddingRole role)
        {
            var rows = new EmbeddingMatrix(texts.Length, 2);
            for (int i = 0; i < texts.Length; i++)
            {
                double angle = (texts[i] % 100 + (role == EmbeddingRole.Query ? 0.4 : 0)) * Math.PI / 180;
                (rows[i][0], rows[i][1]) = ((float)Math.Cos(angle), (float)Math.Sin(angle));
            }

            return rows;
        }

        public EmbeddingMatrix Forward(int[] texts, int queries, SeededRandom random, ParallelOptions parallel) =>
            throw new NotSupportedException();

        public void Backward(EmbeddingMatrix gradients, float rate, ParallelOptions parallel) => throw new NotSupportedException();

        public void Save(SafetensorsWriter file) => throw new NotSupportedException();

        public void Restore(SafetensorsFile file, long steps) => throw new NotSupportedException();
    }
}
