using Microsoft.Extensions.AI;
using Sextant.Embedding;
using Sextant.Models.Hub;
using Sextant.Tests.Shared.Models;

namespace Sextant.Models.Tests.Hub;

/// <summary>Models come from a hub complete and verified, or not at all; cached models need no network.</summary>
public sealed class HubClientTests : IDisposable
{
    private const string Name = "hf:acme/tiny",
        Token = "hf_secret";

    private readonly string _cache = Directory.CreateTempSubdirectory("sextant-hub-").FullName;

    private string Repository => Path.Combine(_cache, "models--acme--tiny");

    [Fact]
    public async Task Static_model_is_pulled_into_the_hub_cache_and_then_opens_offline()
    {
        HubSnapshot snapshot;
        await using (HubServer server = await ServeAsync())
        {
            server.Files["pytorch_model.bin"] = new byte[100];
            server.Files["README.md"] = new byte[100];
            snapshot = await Client(server).PullAsync(Name, TestContext.Current.CancellationToken);
        }

        Assert.Equal(Path.Combine(Repository, "snapshots", HubServer.Commit), snapshot.Folder);
        Assert.Equal(
            HubServer.Commit,
            await File.ReadAllTextAsync(Path.Combine(Repository, "refs", "main"), TestContext.Current.CancellationToken)
        );
        Assert.Equal(
            ["config.json", "model.safetensors", "tokenizer.json"],
            Directory.GetFiles(snapshot.Folder).Select(Path.GetFileName).Order()
        );
        Assert.StartsWith(
            "../../blobs/",
            new FileInfo(Path.Combine(snapshot.Folder, "model.safetensors")).LinkTarget,
            StringComparison.Ordinal
        );

        ModelRegistry offline = ModelRegistry.Default.WithHub(new HubOptions { CacheDirectory = _cache, Offline = true });
        using IEmbeddingGenerator<string, Embedding<float>> model = await offline.OpenAsync(
            Name,
            new EmbeddingPipelineOptions { UseCache = false },
            TestContext.Current.CancellationToken
        );
        var profile = (ModelProfile)model.GetService(typeof(ModelProfile))!;
        Assert.Equal((Name, HubServer.Commit, 256), (profile.Name, profile.Revision, profile.Dimensions));
        Assert.Equal(
            256,
            (await model.GenerateAsync(["hello"], cancellationToken: TestContext.Current.CancellationToken))[0].Vector.Length
        );
    }

    [Fact]
    public async Task Token_is_sent_to_the_hub_and_not_to_redirect_targets()
    {
        await using HubServer server = await ServeAsync();
        await Client(server).PullAsync(Name, TestContext.Current.CancellationToken);

        Assert.All(
            server.Requests.Where(r => !r.StartsWith("STORE", StringComparison.Ordinal)),
            r => Assert.EndsWith($"Bearer {Token}", r, StringComparison.Ordinal)
        );
        Assert.NotEmpty(server.StoreTokens);
        Assert.All(server.StoreTokens, seen => Assert.Equal("", seen));
    }

    [Fact]
    public async Task Interrupted_download_resumes()
    {
        await using HubServer server = await ServeAsync();
        server.Breaks.Enqueue(300_000);
        server.Breaks.Enqueue(200_000);
        HubSnapshot snapshot = await Client(server).PullAsync(Name, TestContext.Current.CancellationToken);

        Assert.Equal(3, server.Requests.Count(r => r.StartsWith("STORE", StringComparison.Ordinal)));
        Assert.DoesNotContain("STORE 0", server.Requests.Skip(server.Requests.ToList().IndexOf("STORE 0") + 1));
        Assert.Equal(
            server.Files["model.safetensors"],
            await File.ReadAllBytesAsync(Path.Combine(snapshot.Folder, "model.safetensors"), TestContext.Current.CancellationToken)
        );
        Assert.Empty(Directory.GetFiles(Path.Combine(Repository, "blobs"), "*.incomplete"));
    }

