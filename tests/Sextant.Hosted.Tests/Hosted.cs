using Microsoft.Extensions.AI;
using Sextant.Embedding;
using Sextant.Models;

namespace Sextant.Hosted.Tests;

/// <summary>Opens hosted models with an environment of the test's own.</summary>
internal sealed class Hosted : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sextant-hosted-").FullName;

    public Dictionary<string, string> Environment { get; } = [];

    public string CacheDirectory => Path.Combine(_folder, "cache");

    public UsageMeter Usage { get; } = new();

    public HostedModelOptions Options => new() { Environment = name => Environment.GetValueOrDefault(name), Usage = Usage };

    public Task<IEmbeddingGenerator<string, Embedding<float>>> OpenAsync(
        string name,
        Func<HostedModelOptions, HostedModelOptions>? change = null,
        EmbeddingPipelineOptions? pipeline = null
    ) =>
        ModelRegistry
            .Default.WithHostedModels(change is null ? Options : change(Options))
            .OpenAsync(name, (pipeline ?? new()) with { CacheDirectory = CacheDirectory }, TestContext.Current.CancellationToken);

    public async Task<IReranker> OpenRerankerAsync(string name, Func<HostedModelOptions, HostedModelOptions>? change = null) =>
        await ModelRegistry
            .Default.WithHostedModels(change is null ? Options : change(Options))
            .OpenRerankerAsync(
                name,
                new EmbeddingPipelineOptions { CacheDirectory = CacheDirectory },
                TestContext.Current.CancellationToken
            );

    public void Dispose()
    {
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }
}
