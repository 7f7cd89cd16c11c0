using Sextant.Training.Data;
using Sextant.Training.Numerics;
using Sextant.Training.Recipes;

namespace Sextant.Training.Tests.Recipes;

public class WordSamplesTests
{
    private const string Text = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen";

    [Fact]
    public void Both_samples_are_proper_subsequences_of_the_words()
    {
        for (ulong seed = 1; seed < 50; seed++)
        {
            foreach (PairRow pair in WordSamples.Create([Row(Text, "short")], new SeededRandom(seed)))
            {
                foreach (string sample in new[] { pair.Anchor, pair.Positive })
                {
                    string[] words = sample.Split(' ');
                    int[] places = Array.ConvertAll(words, word => Array.IndexOf(Text.Split(' '), word));
                    Assert.Equal(places.Order(), places);
                    Assert.DoesNotContain(-1, places);
                    Assert.InRange(words.Length, 4, 15);
                }
            }
        }
    }

    [Fact]
    public void Seed_determines_the_samples()
    {
        PairRow[] Draw(ulong seed) => [.. WordSamples.Create([Row(Text, Text + " seventeen")], new SeededRandom(seed))];
        Assert.NotEmpty(Draw(1));
        Assert.Equal(Draw(1), Draw(1));
        Assert.NotEqual(Draw(1), Draw(2));
    }

    [Fact]
    public void Short_texts_yield_no_pair_and_equal_texts_are_used_once()
    {
        string longText = string.Join(' ', Enumerable.Range(0, 100));
        Assert.Empty(WordSamples.Create([Row("a text of few words", "another")], new SeededRandom(1)));
        Assert.Equal(2, WordSamples.Create([Row(longText, longText), Row(longText, "x")], new SeededRandom(1)).Count());
    }

    private static PairRow Row(string anchor, string positive) => new(anchor, positive, [], null, 1);
}
