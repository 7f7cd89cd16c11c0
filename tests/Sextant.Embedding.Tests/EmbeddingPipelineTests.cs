using CsCheck;
using Microsoft.Extensions.AI;
using Sextant.Embedding.Pipeline;
using Sextant.Tests.Shared.Models;

namespace Sextant.Embedding.Tests;

public sealed class EmbeddingPipelineTests
{
    private static readonly EmbeddingPipelineOptions NoCache = new() { UseCache = false };

    [Fact]
    public async Task Vectors_are_in_order_and_have_length_1()
    {
        using var model = new FakeGenerator();
        using IEmbeddingGenerator<string, Embedding<float>> pipeline = EmbeddingPipeline.Wrap(model, NoCache);
        string[] texts = ["one", "three", "two"];
        GeneratedEmbeddings<Embedding<float>> generated = await pipeline.GenerateAsync(texts);
        for (int i = 0; i < texts.Length; i++)
        {
            AssertSameDirection(FakeGenerator.VectorOf(texts[i]), generated[i]);
        }

        Assert.Equal(11, generated.Usage!.InputTokenCount);
    }

    [Fact]
    public async Task Unnormalized_model_keeps_its_vector_lengths()
    {
        using var model = new FakeGenerator
        {
            Profile = new()
            {
                Name = "raw",
                Provider = "test",
                Dimensions = 4,
                Normalized = false,
            },
        };
        using IEmbeddingGenerator<string, Embedding<float>> pipeline = EmbeddingPipeline.Wrap(model, NoCache);
        Assert.Equal(FakeGenerator.VectorOf("abc"), (await pipeline.GenerateAsync(["abc"]))[0].Vector.ToArray());
    }

    [Theory]
    [InlineData("a\r\nb\nc\rd", "a b c d")]
    [InlineData("tab\there\0!\u0085\u2028", "tab here !  ")]
    [InlineData("kept \ud83d\ude00  twice", "kept \ud83d\ude00  twice")]
    public async Task Texts_are_cleaned_before_they_are_sent(string text, string expected)
    {
        using var model = new FakeGenerator();
        using IEmbeddingGenerator<string, Embedding<float>> pipeline = EmbeddingPipeline.Wrap(model, NoCache);
        await pipeline.GenerateAsync([text]);
        Assert.Equal([expected], model.Asked);
    }

    [Fact]
    public void Lone_surrogates_are_replaced() =>
        Assert.Equal("lone \ufffd surrogate \ufffd", CleaningEmbeddingGenerator.Clean("lone \ud83d surrogate \ude00"));

