using System.Text.Json.Nodes;

namespace Sextant.Server.VectorStores;

/// <summary>Attaches files to vector stores and takes them out again.</summary>
internal sealed class StoreFiles(VectorStoreSet stores, IngestionJobs jobs, FileIngestion ingestion)
{
    /// <summary>Attaches a file, which is read in the background. One that is there is read again.</summary>
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

    /// <summary>Takes a file out of a store, with its documents.</summary>
    public async Task RemoveAsync(VectorStore store, string fileId, CancellationToken cancellationToken)
    {
        await jobs.CancelAsync(store, fileId, cancellationToken);
        if (store.FindFile(fileId) is not { } file)
            return;
        await ingestion.RemoveAsync(store, file, cancellationToken);
        store.RemoveFile(fileId);
    }
}
