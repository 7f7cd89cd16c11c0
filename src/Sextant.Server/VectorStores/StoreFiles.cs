using System.Text.Json.Nodes;
using Sextant.Server.Keys;

namespace Sextant.Server.VectorStores;

/// <summary>Attaches files to vector stores and removes them.</summary>
internal sealed class StoreFiles(VectorStoreSet stores, IngestionJobs jobs, FileIngestion ingestion, Callers callers)
{
    /// <summary>Attaches a file and queues it for indexing. A file that is already attached is indexed again.</summary>
    public async Task<StoreFileState> AttachAsync(
        VectorStore store,
        string fileId,
        (int Tokens, int Overlap) chunks,
        JsonObject attributes,
        CancellationToken cancellationToken
    )
    {
        if (store.FindFile(fileId) is not null)
            await RemoveAsync(store, fileId, cancellationToken);
        StoreFileState file = new()
        {
            FileId = fileId,
            Key = callers.Current is { IsKey: true } caller ? caller.Name : null,
            CreatedAt = stores.Now,
            Status = FileStatus.InProgress,
            ChunkTokens = chunks.Tokens,
            OverlapTokens = chunks.Overlap,
            Attributes = attributes,
        };
        store.Put(file);
        jobs.Enqueue(store, fileId);
        return file;
    }

    /// <summary>Removes a file and its documents from a store.</summary>
    public async Task RemoveAsync(VectorStore store, string fileId, CancellationToken cancellationToken)
    {
        await jobs.CancelAsync(store, fileId, cancellationToken);
        if (store.FindFile(fileId) is not { } file)
            return;
        await ingestion.RemoveAsync(store, file, cancellationToken);
        store.RemoveFile(fileId);
    }
}
