using Microsoft.Extensions.AI;
using Sextant.Embedding;
using Sextant.Hosted.Tests.Services;

namespace Sextant.Hosted.Tests;

/// <summary>For every failure of every provider, the user gets one line that says what to do.</summary>
public sealed class ServiceErrorTests : IDisposable
{
    private readonly Hosted _hosted = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<string, string, string> ProvidersAndTroubles
    {
        get
        {
            var all = new TheoryData<string, string, string>();
            foreach (string provider in Provider.Names)
            {
                all.Add(
                    provider,
                    "stopped",
                    provider == "ollama"
                        ? "(no server is listening); start it with 'ollama serve', or set OLLAMA_HOST"
                        : "(no server is listening); check the network"
                );
                all.Add(provider, "refusing", provider == "ollama" ? "; this server needs a key" : "; check ");
                all.Add(provider, "limiting", "; the rate limit is reached: run it again in 300 s; finished embeddings are kept");
                all.Add(provider, "failing", "; run it again later; finished embeddings are kept");
                all.Add(provider, "half an answer", " is incomplete or not JSON; run it again later; finished embeddings are kept");
                all.Add(provider, "no vectors", "returned 0 vectors for 2 texts");
                all.Add(provider, "one vector", "returned 1 vector for 2 texts");
                all.Add(provider, "another interface", "");
                all.Add(provider, "only zeros", "returned a vector of zeros for the text \"one\"");
                all.Add(provider, "a web page", " answered with a web page; check ");
                // JSON has no way to write it, and Ollama knows nothing but JSON.
                if (provider != "ollama")
                    all.Add(provider, "not a number", "returned a vector that is not finite for the text \"one\"");
                all.Add(provider, "lying", "returned a vector of 8 dimensions, not ");
            }

            return all;
        }
    }

    public void Dispose() => _hosted.Dispose();

    [Theory]
    [MemberData(nameof(ProvidersAndTroubles))]
    public async Task Failure_is_a_one_line_error_with_the_model_and_the_fix(string name, string trouble, string says)
    {
        await using Provider provider = Provider.Start(name);
        using IEmbeddingGenerator<string, Embedding<float>> model = await OpenAsync(provider);
        if (trouble == "stopped")
            await provider.Server.DisposeAsync();
        provider.Server.Dimensions = trouble == "lying" ? 8 : provider.Server.Dimensions;
        (provider.Server.Forgets, provider.Server.NotFinite, provider.Server.OnlyZeros) = (
            trouble == "one vector",
            trouble == "not a number",
            trouble == "only zeros"
        );
        provider.Server.Always = _ =>
            trouble switch
            {
                "refusing" => new Fault(401, "{\"message\":\"no such key\"}"),
                "limiting" => new Fault(429, "{\"message\":\"slow down\"}", new() { ["Retry-After"] = "300" }),
                "failing" => new Fault(502, "<html>Bad gateway</html>"),
                "half an answer" => new Fault(200) { HalfAnswer = true },
                "no vectors" => new Fault(200, provider.NoVectors),
                "a web page" => new Fault(200, "<!doctype html><title>Welcome</title>"),
                "another interface" => new Fault(200, "{\"hello\":\"world\"}"),
                _ => null,
            };

        SextantException error = await Assert.ThrowsAnyAsync<SextantException>(() =>
            model.EmbedDocumentsAsync(["one", "two"], cancellationToken: Stop)
        );

        Assert.StartsWith(provider.Model + ": ", error.Message, StringComparison.Ordinal);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
        Assert.DoesNotContain(provider.Server.Key, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("openai")]
    [InlineData("azure")]
    [InlineData("voyage")]
    [InlineData("http")]
    public async Task Reordered_vectors_are_sorted_by_index(string name)
    {
        await using Provider provider = Provider.Start(name);
        provider.Server.Shuffled = true;
        using IEmbeddingGenerator<string, Embedding<float>> model = await OpenAsync(provider);
        string[] texts = ["one", "two words", "three of them"];

        GeneratedEmbeddings<Embedding<float>> vectors = await model.EmbedDocumentsAsync(texts, cancellationToken: Stop);

        Assert.Equal(
            texts.Select(text => FakeService.VectorOf(text, provider.Server.Dimensions)),
            vectors.Select(static v => v.Vector.ToArray())
        );
    }

    private Task<IEmbeddingGenerator<string, Embedding<float>>> OpenAsync(Provider provider)
    {
        foreach ((string variable, string value) in provider.Variables)
            _hosted.Environment[variable] = value;
        return _hosted.OpenAsync(provider.Model, options => options with { MaxRetries = 0 });
    }
}
