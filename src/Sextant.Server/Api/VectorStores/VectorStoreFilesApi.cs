using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Sextant.Server.Http;
using Sextant.Server.VectorStores;

namespace Sextant.Server.Api.VectorStores;

/// <summary>The files of a vector store.</summary>
internal static class VectorStoreFilesApi
{
    private static readonly string[] Statuses = [FileStatus.InProgress, FileStatus.Completed, FileStatus.Failed, FileStatus.Cancelled];

    public static void Map(RouteGroupBuilder files)
    {
        files
            .MapPost("", AttachAsync)
            .WithName("attachFile")
            .WithSummary("Attaches a file, which is indexed in the background.")
            .Writes()
            .AttachesFiles();
        files.MapGet("", List).WithName("listVectorStoreFiles").WithSummary("Lists the files of a vector store.");
        files.MapGet("/{file_id}", Get).WithName("getVectorStoreFile").WithSummary("Describes a file and its progress.");
        files
            .MapPost("/{file_id}", UpdateAsync)
            .WithName("updateVectorStoreFile")
            .WithSummary("Replaces the attributes of a file; nothing is embedded again.")
            .Writes();
        files
            .MapDelete("/{file_id}", DeleteAsync)
            .WithName("detachFile")
            .WithSummary("Removes a file from a vector store, but not from the uploaded files.")
            .Writes();
        files.MapGet("/{file_id}/content", ContentAsync).WithName("getVectorStoreFileContent").WithSummary("Returns the parts of a file.");
    }

    /// <summary>The page of files whose status is as asked for.</summary>
    public static ListPage<VectorStoreFileBody> Page(
        VectorStore store,
        IEnumerable<StoreFileState> files,
        string? filter,
        PageParameters page
    )
    {
        if (filter is not null && !Statuses.Contains(filter))
            throw ServiceException.BadRequest($"'{filter}' is not one of ['{string.Join("', '", Statuses)}'] - 'filter'", "filter");
        return Paging.Page(
            files.Where(file => filter is null || file.Status == filter),
            static file => (file.CreatedAt, file.FileId),
            file => VectorStoreFileBody.Create(store, file),
            page
        );
    }

    private static async Task<Ok<VectorStoreFileBody>> AttachAsync(
        [FromRoute(Name = "vector_store_id")] string id,
        AttachFile request,
        VectorStoreSet stores,
        StoreFiles files,
        CancellationToken cancellationToken
    )
    {
        VectorStore store = stores.Use(id);
        stores.Files.Get(request.FileId);
        StoreFileState file = await files.AttachAsync(
            store,
            request.FileId,
            StoreLimits.Chunks(request.ChunkingStrategy),
            StoreLimits.Attributes(request.Attributes),
            cancellationToken
        );
        return TypedResults.Ok(VectorStoreFileBody.Create(store, file));
    }

    private static Ok<ListPage<VectorStoreFileBody>> List(
        [FromRoute(Name = "vector_store_id")] string id,
        [AsParameters] PageParameters page,
        string? filter,
        VectorStoreSet stores
    )
    {
        VectorStore store = stores.Get(id);
        return TypedResults.Ok(Page(store, store.Files, filter, page));
    }

    private static Ok<VectorStoreFileBody> Get(
        [FromRoute(Name = "vector_store_id")] string id,
        [FromRoute(Name = "file_id")] string fileId,
        VectorStoreSet stores
    )
    {
        VectorStore store = stores.Get(id);
        return TypedResults.Ok(VectorStoreFileBody.Create(store, store.GetFile(fileId)));
    }

    private static async Task<Ok<VectorStoreFileBody>> UpdateAsync(
        [FromRoute(Name = "vector_store_id")] string id,
        [FromRoute(Name = "file_id")] string fileId,
        UpdateAttributes request,
        VectorStoreSet stores,
        FileIngestion ingestion,
        CancellationToken cancellationToken
    )
    {
        VectorStore store = stores.Use(id);
        if (store.GetFile(fileId).Status == FileStatus.InProgress)
        {
            throw new ServiceException(
                409,
                $"The file '{fileId}' is being read; change its attributes when that is done.",
                "file_id",
                "file_in_progress",
                "conflict"
            );
        }

        JsonObject attributes = StoreLimits.Attributes(request.Attributes);
        StoreFileState changed = store.Change(fileId, file => file with { Attributes = attributes }) ?? store.GetFile(fileId);
        await ingestion.ReplaceAttributesAsync(store, changed, cancellationToken);
        return TypedResults.Ok(VectorStoreFileBody.Create(store, changed));
    }

    private static async Task<Ok<DeletedBody>> DeleteAsync(
        [FromRoute(Name = "vector_store_id")] string id,
        [FromRoute(Name = "file_id")] string fileId,
        VectorStoreSet stores,
        StoreFiles files,
        CancellationToken cancellationToken
    )
    {
        VectorStore store = stores.Use(id);
        store.GetFile(fileId);
        await files.RemoveAsync(store, fileId, cancellationToken);
        return TypedResults.Ok(new DeletedBody(fileId, "vector_store.file.deleted", true));
    }

    private static async Task<Ok<FileContentPage>> ContentAsync(
        [FromRoute(Name = "vector_store_id")] string id,
        [FromRoute(Name = "file_id")] string fileId,
        VectorStoreSet stores,
        FileIngestion ingestion,
        CancellationToken cancellationToken
    )
    {
        VectorStore store = stores.Use(id);
        List<Document> parts = await ingestion.PartsAsync(store, store.GetFile(fileId), cancellationToken);
        return TypedResults.Ok(
            new FileContentPage(
                "vector_store.file_content.page",
                [.. parts.Select(static part => new TextContent("text", part.Text))],
                false,
                null
            )
        );
    }
}
