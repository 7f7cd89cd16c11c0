using Microsoft.Extensions.Logging;
using Sextant.Embedding;
using Sextant.Models;
using Sextant.VectorData;

namespace Sextant;

/// <summary>The collections of a host, each opened once, when it is first asked for. Thread-safe.</summary>
public sealed class SextantCollections : IAsyncDisposable
{
    private readonly SextantOptions _options;
    private readonly ILoggerFactory? _logs;
    private readonly SharedModels _shared;
    private readonly ModelRegistry _models;
    private readonly OpenedOnce<string, SemanticSearchEngine> _open;
    private bool _disposed;

    internal SextantCollections(SextantOptions options, ILoggerFactory? logs)
    {
        (_options, _logs) = (options, logs);
        // The generator and every collection use one model in memory.
        _shared = new(options.Models);
        _models = new([_shared]);
        _open = new(OpenAsync);
        Model = new(() => _models.OpenAsync(options.Model ?? StaticModelProvider.BuiltInModel, Pipeline(options.Dimensions)));
    }

    /// <summary>The shared model.</summary>
    internal ModelAtFirstUse Model { get; }

    /// <summary>
    /// The collection of this name, which is created if missing. It is closed with the container: do not dispose it.
    /// </summary>
    /// <exception cref="InputException">The name or a setting makes no sense.</exception>
    /// <exception cref="SextantException">The collection cannot be opened.</exception>
    public Task<SemanticSearchEngine> GetAsync(string name, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _open.GetAsync(name, cancellationToken);
    }

    /// <summary>The names of the existing collections.</summary>
    public IAsyncEnumerable<string> ListAsync(CancellationToken cancellationToken = default) =>
        new SextantVectorStore(_options.Collections, EngineOptions(null)).ListCollectionNamesAsync(cancellationToken);

    /// <summary>Closes the collections, with their snapshots written, and the models.</summary>
    public async ValueTask DisposeAsync()
    {
        _disposed = true;
        foreach (SemanticSearchEngine engine in _open.Opened)
            await engine.DisposeAsync().ConfigureAwait(false);
        Model.Dispose();
        _shared.Dispose();
    }

    /// <summary>Opens the model, and the collection that has no key, with its model.</summary>
    internal async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await Model.OpenAsync(cancellationToken).ConfigureAwait(false);
        if (_options.Collection is not { } name)
            return;
        SemanticSearchEngine engine = await GetAsync(name, cancellationToken).ConfigureAwait(false);
        await engine.PrepareAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>How a collection is opened.</summary>
    /// <param name="model">The model by name; its own, or the built-in one, when <see langword="null"/>.</param>
    internal SemanticSearchEngineOptions EngineOptions(string? model) =>
        new()
        {
            Model = model,
            Models = _models,
            Pipeline = Pipeline(model is null ? null : _options.Dimensions),
            CollectionProviders = _options.CollectionProviders,
            LoggerFactory = _logs,
        };

    private EmbeddingPipelineOptions Pipeline(int? dimensions) =>
        new()
        {
            Dimensions = dimensions,
            UseCache = _options.UseCache,
            LoggerFactory = _logs,
        };

    private async Task<SemanticSearchEngine> OpenAsync(string name)
    {
        string location = LocationOf(name);
        bool there = await SemanticSearchEngine.ExistsAsync(location, EngineOptions(null)).ConfigureAwait(false);
        return await SemanticSearchEngine
            .OpenAsync(location, EngineOptions(there ? null : _options.Model ?? StaticModelProvider.BuiltInModel))
            .ConfigureAwait(false);
    }

    private string LocationOf(string name)
    {
        if (_options.CollectionProviders.Any(provider => provider.Handles(_options.Collections)))
            return $"{_options.Collections}#{name}";
        return Path.GetFileName(name) == name && name is not ("." or "..")
            ? Path.Combine(_options.Collections, name)
            : throw new InputException($"'{name}' is a path, not the name of a collection; set the folder with SextantOptions.Collections");
    }
}
