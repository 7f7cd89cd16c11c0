using CsCheck;
using Microsoft.Extensions.AI;
using Sextant.Embedding.Pipeline;
using Sextant.Tests.Shared.Models;

namespace Sextant.Embedding.Tests;

public sealed class OverflowTests
{
    [Fact]
    public async Task Text_over_the_limit_is_an_error_by_default()
    {
        using FakeGenerator model = Model();
        using IEmbeddingGenerator<string, Embedding<float>> pipeline = Wrap(model, OverflowPolicy.Error);
        InputException e = await Assert.ThrowsAsync<InputException>(() =>
            pipeline.GenerateAsync(["fits", "one two three four five six", "a b c d e f"])
        );
        Assert.Contains("text 2 of 3 has 6 tokens, and fake reads at most 4 (2 texts are too long)", e.Message, StringComparison.Ordinal);
        Assert.Empty(model.Requests);
    }

    [Fact]
    public async Task Text_at_the_limit_is_accepted()
    {
        using FakeGenerator model = Model();
        using IEmbeddingGenerator<string, Embedding<float>> pipeline = Wrap(model, OverflowPolicy.Error);
        Assert.Empty((await pipeline.GenerateAsync(["one two three four"])).GetOverflows());
    }

    [Fact]
    public async Task Prompt_counts_toward_the_limit()
    {
        using FakeGenerator model = Model(queryPrompt: "find this: ");
        using IEmbeddingGenerator<string, Embedding<float>> pipeline = Wrap(model, OverflowPolicy.Error);
        await pipeline.EmbedDocumentsAsync(["one two three four"]);
        InputException e = await Assert.ThrowsAsync<InputException>(() => pipeline.EmbedQueryAsync("one two three four"));
        Assert.Contains("reads at most 2", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Truncation_ends_at_a_word_and_is_reported()
    {
        using FakeGenerator model = Model();
        using var log = new FakeGenerator.Log();
        using IEmbeddingGenerator<string, Embedding<float>> pipeline = Wrap(model, OverflowPolicy.Truncate, log);
        GeneratedEmbeddings<Embedding<float>> generated = await pipeline.GenerateAsync(["", "short", "one two three four five six"]);
        Assert.Equal(["short", "one two three four"], model.Asked);
        Assert.Equal([new OverflowReport(2, 6, 4, OverflowPolicy.Truncate)], generated.GetOverflows());
        Assert.Contains("1 of 3 texts", Assert.Single(log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chunking_returns_the_weighted_mean_of_the_chunks_and_is_reported()
    {
        // Pieces of 4, 4 and 1 words; each vector says which word it begins with.
        using FakeGenerator model = Model(embed: text =>
            text[0] switch
            {
                'a' => [1, 0, 0, 0],
                'e' => [0, 1, 0, 0],
                _ => [0, 0, 1, 0],
            }
        );
        using var log = new FakeGenerator.Log();
        using IEmbeddingGenerator<string, Embedding<float>> pipeline = Wrap(model, OverflowPolicy.Chunk, log);
        GeneratedEmbeddings<Embedding<float>> generated = await pipeline.GenerateAsync(["x", "a b c d e f g h i"]);
        Assert.Equal(["x", "a b c d", "e f g h", "i"], model.Asked);
        float[] vector = generated[1].Vector.ToArray();
        Assert.Equal(4 / MathF.Sqrt(33), vector[0], 1e-6f);
        Assert.Equal(4 / MathF.Sqrt(33), vector[1], 1e-6f);
        Assert.Equal(1 / MathF.Sqrt(33), vector[2], 1e-6f);
        Assert.Equal(2, generated.Count);
        Assert.Equal([new OverflowReport(1, 9, 4, OverflowPolicy.Chunk)], generated.GetOverflows());
        Assert.Single(log.Lines);
    }

    [Fact]
    public async Task Estimated_token_count_rejects_nothing()
    {
        using FakeGenerator model = Model(exact: false);
        using IEmbeddingGenerator<string, Embedding<float>> pipeline = Wrap(model, OverflowPolicy.Error);
        await pipeline.GenerateAsync(["one two three four five six"]);
        Assert.Single(model.Requests);
    }

    [Fact]
    public void Chunks_fit_the_limit_and_lose_only_white_space() =>
        Gen.Select(
                Gen.OneOf(Gen.Const(" "), Gen.Const("  "), Gen.String[Gen.Char['a', 'e'], 1, 9], Gen.Const("\ud83d\ude00")).Array[0, 80],
                Gen.Int[1, 12]
            )
            .Sample(
                (parts, limit) =>
                {
                    string text = string.Concat(parts);
                    var counter = new FakeGenerator.WordCounter();
                    string[] pieces = [.. TokenFit.Split(counter, text, limit)];
                    Assert.All(pieces, piece => Assert.InRange(counter.Count(piece), 1, limit));
                    Assert.Equal(
                        text.Replace(" ", "", StringComparison.Ordinal),
                        string.Concat(pieces).Replace(" ", "", StringComparison.Ordinal)
                    );
                }
            );

    [Fact]
    public void Word_without_gaps_is_split_between_grapheme_clusters()
    {
        // Four family emoji of eleven units each, and a counter that calls every unit a token.
        const string Family = "\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67\u200d\ud83d\udc66";
        string text = string.Concat(Enumerable.Repeat(Family, 4));
        Assert.Equal(2 * Family.Length, TokenFit.PrefixLength(new UnitCounter(), text, (2 * Family.Length) + 5));
        // Even one that does not fit is taken whole: half of it would be another character, and nothing would never end.
        Assert.Equal(Family.Length, TokenFit.PrefixLength(new UnitCounter(), text, 3));
    }

    [Theory]
    [InlineData(1, 12)]
    [InlineData(2, 25)]
    [InlineData(3, 38)]
    public void Word_with_fewer_tokens_than_its_prefix_is_kept(int maxTokens, int length)
    {
        const string Text = "unbelievable unbelievable unbelievable unbelievable";
        Assert.Equal(length, TokenFit.PrefixLength(new WholeWordCounter(), Text, maxTokens));
        Assert.All(TokenFit.Split(new WholeWordCounter(), Text, 1), piece => Assert.Equal("unbelievable", piece));
    }

    private static FakeGenerator Model(string queryPrompt = "", bool exact = true, Func<string, float[]>? embed = null) =>
        new()
        {
            Profile = new ModelProfile
            {
                Name = "fake",
                Provider = "test",
                Dimensions = 4,
                MaxTokens = 4,
                QueryPrompt = queryPrompt,
            },
            Counter = new FakeGenerator.WordCounter(exact),
            Embed = embed ?? FakeGenerator.VectorOf,
        };

    private static IEmbeddingGenerator<string, Embedding<float>> Wrap(
        FakeGenerator model,
        OverflowPolicy overflow,
        FakeGenerator.Log? log = null
    ) =>
        EmbeddingPipeline.Wrap(
            model,
            new EmbeddingPipelineOptions
            {
                UseCache = false,
                Overflow = overflow,
                LoggerFactory = log,
            }
        );

    /// <summary>Knows one word, and has a token for each letter of any other.</summary>
    private sealed class WholeWordCounter : Sextant.Tokenizers.ITokenCounter
    {
        public bool IsExact => true;

        public int Count(ReadOnlySpan<char> text) =>
            text.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries).Sum(word => word == "unbelievable" ? 1 : word.Length);
    }

    private sealed class UnitCounter : Sextant.Tokenizers.ITokenCounter
    {
        public bool IsExact => true;

        public int Count(ReadOnlySpan<char> text) => text.Length;
    }
}
