using Microsoft.Extensions.AI;
using Sextant.Embedding;
using Sextant.Models;

namespace Sextant.NuGetModels.Tests;

public sealed class NuGetModelProviderTests : IDisposable
{
    private readonly Workspace _machine = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _machine.Dispose();

    [Theory]
    [InlineData("models/tiny")]
    [InlineData("contentFiles/any/any/tiny")]
    [InlineData("content/tiny")]
    public async Task Model_in_package_files_returns_its_vectors(string folder)
    {
        _machine.Publish("Acme.Tiny", "1.0.0", Nupkg.Of("Acme.Tiny", "1.0.0", Nupkg.StaticModel(folder)));

        using IEmbeddingGenerator<string, Embedding<float>> model = await _machine.OpenAsync("nuget:Acme.Tiny");

        Assert.Equal(
            [0.8f, 0.6f],
            (await model.GenerateAsync("dog", cancellationToken: Token)).Vector.ToArray().Select(static v => MathF.Round(v, 5))
        );
    }

    [Fact]
    public async Task Cross_encoder_in_a_package_is_a_reranker_and_not_an_embedding_model()
    {
        string source = Path.GetFullPath(Path.Combine(RealPackages.ProjectFolder, "..", "Sextant.Onnx.Tests", "Fixtures", "pair-xlmr"));
        string[] files = ["config.json", "tokenizer.json", "tokenizer_config.json", "onnx/model.onnx"];
        _machine.Publish(
            "Acme.Reranker",
            "1.0.0",
            Nupkg.Of(
                "Acme.Reranker",
                "1.0.0",
                files.Select(file => ($"models/reranker/{file}", File.ReadAllBytes(Path.Combine(source, file))))
            )
        );

        using IReranker reranker = await _machine.Registry().OpenRerankerAsync("nuget:Acme.Reranker", cancellationToken: Token);
        InputException error = await Assert.ThrowsAsync<InputException>(() => _machine.OpenAsync("nuget:Acme.Reranker"));

        Assert.Equal(("nuget:Acme.Reranker@1.0.0", ScoreKind.Probability), (reranker.Profile.Name, reranker.Profile.ScoreKind));
        Assert.Equal(2, (await reranker.ScoreAsync("a question", ["an answer", "another"], Token)).Count);
        Assert.Contains("this is a reranker (cross-encoder), not an embedding model", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Profile_pins_the_version_and_the_hash_of_the_content()
    {
        _machine.Publish("Acme.Tiny", "1.0.0", Nupkg.Static("Acme.Tiny", "1.0.0"));

        using IEmbeddingGenerator<string, Embedding<float>> model = await _machine.OpenAsync("nuget:acme.tiny");

        ModelProfile profile = model.GetService<ModelProfile>()!;
        Assert.Equal(("nuget:Acme.Tiny@1.0.0", "nuget:Acme.Tiny"), (profile.Name, profile.Identity));
        string metadata = await File.ReadAllTextAsync(
            Path.Combine(_machine.GlobalPackages, "acme.tiny", "1.0.0", ".nupkg.metadata"),
            Token
        );
        string hash = System.Text.Json.JsonDocument.Parse(metadata).RootElement.GetProperty("contentHash").GetString()!;
        Assert.Equal("1.0.0+" + hash, profile.Revision);
    }

    [Fact]
    public async Task Name_without_a_version_selects_the_newest_stable_version()
    {
        foreach (string version in (string[])["1.0.0", "1.10.0", "1.9.0", "2.0.0-beta.1"])
        {
            _machine.Publish("Acme.Tiny", version, Nupkg.Static("Acme.Tiny", version));
        }

        ModelFolder newest = await _machine.Provider().GetAsync("nuget:Acme.Tiny", Token);
        ModelFolder named = await _machine.Provider().GetAsync("nuget:Acme.Tiny@2.0.0-beta.1", Token);

        Assert.Equal(("nuget:Acme.Tiny@1.10.0", "nuget:Acme.Tiny@2.0.0-beta.1"), (newest.Name, named.Name));
    }

    [Fact]
    public async Task Pull_downloads_a_newer_version_and_open_uses_the_cached_one()
    {
        _machine.Publish("Acme.Tiny", "1.0.0", Nupkg.Static("Acme.Tiny", "1.0.0"));
        await _machine.Provider().GetAsync("nuget:Acme.Tiny", Token);
        _machine.Publish("Acme.Tiny", "1.1.0", Nupkg.Static("Acme.Tiny", "1.1.0"));

        ModelFolder opened = await _machine.Provider().GetAsync("nuget:Acme.Tiny", Token);
        ModelFolder pulled = await _machine.Provider().PullAsync("nuget:Acme.Tiny", Token);

        Assert.Equal(("nuget:Acme.Tiny@1.0.0", "nuget:Acme.Tiny@1.1.0"), (opened.Name, pulled.Name));
    }

    [Theory]
    [InlineData("nuget:Acme.Tiny@1.*", "'1.*' in 'nuget:Acme.Tiny@1.*' is not a version")]
    [InlineData("nuget:Acme.Tiny@[1.0,2.0)", "is not a version; write one such as 1.2.0")]
    [InlineData("nuget:../evil", "is not a NuGet package")]
    [InlineData("nuget:", "is not a NuGet package")]
    [InlineData("nuget:Acme.Nothing", "no feed has such a package (asked: folder)")]
    [InlineData("nuget:Acme.Nothing@1.0.0", "no feed has this version of the package (asked: folder)")]
    [InlineData("nuget:Acme.Preview", "only prereleases exist (folder); name one, for example nuget:Acme.Preview@1.0.0-rc.1")]
    [InlineData("nuget:Acme.Code", "the package contains no model")]
    public async Task Invalid_package_name_is_a_one_line_error(string name, string says)
    {
        _machine.Publish("Acme.Preview", "1.0.0-rc.1", Nupkg.Static("Acme.Preview", "1.0.0-rc.1"));
        _machine.Publish("Acme.Code", "1.0.0", Nupkg.Of("Acme.Code", "1.0.0", [("lib/net10.0/_._", [])]));

        InputException e = await Assert.ThrowsAsync<InputException>(() => _machine.Provider().GetAsync(name, Token));

        Assert.Contains(says, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Fact]
    public async Task Package_opens_offline_only_after_it_was_downloaded()
    {
        await using HttpFeed feed = await new HttpFeed().StartAsync();
        feed.Packages[("acme.tiny", "1.0.0")] = Nupkg.Static("Acme.Tiny", "1.0.0");
        _machine.Configure([("web", feed.Index)]);

        InputException e = await Assert.ThrowsAsync<InputException>(() =>
            _machine.Provider(offline: true).GetAsync("nuget:Acme.Tiny", Token)
        );
        Assert.Contains("the network is disabled; download it once while online", e.Message, StringComparison.Ordinal);
        Assert.Equal([new Remedy(RemedyAction.DownloadModel, "nuget:Acme.Tiny")], e.Remedies);
        Assert.Empty(feed.Requests);
        await _machine.Provider().GetAsync("nuget:Acme.Tiny", Token);
        int sent = feed.Requests.Count;
        using IEmbeddingGenerator<string, Embedding<float>> model = await _machine.OpenAsync("nuget:Acme.Tiny", offline: true);
        Directory.Delete(_machine.GlobalPackages, recursive: true);
        using IEmbeddingGenerator<string, Embedding<float>> unpacked = await _machine.OpenAsync("nuget:Acme.Tiny@1.0.0", offline: true);

        Assert.Equal(sent, feed.Requests.Count);
        Assert.Equal(model.GetService<ModelProfile>()!.Fingerprint, unpacked.GetService<ModelProfile>()!.Fingerprint);
    }

    [Fact]
    public async Task Damaged_cache_is_unpacked_again_and_a_changed_package_rejected()
    {
        _machine.Publish("Acme.Tiny", "1.0.0", Nupkg.Static("Acme.Tiny", "1.0.0"));
        ModelFolder folder = await _machine.Provider().GetAsync("nuget:Acme.Tiny", Token);
        string weights = Path.Combine(folder.Path, "model.safetensors");
        byte[] right = await File.ReadAllBytesAsync(weights, Token);
        await File.WriteAllBytesAsync(weights, [.. right[..^1], 7], Token);

        await _machine.Provider().GetAsync("nuget:Acme.Tiny", Token);
        Assert.Equal(right, await File.ReadAllBytesAsync(weights, Token));

        string nupkg = Directory.GetFiles(Path.Combine(_machine.GlobalPackages, "acme.tiny", "1.0.0"), "*.nupkg").Single();
        await File.WriteAllBytesAsync(nupkg, Nupkg.Of("Acme.Tiny", "1.0.0", Nupkg.StaticModel("models/other")), Token);
        await File.WriteAllBytesAsync(weights, [1], Token);
        InputException e = await Assert.ThrowsAsync<InputException>(() => _machine.Provider().GetAsync("nuget:Acme.Tiny", Token));
        Assert.Contains("is not the package that was installed: its content hash is", e.Message, StringComparison.Ordinal);
    }
}