    [Fact]
    public async Task Partial_download_of_a_killed_run_is_used_and_a_corrupt_one_fetched_again()
    {
        await using HubServer server = await ServeAsync();
        byte[] whole = server.Files["model.safetensors"];
        string partial = Path.Combine(
            Repository,
            "blobs",
            Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(whole)) + ".incomplete"
        );
        Directory.CreateDirectory(Path.GetDirectoryName(partial)!);
        await File.WriteAllBytesAsync(partial, new byte[1000], TestContext.Current.CancellationToken);
        HubSnapshot snapshot = await Client(server).PullAsync(Name, TestContext.Current.CancellationToken);

        Assert.Equal(["STORE 1000", "STORE 0"], server.Requests.Where(r => r.StartsWith("STORE", StringComparison.Ordinal)));
        Assert.Equal(
            whole,
            await File.ReadAllBytesAsync(Path.Combine(snapshot.Folder, "model.safetensors"), TestContext.Current.CancellationToken)
        );
    }

    [Fact]
    public async Task File_with_a_wrong_hash_is_discarded()
    {
        await using HubServer server = await ServeAsync();
        server.Corrupt = true;
        SextantException e = await Assert.ThrowsAsync<SextantException>(() =>
            Client(server).PullAsync(Name, TestContext.Current.CancellationToken)
        );

        Assert.Contains("model.safetensors does not match the hub's hash", e.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(Repository, "refs")));
        Assert.Null(Client(server).Find(Name));
    }

    [Theory]
    [InlineData(401, "GatedRepo", "is gated: accept its conditions at ")]
    [InlineData(403, "GatedRepo", "is gated: accept its conditions at ")]
    [InlineData(401, "", "no repository acme/tiny")]
    [InlineData(404, "RepoNotFound", "no repository acme/tiny")]
    [InlineData(404, "RevisionNotFound", "has no revision 'main'")]
    public async Task Permanent_hub_error_is_explained_and_not_retried(int status, string code, string says)
    {
        await using HubServer server = await ServeAsync();
        server.Refusals.Enqueue((status, code));
        InputException e = await Assert.ThrowsAsync<InputException>(() =>
            Client(server).PullAsync(Name, TestContext.Current.CancellationToken)
        );

        Assert.Contains(says, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Token, e.Message, StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task Transient_hub_error_is_retried_and_a_lasting_one_reported(int status)
    {
        await using HubServer server = await ServeAsync();
        server.Refusals.Enqueue((status, ""));
        await Client(server).PullAsync(Name, TestContext.Current.CancellationToken);
        for (int i = 0; i < 20; i++)
            server.Refusals.Enqueue((status, ""));
        SextantException e = await Assert.ThrowsAnyAsync<SextantException>(() =>
            Client(server).PullAsync(Name, TestContext.Current.CancellationToken)
        );

        Assert.Contains($"answers {status}", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Repository_without_an_ONNX_graph_is_an_error_with_the_fix()
    {
        await using HubServer server = await ServeAsync();
        server.Files["config.json"] = """{"model_type":"bert"}"""u8.ToArray();
        InputException e = await Assert.ThrowsAsync<InputException>(() =>
            Client(server).PullAsync(Name, TestContext.Current.CancellationToken)
        );

        Assert.Contains("has no ONNX export", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(server.Requests, r => r.StartsWith("STORE", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("BertModel", "export its graph (BERT", true)]
    [InlineData("BertForSequenceClassification", "make one with: optimum-cli export onnx --model ", false)]
    public async Task Repository_with_weights_but_no_graph_is_an_error_with_the_export_command(string architecture, string way, bool ours)
    {
        await using HubServer server = await ServeAsync();
        server.Files["config.json"] = System.Text.Encoding.UTF8.GetBytes(
            $$"""{"architectures":["{{architecture}}"],"model_type":"bert"}"""
        );
        InputException e = await Assert.ThrowsAsync<InputException>(() =>
            Client(server).PullAsync(Name, TestContext.Current.CancellationToken)
        );

        Assert.Contains(way, e.Message, StringComparison.Ordinal);
        Assert.Equal(ours ? [RemedyAction.ExportModel] : [], e.Remedies.Select(static remedy => remedy.Action));
    }

    [Theory]
    [InlineData("../../evil")]
    [InlineData("/etc/passwd")]
    [InlineData("a/../../b")]
    [InlineData("C:evil")]
    [InlineData("a\\\\b")]
    public async Task File_name_outside_its_folder_is_rejected(string path)
    {
        await using HubServer server = await ServeAsync();
        server.ListInstead = $$"""{"sha":"{{HubServer.Commit}}","siblings":[{"rfilename":"{{path}}"}]}""";
        SextantException e = await Assert.ThrowsAsync<SextantException>(() =>
            Client(server).PullAsync(Name, TestContext.Current.CancellationToken)
        );

        Assert.Contains("is outside its folder", e.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Repository));
    }

    [Fact]
    public async Task Offline_sends_nothing()
    {
        await using HubServer server = await ServeAsync();
        var client = new HubClient(
            new HubOptions
            {
                Endpoint = server.Address,
                CacheDirectory = _cache,
                Offline = true,
            }
        );
        InputException e = await Assert.ThrowsAsync<InputException>(() => client.PullAsync(Name, TestContext.Current.CancellationToken));

        Assert.Contains("download it once while online", e.Message, StringComparison.Ordinal);
        Assert.Equal([new Remedy(RemedyAction.DownloadModel, "hf:acme/tiny")], e.Remedies);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Concurrent_pulls_download_the_weights_once()
    {
        await using HubServer server = await ServeAsync();
        await Task.WhenAll(
            Client(server).PullAsync(Name, TestContext.Current.CancellationToken),
            Client(server).PullAsync(Name, TestContext.Current.CancellationToken)
        );

        Assert.Single(server.Requests, r => r.StartsWith("STORE", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("hf:")]
    [InlineData("hf:../x")]
    [InlineData("hf:a/b/c")]
    [InlineData("hf:a/b@../../x")]
    [InlineData("hf:a/b@")]
    public void Invalid_repository_name_is_rejected(string name) =>
        Assert.Throws<InputException>(() => new HubClient(new HubOptions { CacheDirectory = _cache }).Find(name));

    [Fact]
    public void Environment_variables_of_the_Python_tools_are_honored()
    {
        Dictionary<string, string> set = new()
        {
            ["HF_HOME"] = _cache,
            ["HF_ENDPOINT"] = "http://mirror:81",
            ["HF_TOKEN"] = " t\n",
            ["HF_HUB_OFFLINE"] = "on",
        };
        var settings = HubSettings.Resolve(new HubOptions(), name => set.GetValueOrDefault(name));

        Assert.Equal(
            (Path.Combine(_cache, "hub"), "http://mirror:81/", "t", true),
            (settings.CacheDirectory, settings.Endpoint.AbsoluteUri, settings.Token, settings.Offline)
        );
    }

    public void Dispose() => Directory.Delete(_cache, recursive: true);

    private static async Task<HubServer> ServeAsync()
    {
        var server = new HubServer();
        foreach (string file in new[] { "config.json", "tokenizer.json", "model.safetensors" })
        {
            using Stream stream = typeof(Sextant.Model.Small.SmallModel).Assembly.GetManifestResourceStream($"sextant-small/{file}")!;
            using var copy = new MemoryStream();
            await stream.CopyToAsync(copy);
            server.Files[file] = copy.ToArray();
        }
        return await server.StartAsync();
    }

    private HubClient Client(HubServer server) =>
        new(
            new HubOptions
            {
                Endpoint = server.Address,
                CacheDirectory = _cache,
                Token = Token,
                RetryDelay = TimeSpan.FromMilliseconds(1),
            }
        );
}
