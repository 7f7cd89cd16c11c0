using Microsoft.Extensions.AI;
using Sextant.Embedding;
using Sextant.Models;

namespace Sextant.NuGetModels.Tests;

/// <summary>Feeds over HTTP: credentials, feeds that are not there, package source mapping.</summary>
public sealed class FeedTests : IAsyncLifetime
{
    private const string Dead = "http://127.0.0.1:9/v3/index.json";

    private readonly Workspace _machine = new();
    private readonly HttpFeed _feed = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _feed.StartAsync();
        _feed.Packages[("acme.tiny", "1.0.0")] = Nupkg.Static("Acme.Tiny", "1.0.0");
        _feed.Packages[("acme.tiny", "1.1.0")] = Nupkg.Static("Acme.Tiny", "1.1.0");
    }

    public async ValueTask DisposeAsync()
    {
        await _feed.DisposeAsync();
        _machine.Dispose();
    }

    [Fact]
    public async Task Model_from_a_feed_is_downloaded_once()
    {
        _machine.Configure([("web", _feed.Index)]);

        using IEmbeddingGenerator<string, Embedding<float>> first = await _machine.OpenAsync("nuget:Acme.Tiny");
        using IEmbeddingGenerator<string, Embedding<float>> second = await _machine.OpenAsync("nuget:Acme.Tiny");

        Assert.Equal("nuget:Acme.Tiny@1.1.0", second.GetService<ModelProfile>()!.Name);
        Assert.Single(_feed.Requests, static r => r.EndsWith(".nupkg", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Private_feed_uses_the_configured_credentials()
    {
        _feed.Credentials = "ann:secret";
        _machine.Configure(
            [("web", _feed.Index)],
            """
            <packageSourceCredentials><web>
              <add key="Username" value="ann" /><add key="ClearTextPassword" value="secret" />
            </web></packageSourceCredentials>
            """
        );

        ModelFolder folder = await _machine.Provider().GetAsync("nuget:Acme.Tiny@1.0.0", Token);

        Assert.Equal(("nuget:Acme.Tiny@1.0.0", "the NuGet feed 'web'"), (folder.Name, folder.Origin));
    }

    [Theory]
    [InlineData(
        "",
        "nuget:Acme.Tiny: the feed 'web' answers 401: it needs credentials; add them with: dotnet nuget update source NAME --username "
            + "USER --password PASSWORD"
    )]
    [InlineData("wrong", "nuget:Acme.Tiny: the feed 'web' answers 401: it rejects the credentials in nuget.config")]
    public async Task Rejecting_feed_is_a_one_line_error_without_the_password(string password, string says)
    {
        _feed.Credentials = "ann:secret";
        _machine.Configure(
            [("web", _feed.Index)],
            password.Length == 0
                ? ""
                : $"""
                <packageSourceCredentials><web>
                  <add key="Username" value="ann" /><add key="ClearTextPassword" value="{password}" />
                </web></packageSourceCredentials>
                """
        );

        InputException e = await Assert.ThrowsAsync<InputException>(() => _machine.Provider().GetAsync("nuget:Acme.Tiny", Token));

        Assert.Equal(says, e.Message);
    }

    [Fact]
    public async Task Unreachable_feed_does_not_block_the_others()
    {
        _machine.Configure([("dead", Dead), ("web", _feed.Index)]);

        Assert.Equal("nuget:Acme.Tiny@1.1.0", (await _machine.Provider().GetAsync("nuget:Acme.Tiny", Token)).Name);
    }

    [Fact]
    public async Task Only_the_unreachable_feed_is_named()
    {
        _machine.Configure([("dead", Dead)]);

        SextantException e = await Assert.ThrowsAsync<SextantException>(() => _machine.Provider().GetAsync("nuget:Acme.Tiny", Token));

        Assert.StartsWith("nuget:Acme.Tiny: the feed 'dead' cannot be used: ", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Fact]
    public async Task Package_source_mapping_excludes_other_feeds()
    {
        _machine.Configure(
            [("folder", _machine.FolderFeed), ("web", _feed.Index)],
            """
            <packageSourceMapping><clear />
              <packageSource key="folder"><package pattern="Acme.*" /></packageSource>
              <packageSource key="web"><package pattern="*" /></packageSource>
            </packageSourceMapping>
            """
        );

        InputException e = await Assert.ThrowsAsync<InputException>(() => _machine.Provider().GetAsync("nuget:Acme.Tiny", Token));

        Assert.Equal("nuget:Acme.Tiny: no feed has such a package (asked: folder)", e.Message);
        Assert.Empty(_feed.Requests);
    }

    [Fact]
    public async Task Unsigned_package_is_rejected_when_signatures_are_required()
    {
        _machine.Configure([("web", _feed.Index)], config: """<add key="signatureValidationMode" value="require" />""");

        InputException e = await Assert.ThrowsAsync<InputException>(() => _machine.Provider().GetAsync("nuget:Acme.Tiny", Token));

        Assert.StartsWith("nuget:Acme.Tiny@1.1.0: the package's signature is not valid: ", e.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_machine.GlobalPackages, "acme.tiny")));
    }

    [Fact]
    public async Task Damaged_configuration_is_an_error_with_the_file()
    {
        await File.WriteAllTextAsync(Path.Combine(_machine.Path, "nuget.config"), "<configuration><packageSources>", Token);

        InputException e = await Assert.ThrowsAsync<InputException>(() => _machine.Provider().GetAsync("nuget:Acme.Tiny", Token));

        Assert.Contains(Path.Combine(_machine.Path, "nuget.config"), e.Message, StringComparison.OrdinalIgnoreCase);
    }
}
