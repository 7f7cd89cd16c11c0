using Microsoft.Extensions.AI;
using Sextant.Embedding;
using Sextant.Tests.Shared;

namespace Sextant.Models.Tests;

public sealed class WordVectorProviderTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("cat 1 0\ndog 0 1\n")]
    [InlineData("2 2\ncat 1 0\ndog 0 1\n")]
    public async Task Vector_is_the_mean_of_the_known_words_or_zero(string content)
    {
        using IEmbeddingGenerator<string, Embedding<float>> model = await ModelRegistry.Default.OpenAsync(
            Write(content),
            new EmbeddingPipelineOptions { UseCache = false },
            TestContext.Current.CancellationToken
        );

        GeneratedEmbeddings<Embedding<float>> vectors = await model.EmbedDocumentsAsync(
            ["cat", "a (Cat), a dog", "fish"],
            cancellationToken: TestContext.Current.CancellationToken
        );

        Assert.Equal([1f, 0f], vectors[0].Vector.ToArray());
        Assert.Equal(MathF.Sqrt(0.5f), vectors[1].Vector.Span[0], 5);
        Assert.Equal(vectors[1].Vector.Span[0], vectors[1].Vector.Span[1]);
        Assert.Equal([0f, 0f], vectors[2].Vector.ToArray());
    }

    [Fact]
    public async Task Line_with_other_dimensions_is_reported()
    {
        string path = Write("cat 1 0\ndog 0 1 2\n");

        InputException error = await Assert.ThrowsAsync<InputException>(() =>
            ModelRegistry.Default.OpenAsync(path, new EmbeddingPipelineOptions { UseCache = false }, TestContext.Current.CancellationToken)
        );

        Assert.Contains("words.txt:2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Plain_text_is_not_a_model() => Assert.False(new WordVectorProvider().Handles(Write("a text of some words\n")));

    private string Write(string content)
    {
        string path = _folder.File("words.txt");
        File.WriteAllText(path, content);
        return path;
    }
}
