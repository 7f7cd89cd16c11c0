using Microsoft.Extensions.Logging;
using Sextant.Server.Http;

namespace Sextant.Server.VectorStores;

/// <summary>The state of a vector store, in memory and in its folder. All members are thread-safe.</summary>
internal sealed class VectorStore
{
    private const string StateName = "store.json";
    private const string FilesName = "files";
    private const string BatchesName = "batches";
    private const int SecondsBetweenUses = 60;

    private readonly string _folder;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, StoreFileState> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, StoreBatchState> _batches = new(StringComparer.Ordinal);
    private StoreState _state;

    private VectorStore(string folder, StoreState state) => (_folder, _state) = (folder, state);

    public string Id => State.Id;

    public StoreState State
    {
        get
        {
            lock (_lock)
                return _state;
        }
    }

    public IReadOnlyList<StoreFileState> Files
    {
        get
        {
            lock (_lock)
                return [.. _files.Values];
        }
    }

    public static VectorStore Create(string folder, StoreState state)
    {
        Directory.CreateDirectory(Path.Combine(folder, FilesName));
        Directory.CreateDirectory(Path.Combine(folder, BatchesName));
        // Written last: a folder without it is an interrupted creation.
        StateFile.Write(Path.Combine(folder, StateName), state);
        return new(folder, state);
    }

    /// <returns>The store; <see langword="null"/> if its creation was interrupted, or its state is damaged, which is logged.</returns>
    public static VectorStore? Open(string folder, ILogger logger)
    {
        if (
            !File.Exists(Path.Combine(folder, StateName))
            || StateFile.TryRead<StoreState>(Path.Combine(folder, StateName), logger) is not { } state
        )
        {
            return null;
        }

        VectorStore store = new(folder, state);
        foreach (string path in Directory.EnumerateFiles(Path.Combine(folder, FilesName), "*.json"))
        {
            if (StateFile.TryRead<StoreFileState>(path, logger) is { } file)
                store._files[file.FileId] = file;
        }

        foreach (string path in Directory.EnumerateFiles(Path.Combine(folder, BatchesName), "*.json"))
        {
            if (StateFile.TryRead<StoreBatchState>(path, logger) is { } batch)
                store._batches[batch.Id] = batch;
        }

        return store;
    }

    public bool IsExpired(long now) => State is { ExpiresAfterDays: { } days } state && state.LastActiveAt + (days * 86_400L) <= now;

    public void Update(Func<StoreState, StoreState> change)
    {
        lock (_lock)
        {
            StoreState changed = change(_state);
            StateFile.Write(Path.Combine(_folder, StateName), changed);
            _state = changed;
        }
    }

    /// <summary>Records the time of use, on disk at most once a minute.</summary>
    public void Touch(long now)
    {
        if (now - State.LastActiveAt >= SecondsBetweenUses)
            Update(state => state with { LastActiveAt = now });
    }

    /// <exception cref="ServiceException">The file is not in the store.</exception>
    public StoreFileState GetFile(string fileId) =>
        FindFile(fileId)
        ?? throw new ServiceException(404, $"No file found with id '{fileId}' in vector store '{Id}'.", "file_id", "file_not_found");

    public StoreFileState? FindFile(string fileId)
    {
        lock (_lock)
            return _files.GetValueOrDefault(fileId);
    }

    public void Put(StoreFileState file)
    {
        lock (_lock)
        {
            StateFile.Write(PathOf(FilesName, file.FileId), file);
            _files[file.FileId] = file;
        }
    }

    /// <summary>Changes a file, if it is still there.</summary>
    /// <returns>What became of it; <see langword="null"/> if it is gone.</returns>
    public StoreFileState? Change(string fileId, Func<StoreFileState, StoreFileState> change)
    {
        lock (_lock)
        {
            if (!_files.TryGetValue(fileId, out StoreFileState? file))
                return null;
            StoreFileState changed = change(file);
            Put(changed);
            return changed;
        }
    }

    public void RemoveFile(string fileId)
    {
        lock (_lock)
        {
            File.Delete(PathOf(FilesName, fileId));
            _files.Remove(fileId);
        }
    }

    public void Put(StoreBatchState batch)
    {
        lock (_lock)
        {
            StateFile.Write(PathOf(BatchesName, batch.Id), batch);
            _batches[batch.Id] = batch;
        }
    }

    /// <exception cref="ServiceException">There is no such batch.</exception>
    public StoreBatchState GetBatch(string id)
    {
        lock (_lock)
        {
            return _batches.GetValueOrDefault(id)
                ?? throw new ServiceException(
                    404,
                    $"No file batch found with id '{id}' in vector store '{Id}'.",
                    "batch_id",
                    "batch_not_found"
                );
        }
    }

    private string PathOf(string kind, string id) => Path.Combine(_folder, kind, id + ".json");
}
