using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Sextant.Server.Http;
using Sextant.Server.VectorStores;

namespace Sextant.Server.Api.VectorStores;

/// <summary>Files that are attached to a vector store together.</summary>
internal static class VectorStoreBatchesApi
{
    private const int MaxFiles = 500;

    public static void Map(RouteGroupBuilder batches)
    {
        batches.MapPost("", CreateAsync).WithName("createFileBatch").WithSummary("Attaches several files.").Writes().AttachesFiles();
        batches.MapGet("/{batch_id}", Get).WithName("getFileBatch").WithSummary("Describes a batch and its progress.");
        batches
            .MapPost("/{batch_id}/cancel", CancelAsync)
            .WithName("cancelFileBatch")
            .WithSummary("Cancels the files of a batch that are still in progress.")
            .Writes();
        batches.MapGet("/{batch_id}/files", List).WithName("listFilesOfBatch").WithSummary("Lists the files of a batch.");
    }

    private static async Task<Ok<FileBatchBody>> CreateAsync(
        [FromRoute(Name = "vector_store_id")] string id,
        CreateFileBatch request,
        VectorStoreSet stores,
        StoreFiles files,
        CancellationToken cancellationToken
    )
    {
        if (request is { FileIds: null, Files: null } or { FileIds: not null, Files: not null })
            throw ServiceException.BadRequest("Give one of 'file_ids' and 'files'.", "file_ids");
        AttachFile[] items =
        [
            .. request.Files
                ?? request.FileIds!.Select(file => new AttachFile
                {
                    FileId = file,
                    Attributes = request.Attributes,
                    ChunkingStrategy = request.ChunkingStrategy,
                }),
        ];
        if (items.Length is 0 or > MaxFiles)
            throw ServiceException.BadRequest($"A batch has 1 to {MaxFiles} files.", request.Files is null ? "file_ids" : "files");
        VectorStore store = stores.Use(id);
        // All are checked before the first is attached.
        (string Id, (int, int) Chunks, JsonObject Attributes)[] attached =
        [
            .. items
                .Select(item =>
                    (
                        stores.Files.Get(item.FileId).Id,
                        StoreLimits.Chunks(item.ChunkingStrategy),
                        (JsonObject)StoreLimits.Attributes(item.Attributes).DeepClone()
                    )
                )
                .DistinctBy(static file => file.Id),
        ];
        StoreBatchState batch = new(StateFile.NewId("vsfb_"), stores.Now, [.. attached.Select(static file => file.Id)], IsCancelled: false);
        store.Put(batch);
        foreach ((string file, (int, int) chunks, JsonObject attributes) in attached)
            await files.AttachAsync(store, file, chunks, attributes, cancellationToken);
        return TypedResults.Ok(Describe(store, batch));
    }

    private static Ok<FileBatchBody> Get(
        [FromRoute(Name = "vector_store_id")] string id,
        [FromRoute(Name = "batch_id")] string batchId,
        VectorStoreSet stores
    )
    {
        VectorStore store = stores.Get(id);
        return TypedResults.Ok(Describe(store, store.GetBatch(batchId)));
    }

    private static async Task<Ok<FileBatchBody>> CancelAsync(
        [FromRoute(Name = "vector_store_id")] string id,
        [FromRoute(Name = "batch_id")] string batchId,
        VectorStoreSet stores,
        IngestionJobs jobs,
        CancellationToken cancellationToken
    )
    {
        VectorStore store = stores.Use(id);
        StoreBatchState batch = store.GetBatch(batchId);
        foreach (StoreFileState file in FilesOf(store, batch).Where(static file => file.Status == FileStatus.InProgress))
            await jobs.CancelAsync(store, file.FileId, cancellationToken);
        batch = batch with { IsCancelled = true };
        store.Put(batch);
        return TypedResults.Ok(Describe(store, batch));
    }

    private static Ok<ListPage<VectorStoreFileBody>> List(
        [FromRoute(Name = "vector_store_id")] string id,
        [FromRoute(Name = "batch_id")] string batchId,
        [AsParameters] PageParameters page,
        string? filter,
        VectorStoreSet stores
    )
    {
        VectorStore store = stores.Get(id);
        return TypedResults.Ok(VectorStoreFilesApi.Page(store, FilesOf(store, store.GetBatch(batchId)), filter, page));
    }

    private static List<StoreFileState> FilesOf(VectorStore store, StoreBatchState batch) =>
        [.. batch.FileIds.Select(store.FindFile).OfType<StoreFileState>()];

    private static FileBatchBody Describe(VectorStore store, StoreBatchState batch)
    {
        FileCounts counts = FileCounts.Create(FilesOf(store, batch));
        string status =
            batch.IsCancelled ? FileStatus.Cancelled
            : counts.InProgress > 0 ? FileStatus.InProgress
            : counts.Failed > 0 && counts.Failed == counts.Total ? FileStatus.Failed
            : FileStatus.Completed;
        return new(batch.Id, "vector_store.file_batch", batch.CreatedAt, store.Id, status, counts);
    }
}
