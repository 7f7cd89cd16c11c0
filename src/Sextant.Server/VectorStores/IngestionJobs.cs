using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sextant.Server.Http;
using Sextant.Server.Keys;

namespace Sextant.Server.VectorStores;

/// <summary>
/// Indexes the files of vector stores in the background, one at a time. Files that were in progress when the service stopped are queued
/// again at the next start.
/// </summary>
internal sealed class IngestionJobs(
    VectorStoreSet stores,
    FileIngestion ingestion,
    Callers callers,
    ApiKeys keys,
    ServerOptions options,
    LocalPaths paths,
    ILogger<IngestionJobs> logger
) : BackgroundService
{
    private static readonly TimeSpan SweepEvery = TimeSpan.FromMinutes(10);

    private readonly Channel<(string Store, string File)> _queue = Channel.CreateUnbounded<(string, string)>();
    private readonly ConcurrentDictionary<(string Store, string File), CancellationTokenSource> _running = new();

    /// <summary>Queues a file after its state is stored.</summary>
    public void Enqueue(VectorStore store, string fileId) => _queue.Writer.TryWrite((store.Id, fileId));

    /// <summary>Cancels a file that is queued or in progress, and removes its documents.</summary>
    public async Task CancelAsync(VectorStore store, string fileId, CancellationToken cancellationToken)
    {
        store.Change(fileId, static file => file.Status == FileStatus.InProgress ? file with { Status = FileStatus.Cancelled } : file);
        while (_running.TryGetValue((store.Id, fileId), out CancellationTokenSource? running))
        {
            await running.CancelAsync();
            await Task.Delay(5, cancellationToken);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.ReadOnly)
            return;
        callers.Enter(Caller.Local);
        foreach (VectorStore store in stores.All)
        {
            foreach (StoreFileState file in store.Files.Where(static file => file.Status == FileStatus.InProgress))
                Enqueue(store, file.FileId);
        }

        Task sweeping = SweepAsync(stoppingToken);
        try
        {
            await foreach ((string store, string file) in _queue.Reader.ReadAllAsync(stoppingToken))
                await RunAsync(store, file, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Files in progress are queued again at the next start.
        }

        await sweeping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task RunAsync(string storeId, string fileId, CancellationToken stoppingToken)
    {
        VectorStore? store = stores.Find(storeId);
        using CancellationTokenSource running = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        if (!_running.TryAdd((storeId, fileId), running))
            return;
        try
        {
            if (store?.FindFile(fileId) is not { Status: FileStatus.InProgress } file)
                return;
            UploadedFile uploaded = stores.Files.Get(fileId);
            callers.Enter(file.Key is { } key && keys.FindByName(key) is { } caller ? caller.ForJob() : Caller.Local);
            await ReadAsync(store, file, uploaded, running.Token);
        }
        catch (ServiceException e)
        {
            store?.Change(fileId, file => Failed(file, e.Status == 429 ? "rate_limit_exceeded" : "invalid_file", e.Message));
        }
        catch (OperationCanceledException) when (running.IsCancellationRequested)
        {
            if (!stoppingToken.IsCancellationRequested && store?.FindFile(fileId) is { } file)
                await CleanAsync(store, file);
        }
        finally
        {
            _running.TryRemove((storeId, fileId), out _);
        }
    }

    private async Task ReadAsync(VectorStore store, StoreFileState file, UploadedFile uploaded, CancellationToken cancellationToken)
    {
        string path = stores.Files.ContentOf(uploaded);
        try
        {
            await ingestion.RunAsync(store, file, path, cancellationToken);
        }
        catch (SextantException e)
        {
            string message = paths.Remove(e.Message.Replace(path, uploaded.Filename, StringComparison.Ordinal));
            store.Change(file.FileId, state => Failed(state, e is InputException ? "invalid_file" : "server_error", message));
            if (store.FindFile(file.FileId) is { } failed)
                await CleanAsync(store, failed);
        }
        catch (Exception e) when (e is not OperationCanceledException and not ServiceException)
        {
            logger.LogError(e, "Reading {File} into {Store} failed", file.FileId, store.Id);
            store.Change(file.FileId, state => Failed(state, "server_error", "The service failed at this file; its log says why."));
        }
    }

    private async Task CleanAsync(VectorStore store, StoreFileState file)
    {
        try
        {
            await ingestion.RemoveAsync(store, file, CancellationToken.None);
            store.Change(file.FileId, static state => state with { Chunks = 0 });
        }
        catch (Exception e) when (e is SextantException or ServiceException)
        {
            logger.LogWarning(e, "Parts of {File} are left in {Store}", file.FileId, store.Id);
        }
    }

    private static StoreFileState Failed(StoreFileState file, string code, string message) =>
        file with
        {
            Status = FileStatus.Failed,
            ErrorCode = code,
            ErrorMessage = message,
        };

    private async Task SweepAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            foreach (VectorStore store in stores.All.Where(store => store.IsExpired(stores.Now)))
                await stores.DeleteCollectionAsync(store.Id, stoppingToken);
            await Task.Delay(SweepEvery, stoppingToken);
        }
    }
}
