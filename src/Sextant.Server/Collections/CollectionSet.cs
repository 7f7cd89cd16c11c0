using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Sextant.Search.Storage;
using Sextant.Server.Http;
using Sextant.Server.Models;

namespace Sextant.Server.Collections;

/// <summary>The collections in one folder, each in a sub-folder of its name, opened when they are first used.</summary>
internal sealed class CollectionSet : IAsyncDisposable
{
    private const string DeletedPrefix = ".deleted-";

    private readonly ServedModels _models;
    private readonly ILogger _logger;
    private readonly ConcurrentDictionary<string, OpenCollection> _open = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _creating = new(1, 1);

    public CollectionSet(ServerOptions options, ServedModels models, ILogger<CollectionSet> logger)
    {
        _models = models;
        _logger = logger;
        Folder = Path.GetFullPath(options.Collections);
        try
        {
            Directory.CreateDirectory(Folder);
            // What an earlier run had no time to take away.
            foreach (string deleted in Directory.EnumerateDirectories(Folder, DeletedPrefix + "*")) Directory.Delete(deleted, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{options.Collections} cannot be used as the folder of collections: {e.Message}", e);
        }
    }

    /// <summary>The full path of the folder.</summary>
    public string Folder { get; }

    /// <summary>Those that are open now.</summary>
    public IEnumerable<OpenCollection> Opened => _open.Values;

    /// <summary>The names of all that are there, in their order.</summary>
    public IReadOnlyList<string> Names() =>
        [.. Directory.EnumerateDirectories(Folder)
            .Where(SemanticSearchEngine.Exists)
            .Select(path => Path.GetFileName(path))
            .Where(CollectionName.IsValid)
            .Order(StringComparer.Ordinal)];

    /// <summary>Opens a collection for one request, which disposes the lease at its end.</summary>
    /// <exception cref="ServiceException">There is none of that name.</exception>
    public async Task<CollectionLease> UseAsync(string name, CancellationToken cancellationToken)
    {
        CollectionName.Require(name);
        while (true)
        {
            if (!_open.ContainsKey(name) && !SemanticSearchEngine.Exists(PathOf(name))) throw ServiceException.NoCollection(name);
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
                if (collection.Failed) _open.TryRemove(new(name, collection));
                throw;
            }
        }
    }

    /// <summary>Makes a collection, unless it is there already with the same model.</summary>
    /// <returns>Whether it is new.</returns>
    /// <exception cref="ServiceException">It is there with another model, or no client may name the model.</exception>
    public async Task<bool> CreateAsync(string name, string? model, int? dimensions, CancellationToken cancellationToken)
    {
        CollectionName.Require(name);
        await _creating.WaitAsync(cancellationToken);
        try
        {
            if (_open.ContainsKey(name) || ManifestOf(name) is not null)
            {
                using CollectionLease there = await UseAsync(name, cancellationToken);
                RequireSame(name, there.Engine.Model, model, dimensions);
                return false;
            }

            ServedModel served = await _models.GetAsync(model ?? _models.Names[0], cancellationToken);
            await using SemanticSearchEngine engine = await SemanticSearchEngine.CreateAsync(PathOf(name), new()
            {
                Model = served.Name,
                Models = _models.Registry,
                Pipeline = _models.Pipeline(served.Profile?.Provider) with { Dimensions = dimensions },
                Logger = _logger,
            }, cancellationToken);
            return true;
        }
        finally
        {
            _creating.Release();
        }
    }

    /// <summary>Deletes a collection once the requests that use it have ended. It is gone at once and whole.</summary>
    /// <exception cref="ServiceException">There is none of that name.</exception>
    public async Task DeleteAsync(string name, CancellationToken cancellationToken)
    {
        CollectionName.Require(name);
        await _creating.WaitAsync(cancellationToken);
        try
        {
            string path = PathOf(name);
            if (!SemanticSearchEngine.Exists(path)) throw ServiceException.NoCollection(name);
            OpenCollection collection = _open.GetOrAdd(name, key => new(key, () => OpenAsync(key)));
            await collection.DisposeAsync();
            try
            {
                // Another program may be writing to it.
                WriterLock.Take(new(path)).Dispose();
                string deleted = Path.Combine(Folder, DeletedPrefix + Guid.NewGuid().ToString("N"));
                Directory.Move(path, deleted);
                Directory.Delete(deleted, recursive: true);
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
        await Task.WhenAll(_open.Values.Select(collection => collection.DisposeAsync().AsTask()));
        _creating.Dispose();
    }

    private string PathOf(string name) => Path.Combine(Folder, name);

    private Manifest? ManifestOf(string name) => LocalCollection.ReadManifest(new(PathOf(name)));

    private Task<SemanticSearchEngine> OpenAsync(string name) => Task.Run(() =>
    {
        Manifest manifest = ManifestOf(name) ?? throw ServiceException.NoCollection(name);
        return SemanticSearchEngine.OpenAsync(PathOf(name), new()
        {
            Models = _models.Registry,
            Pipeline = _models.Pipeline(manifest.Model.Provider),
            CreateIfMissing = false,
            Logger = _logger,
        });
    });

    private static void RequireSame(string name, Sextant.Models.ModelProfile there, string? model, int? dimensions)
    {
        if ((model is null || model == there.Name) && (dimensions is null || dimensions == there.Dimensions)) return;
        throw new ServiceException(409,
            $"The collection '{name}' is there already, with {there.Name} and {there.Dimensions} dimensions; delete it first, or choose another name.",
            "model", "collection_exists", "conflict");
    }
}
