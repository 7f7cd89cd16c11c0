using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Sextant.Numerics;
using Sextant.Search;
using Sextant.Search.Storage;
using Sextant.Server.Http;
using Sextant.Server.Keys;
using Sextant.Server.Models;

namespace Sextant.Server.Collections;

/// <summary>The collections that are served, opened when they are first used.</summary>
internal sealed class CollectionSet : IAsyncDisposable
{
    private readonly IReadOnlyList<CollectionProvider> _providers;
    private readonly bool _readOnly;
    private readonly ConcurrentBag<Task> _forgotten = [];
    private readonly ServedModels _models;
    private readonly ILoggerFactory _loggerFactory;
    private readonly ILogger _logger;
    private readonly ConcurrentDictionary<string, OpenCollection> _open = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _creating = new(1, 1);
    private readonly Callers _callers;

    public CollectionSet(ServerOptions options, CollectionRoot root, ServedModels models, Callers callers, ILoggerFactory loggerFactory)
    {
        _callers = callers;
        _models = models;
        _loggerFactory = loggerFactory;
        _logger = loggerFactory.CreateLogger<CollectionSet>();
        _providers = options.CollectionProviders;
        _readOnly = options.ReadOnly;
        Root = root;
        if (root.IsReadOnly && !options.ReadOnly)
            _logger.LogWarning("The folder of collections is not writable: collections cannot be created or deleted");
    }

    /// <summary>The location of the collections.</summary>
    public CollectionRoot Root { get; }

    /// <summary>Those that are open now.</summary>
    public IEnumerable<OpenCollection> Opened => _open.Values;

    /// <summary>The names of the collections that the current caller may read.</summary>
    public async Task<IEnumerable<string>> ReadableNamesAsync(CancellationToken cancellationToken)
    {
        Caller caller = _callers.Current;
        return (await Root.NamesAsync(cancellationToken)).Where(name => caller.May(KeyRights.Read, name));
    }

    /// <summary>Opens a collection for one request, which disposes the lease at its end.</summary>
    /// <exception cref="ServiceException">The collection does not exist, or the current caller lacks the right.</exception>
    public Task<CollectionLease> UseAsync(string name, CancellationToken cancellationToken, KeyRights right = KeyRights.Read)
    {
        CollectionName.Require(name);
        // Checked here too, because not every request names its collections in the address.
        _callers.Current.Require(right, name);
        return LeaseAsync(name, cancellationToken);
    }