    [Fact]
    public async Task Null_text_throws_and_no_texts_return_no_vectors()
    {
        using var model = new FakeGenerator();
        using IEmbeddingGenerator<string, Embedding<float>> pipeline = EmbeddingPipeline.Wrap(model, NoCache);
        ArgumentException e = await Assert.ThrowsAsync<ArgumentException>(() => pipeline.GenerateAsync(["a", null!]));
        Assert.Contains("index 1", e.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentNullException>(() => pipeline.GenerateAsync((IEnumerable<string>)null!));
        Assert.Empty(await pipeline.GenerateAsync(Array.Empty<string>()));
        Assert.Empty(model.Requests);
    }

    [Fact]
    public async Task Empty_texts_are_zero_vectors_and_never_sent()
    {
        using var model = new FakeGenerator();
        using IEmbeddingGenerator<string, Embedding<float>> pipeline = EmbeddingPipeline.Wrap(model, NoCache);
        GeneratedEmbeddings<Embedding<float>> generated = await pipeline.GenerateAsync(["", "abc", " \n", "d"]);
        Assert.Equal(["abc", "d"], model.Asked);
        Assert.Equal(new float[4], generated[0].Vector.ToArray());
        AssertSameDirection(FakeGenerator.VectorOf("abc"), generated[1]);
        Assert.Equal(new float[4], generated[2].Vector.ToArray());
        AssertSameDirection(FakeGenerator.VectorOf("d"), generated[3]);
        Assert.Equal(new float[4], (await pipeline.GenerateAsync([""]))[0].Vector.ToArray());
    }

    [Fact]
    public async Task Model_that_accepts_empty_texts_receives_them()
    {
        using var model = new FakeGenerator { Limits = new() { AcceptsEmptyText = true } };
        using IEmbeddingGenerator<string, Embedding<float>> pipeline = EmbeddingPipeline.Wrap(model, NoCache);
        await pipeline.GenerateAsync([""]);
        Assert.Equal([""], model.Asked);
    }

    [Fact]
    public async Task Prompt_of_the_role_is_prepended()
    {
        using var model = new FakeGenerator
        {
            Profile = new()
            {
                Name = "p",
                Provider = "test",
                Dimensions = 4,
                QueryPrompt = "query: ",
                DocumentPrompt = "passage: ",
            },
        };
        using IEmbeddingGenerator<string, Embedding<float>> pipeline = EmbeddingPipeline.Wrap(model, NoCache);
        await pipeline.EmbedQueryAsync("why");
        await pipeline.EmbedDocumentsAsync(["because"]);
        await pipeline.GenerateAsync(["plain"]);
        Assert.Equal(["query: why", "passage: because", "passage: plain"], model.Asked);
        Assert.Equal(
            [EmbeddingRole.Query, EmbeddingRole.Document, EmbeddingRole.Document],
            model.Requests.Select(r => r.Options.GetRole())
        );
    }

    [Fact]
    public async Task Vectors_are_truncated_and_normalized()
    {
        using var model = new FakeGenerator { Embed = _ => [3, 4, 12, 84] };
        using IEmbeddingGenerator<string, Embedding<float>> pipeline = EmbeddingPipeline.Wrap(model, NoCache with { Dimensions = 3 });
        AssertClose([3 / 13f, 4 / 13f, 12 / 13f], (await pipeline.GenerateAsync(["x"]))[0].Vector.ToArray());
        AssertClose([0.6f, 0.8f], (await pipeline.EmbedQueryAsync("x", dimensions: 2)).ToArray());
        AssertClose([0.6f, 0.8f], (await pipeline.EmbedDocumentsAsync(["x"], dimensions: 2))[0].Vector.ToArray());
        Assert.All(model.Requests, request => Assert.Null(request.Options?.Dimensions));
        Assert.Equal(3, pipeline.GetService<ModelProfile>()!.Dimensions);
        Assert.NotEqual(model.Profile!.Fingerprint, pipeline.GetService<ModelProfile>()!.Fingerprint);
    }

    [Fact]
    public void Full_dimensions_change_nothing()
    {
        using var model = new FakeGenerator
        {
            Profile = new()
            {
                Name = "raw",
                Provider = "test",
                Dimensions = 4,
                Normalized = false,
            },
        };
        using IEmbeddingGenerator<string, Embedding<float>> pipeline = EmbeddingPipeline.Wrap(model, NoCache with { Dimensions = 4 });
        Assert.Equal(model.Profile!.Fingerprint, pipeline.GetService<ModelProfile>()!.Fingerprint);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(5)]
    public async Task Unsupported_dimensions_are_rejected_with_the_supported_ones(int dimensions)
    {
        using var model = new FakeGenerator
        {
            Profile = new()
            {
                Name = "fake",
                Provider = "test",
                Dimensions = 4,
                MatryoshkaDimensions = [4, 2],
            },
        };
        InputException e = Assert.Throws<InputException>(() => EmbeddingPipeline.Wrap(model, NoCache with { Dimensions = dimensions }));
        Assert.Contains("fake returns vectors of 4 dimensions (trained for 4, 2)", e.Message, StringComparison.Ordinal);
        using IEmbeddingGenerator<string, Embedding<float>> pipeline = EmbeddingPipeline.Wrap(model, NoCache);
        await Assert.ThrowsAsync<InputException>(() => pipeline.EmbedQueryAsync("x", dimensions));
        Assert.Empty(model.Requests);
    }

    [Fact]
    public async Task Model_without_a_profile_is_still_truncated_checked_and_normalized()
    {
        using var model = new FakeGenerator
        {
            Profile = null,
            Limits = null,
            Embed = _ => [3, 4, 0],
        };
        using IEmbeddingGenerator<string, Embedding<float>> pipeline = EmbeddingPipeline.Wrap(model);
        AssertClose([0.6f, 0.8f], (await pipeline.EmbedQueryAsync("x", 2)).ToArray());
        await Assert.ThrowsAsync<InputException>(() => pipeline.EmbedQueryAsync("x", 4));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public async Task Nonfinite_vector_is_rejected(float value)
    {
        using var model = new FakeGenerator { Embed = text => text == "bad" ? [1, value, 0, 0] : [1, 0, 0, 0] };
        using IEmbeddingGenerator<string, Embedding<float>> pipeline = EmbeddingPipeline.Wrap(model, NoCache);
        SextantException e = await Assert.ThrowsAsync<SextantException>(() => pipeline.GenerateAsync(["good", "bad"]));
        Assert.Contains("text 2", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Vector_of_other_dimensions_than_the_profile_is_rejected()
    {
        using var model = new FakeGenerator { Embed = _ => [1, 2] };
        using IEmbeddingGenerator<string, Embedding<float>> pipeline = EmbeddingPipeline.Wrap(model, NoCache);
        SextantException e = await Assert.ThrowsAsync<SextantException>(() => pipeline.GenerateAsync(["x"]));
        Assert.Contains("2 dimensions, expected 4", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pipeline_is_not_wrapped_twice_and_disposes_its_model()
    {
        using var model = new FakeGenerator();
        IEmbeddingGenerator<string, Embedding<float>> pipeline = EmbeddingPipeline.Wrap(model, NoCache);
        Assert.Throws<ArgumentException>(() => EmbeddingPipeline.Wrap(pipeline));
        await pipeline.GenerateAsync(["x"]);
        pipeline.Dispose();
        Assert.True(model.Disposed);
    }

    [Fact]
    public async Task Canceling_stops_between_batches()
    {
        using var stop = new CancellationTokenSource();
        using var model = new FakeGenerator
        {
            Limits = new() { MaxTexts = 1 },
            Before = (texts, _) => texts[0] == "b" ? stop.CancelAsync() : Task.CompletedTask,
        };
        using IEmbeddingGenerator<string, Embedding<float>> pipeline = EmbeddingPipeline.Wrap(model, NoCache);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            pipeline.GenerateAsync(["a", "b", "c"], cancellationToken: stop.Token)
        );
        Assert.Equal(["a", "b"], model.Asked);
    }

    [Fact]
    public void Batches_respect_limits_contain_each_text_once_and_are_sorted_by_length() =>
        Gen.Select(Gen.Int[0, 30].Array[1, 60], Gen.Int[1, 10], Gen.Int[1, 40])
            .Sample(
                (lengths, maxTexts, maxTokens) =>
                {
                    string[] texts = [.. lengths.Select(length => string.Join(' ', Enumerable.Repeat("w", length)))];
                    using var model = new FakeGenerator();
                    using var batching = new BatchingEmbeddingGenerator(
                        model,
                        new EmbeddingLimits { MaxTexts = maxTexts, MaxTokens = maxTokens },
                        new FakeGenerator.WordCounter()
                    );
                    List<int[]> batches = batching.Pack(texts);
                    Assert.Equal(Enumerable.Range(0, texts.Length), batches.SelectMany(b => b).Order());
                    foreach (int[] batch in batches)
                    {
                        Assert.InRange(batch.Length, 1, maxTexts);
                        Assert.True(batch.Length == 1 || batch.Sum(i => lengths[i]) <= maxTokens);
                    }

                    if (batches.Count > 1)
                    {
                        int[] sent = [.. batches.SelectMany(b => b).Select(i => lengths[i])];
                        Assert.Equal(sent.OrderDescending(), sent);
                    }
                }
            );

    [Fact]
    public async Task Concurrent_batches_return_in_order_with_summed_usage()
    {
        using var model = new FakeGenerator
        {
            Limits = new()
            {
                MaxTexts = 3,
                MaxTokens = 40,
                MaxConcurrency = 4,
            },
        };
        using IEmbeddingGenerator<string, Embedding<float>> pipeline = EmbeddingPipeline.Wrap(model, NoCache);
        string[] texts = [.. Enumerable.Range(1, 50).Select(i => new string((char)('a' + (i % 26)), 1 + (i * 7 % 19)))];
        GeneratedEmbeddings<Embedding<float>> generated = await pipeline.GenerateAsync(texts);
        for (int i = 0; i < texts.Length; i++)
        {
            AssertSameDirection(FakeGenerator.VectorOf(texts[i]), generated[i]);
        }

        Assert.Equal(texts.Sum(t => t.Length), generated.Usage!.InputTokenCount);
    }

    private static void AssertSameDirection(float[] expected, Embedding<float> actual)
    {
        float length = MathF.Sqrt(expected.Sum(v => v * v));
        AssertClose([.. expected.Select(v => v / length)], actual.Vector.ToArray());
    }

    private static void AssertClose(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.InRange(actual[i], expected[i] - 1e-6f, expected[i] + 1e-6f);
        }
    }
}
