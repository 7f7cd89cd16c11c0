using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Sextant.Server.Collections;
using Sextant.Server.Http;

namespace Sextant.Server.VectorStores;

/// <summary>The vector stores and uploaded files of the service, each in a hidden folder next to the collections.</summary>
internal sealed class VectorStoreSet
{
    /// <summary>What the id of every store begins with.</summary>
    public const string StorePrefix = "vs_";

    private readonly string? _folder;
    private readonly UploadedFiles? _files;
    private readonly CollectionSet _collections;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<string, VectorStore> _stores = new(StringComparer.Ordinal);

    public VectorStoreSet(ServerOptions options, CollectionSet collections, TimeProvider time, ILogger<VectorStoreSet> logger)
    {
        (_collections, _time) = (collections, time);
        string? files = options.Files ?? (collections.Root is FolderRoot ? options.Collections : null);
        if (files is null)
            return;
        _files = new(Path.Combine(Path.GetFullPath(files), ".files"), time, logger);
        _folder = Path.Combine(Path.GetFullPath(files), ".vector_stores");
        if (!Directory.Exists(_folder))
            return;
        foreach (string path in Directory.EnumerateDirectories(_folder, StorePrefix + "*"))
        {
            if (VectorStore.Open(path, logger) is { } store)
                _stores[store.Id] = store;
        }
    }

    public IEnumerable<VectorStore> All => _stores.Values;

    /// <exception cref="ServiceException">The service has no folder for files.</exception>
    public UploadedFiles Files =>
        _files
        ?? throw new ServiceException(
            501,
            "The collections are in a database: files need a folder, which the operator names with SEXTANT_FILES.",
            null,
            "no_folder_for_files",
            "server_error"
        );

    public long Now => _time.GetUtcNow().ToUnixTimeSeconds();

    public VectorStore? Find(string id) => _stores.GetValueOrDefault(id);

    /// <exception cref="ServiceException">There is no such store.</exception>
    public VectorStore Get(string id) =>
        Find(id) ?? throw new ServiceException(404, $"No vector store found with id '{id}'.", "vector_store_id", "vector_store_not_found");

    /// <summary>Returns a store for use by a request, and records the use.</summary>
    /// <exception cref="ServiceException">There is no such store, or it has expired.</exception>
    public VectorStore Use(string id)
    {
        VectorStore store = Get(id);
        if (store.IsExpired(Now))
        {
            throw ServiceException.BadRequest(
                $"The vector store '{id}' has expired; make a new one.",
                "vector_store_id",
                "vector_store_expired"
            );
        }

        store.Touch(Now);
        return store;
    }

    public async Task<VectorStore> CreateAsync(Func<string, StoreState> create, CancellationToken cancellationToken)
    {
        _ = Files;
        string id = StateFile.NewId(StorePrefix);
        await _collections.CreateAsync(id, null, null, null, cancellationToken);
        return _stores[id] = VectorStore.Create(Path.Combine(_folder!, id), create(id));
    }

    /// <summary>Deletes a store and its documents; the uploaded files stay.</summary>
    public async Task DeleteAsync(VectorStore store, CancellationToken cancellationToken)
    {
        await DeleteCollectionAsync(store.Id, cancellationToken);
        if (_stores.TryRemove(store.Id, out _))
            Directory.Delete(Path.Combine(_folder!, store.Id), recursive: true);
    }

    /// <summary>Deletes the documents of a store, if they are there.</summary>
    public async Task DeleteCollectionAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            await _collections.DeleteAsync(id, cancellationToken);
        }
        catch (ServiceException e) when (e.Status == 404)
        {
            // It was deleted through the routes of collections.
        }
    }
}
