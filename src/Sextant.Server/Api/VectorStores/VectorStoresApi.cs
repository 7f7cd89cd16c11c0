using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Sextant.Server.Keys;
using Sextant.Server.VectorStores;

namespace Sextant.Server.Api.VectorStores;

/// <summary>OpenAI's vector stores, each of which is a collection of the same name.</summary>
internal static class VectorStoresApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder stores = routes.MapGroup("/vector_stores").WithTags("Vector stores");
        stores
            .MapPost("", CreateAsync)
            .WithName("createVectorStore")
            .WithSummary("Creates a vector store, with OpenAI's API.")
            .Manages(RightScope.VectorStores);
        stores.MapGet("", List).WithName("listVectorStores").WithSummary("Lists the vector stores.");
        RouteGroupBuilder store = stores.MapGroup("/{vector_store_id}");
        store.MapGet("", Get).WithName("getVectorStore").WithSummary("Describes a vector store.");
        store.MapPost("", Update).WithName("updateVectorStore").WithSummary("Changes a vector store.").Manages();
        store.MapDelete("", DeleteAsync).WithName("deleteVectorStore").WithSummary("Deletes a vector store; the files stay.").Manages();
        VectorStoreFilesApi.Map(store.MapGroup("/files"));
        VectorStoreBatchesApi.Map(store.MapGroup("/file_batches"));
        VectorStoreSearchApi.Map(store);
    }

    private static async Task<Ok<VectorStoreBody>> CreateAsync(
        CreateVectorStore? request,
        VectorStoreSet stores,
        StoreFiles files,
        CancellationToken cancellationToken
    )
    {
        request ??= new();
        StoreLimits.RequireName(request.Name, "name");
        StoreLimits.RequireName(request.Description, "description");
        int? days = StoreLimits.Days(request.ExpiresAfter);
        (int, int) chunks = StoreLimits.Chunks(request.ChunkingStrategy);
        IReadOnlyDictionary<string, string> metadata = StoreLimits.Metadata(request.Metadata);
        foreach (string file in request.FileIds ?? [])
            stores.Files.Get(file, "file_ids");
        long now = stores.Now;
        VectorStore store = await stores.CreateAsync(
            id =>
                new()
                {
                    Id = id,
                    Name = request.Name,
                    Description = request.Description,
                    CreatedAt = now,
                    ExpiresAfterDays = days,
                    LastActiveAt = now,
                    Metadata = metadata,
                },
            cancellationToken
        );
        foreach (string file in (request.FileIds ?? []).Distinct(StringComparer.Ordinal))
            await files.AttachAsync(store, file, chunks, [], cancellationToken);
        return TypedResults.Ok(Describe(store, stores));
    }

    private static Ok<ListPage<VectorStoreBody>> List([AsParameters] PageParameters page, VectorStoreSet stores, Callers callers) =>
        TypedResults.Ok(
            Paging.Page(
                stores.All.Where(store => callers.Current.May(KeyRights.Read, store.Id)),
                static store => (store.State.CreatedAt, store.Id),
                store => Describe(store, stores),
                page
            )
        );

    private static Ok<VectorStoreBody> Get([FromRoute(Name = "vector_store_id")] string id, VectorStoreSet stores) =>
        TypedResults.Ok(Describe(stores.Get(id), stores));

    private static Ok<VectorStoreBody> Update(
        [FromRoute(Name = "vector_store_id")] string id,
        UpdateVectorStore request,
        VectorStoreSet stores
    )
    {
        StoreLimits.RequireName(request.Name, "name");
        int? days = StoreLimits.Days(request.ExpiresAfter);
        IReadOnlyDictionary<string, string>? metadata = request.Metadata is null ? null : StoreLimits.Metadata(request.Metadata);
        VectorStore store = stores.Use(id);
        store.Update(state =>
            state with
            {
                Name = request.Name ?? state.Name,
                ExpiresAfterDays = days ?? state.ExpiresAfterDays,
                Metadata = metadata ?? state.Metadata,
            }
        );
        return TypedResults.Ok(Describe(store, stores));
    }

    private static async Task<Ok<DeletedBody>> DeleteAsync(
        [FromRoute(Name = "vector_store_id")] string id,
        VectorStoreSet stores,
        IngestionJobs jobs,
        CancellationToken cancellationToken
    )
    {
        VectorStore store = stores.Get(id);
        foreach (StoreFileState file in store.Files)
            await jobs.CancelAsync(store, file.FileId, cancellationToken);
        await stores.DeleteAsync(store, cancellationToken);
        return TypedResults.Ok(new DeletedBody(id, "vector_store.deleted", true));
    }

    private static VectorStoreBody Describe(VectorStore store, VectorStoreSet stores)
    {
        StoreState state = store.State;
        IReadOnlyList<StoreFileState> files = store.Files;
        FileCounts counts = FileCounts.Create(files);
        return new(
            state.Id,
            "vector_store",
            state.CreatedAt,
            state.Name,
            state.Description,
            files.Sum(static file => file.UsageBytes),
            counts,
            store.IsExpired(stores.Now) ? "expired"
                : counts.InProgress > 0 ? FileStatus.InProgress
                : FileStatus.Completed,
            state.ExpiresAfterDays is { } days ? new("last_active_at", days) : null,
            state.LastActiveAt + (state.ExpiresAfterDays * 86_400L),
            state.LastActiveAt,
            state.Metadata
        );
    }
}