    private async Task<CollectionLease> LeaseAsync(string name, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (Forget(name))
                throw ServiceException.Removed(name);
            if (!_open.ContainsKey(name) && await Root.ManifestAsync(name, cancellationToken) is null)
                throw ServiceException.NoCollection(name);
            OpenCollection collection = _open.GetOrAdd(name, key => new(key, () => OpenAsync(key)));
            if (!collection.TryEnter())
            {
                // It is being deleted; when that is done it is not there any more.
                await Task.Delay(1, cancellationToken);
                continue;
            }

            try
            {
                return new(collection, await collection.EngineAsync().WaitAsync(cancellationToken));
            }
            catch
            {
                collection.Leave();
                if (collection.Failed)
                    _open.TryRemove(new(name, collection));
                throw;
            }
        }
    }

    /// <summary>Creates a collection, unless it already exists with the same model.</summary>
    /// <returns>Whether it is new.</returns>
    /// <exception cref="ServiceException">It exists with another model, or clients may not use the model.</exception>
    public async Task<bool> CreateAsync(
        string name,
        string? model,
        int? dimensions,
        SimilarityMetric? metric,
        CancellationToken cancellationToken
    )
    {
        CollectionName.Require(name);
        await _creating.WaitAsync(cancellationToken);
        try
        {
            Forget(name);
            if (_open.ContainsKey(name) || await Root.ManifestAsync(name, cancellationToken) is not null)
            {
                using CollectionLease there = await LeaseAsync(name, cancellationToken);
                await there.Engine.Store.RefreshAsync(cancellationToken);
                RequireSame(name, there.Engine.Store.Manifest, model, dimensions, metric);
                return false;
            }

            if (Root.IsReadOnly)
                throw ServiceException.ReadOnly();
            ServedModel served = await _models.GetAsync(model ?? _models.Names[0], cancellationToken);
            await using SemanticSearchEngine engine = await SemanticSearchEngine.CreateAsync(
                Root.LocationOf(name),
                new()
                {
                    CollectionProviders = _providers,
                    Model = served.Name,
                    Models = _models.Registry,
                    Pipeline = _models.Pipeline with { Dimensions = dimensions },
                    LoggerFactory = _loggerFactory,
                    Metric = metric,
                },
                cancellationToken
            );
            return true;
        }
        finally
        {
            _creating.Release();
        }
    }

    /// <summary>Deletes a collection once the requests that use it have ended.</summary>
    /// <exception cref="ServiceException">The collection does not exist.</exception>
    public async Task DeleteAsync(string name, CancellationToken cancellationToken)
    {
        CollectionName.Require(name);
        await _creating.WaitAsync(cancellationToken);
        try
        {
            if (Forget(name))
                throw ServiceException.Removed(name);
            if (await Root.ManifestAsync(name, cancellationToken) is null)
                throw ServiceException.NoCollection(name);
            if (Root.IsReadOnly)
                throw ServiceException.ReadOnly();
            OpenCollection collection = _open.GetOrAdd(name, key => new(key, () => OpenAsync(key)));
            await collection.DisposeAsync();
            try
            {
                await Root.DeleteAsync(name, cancellationToken);
            }
            finally
            {
                _open.TryRemove(new(name, collection));
            }
        }
        finally
        {
            _creating.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll([.. _open.Values.Select(collection => collection.DisposeAsync().AsTask()), .. _forgotten]);
        _creating.Dispose();
    }

    // A collection removed by another process is closed once it is unused, so that a new one may have its name.
    private bool Forget(string name)
    {
        if (!_open.TryGetValue(name, out OpenCollection? collection) || !Root.IsGone(name))
            return false;
        if (_open.TryRemove(new(name, collection)))
        {
            _logger.LogWarning("The files of the collection {Name} were deleted", name);
            _forgotten.Add(collection.DisposeAsync().AsTask());
        }

        return true;
    }

    private Task<SemanticSearchEngine> OpenAsync(string name) =>
        Task.Run(async () =>
        {
            Manifest manifest = await Root.ManifestAsync(name, CancellationToken.None) ?? throw ServiceException.NoCollection(name);
            return await SemanticSearchEngine.OpenAsync(
                Root.LocationOf(name),
                new()
                {
                    CollectionProviders = _providers,
                    Models = _models.Registry,
                    Pipeline = _models.Pipeline,
                    CreateIfMissing = false,
                    ReadOnly = _readOnly,
                    LoggerFactory = _loggerFactory,
                }
            );
        });

    private static void RequireSame(string name, Manifest there, string? model, int? dimensions, SimilarityMetric? metric)
    {
        string served = ModelName.Public(there.Model.Name);
        bool isSameModel = (model is null || ModelName.Public(model) == served) && (dimensions is null || dimensions == there.Dimensions);
        if (isSameModel && metric is not null && metric != there.Metric)
        {
            throw new ServiceException(
                409,
                $"The collection '{name}' already exists, with the metric {there.Metric.ToString().ToLowerInvariant()}; delete it "
                    + "first, or choose another name.",
                "metric",
                "collection_exists",
                "conflict"
            );
        }

        if (isSameModel)
            return;
        throw new ServiceException(
            409,
            $"The collection '{name}' already exists, with {served} and {there.Dimensions} dimensions; delete it first, or choose "
                + $"another name.",
            "model",
            "collection_exists",
            "conflict"
        );
    }
}
