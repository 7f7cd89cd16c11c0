using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Sextant.Server.Http;
using Sextant.Server.Keys;
using Sextant.Server.VectorStores;

namespace Sextant.Server.Api.VectorStores;

/// <summary>OpenAI's files: uploaded once, and attached to vector stores.</summary>
internal static class FilesApi
{
    private const int MaxFiles = 10_000;
    private const int MinLifetime = 3600;
    private const int MaxLifetime = 2_592_000;

    private static readonly string[] Purposes = ["assistants", "user_data", "batch", "fine-tune", "vision", "evals"];

    public static void Map(IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder files = routes.MapGroup("/files").WithTags("Files");
        files
            .MapPost("", UploadAsync)
            .WithName("uploadFile")
            .WithSummary("Uploads a file, with OpenAI's API.")
            .Accepts<FileForm>("multipart/form-data")
            .DisableAntiforgery()
            .Writes()
            .Needs(KeyRights.Write, RightScope.VectorStores);
        files
            .MapGet("", List)
            .WithName("listFiles")
            .WithSummary("Lists the uploaded files.")
            .Needs(KeyRights.Read, RightScope.VectorStores);
        files
            .MapGet("/{file_id}", Get)
            .WithName("getFile")
            .WithSummary("Describes an uploaded file.")
            .Needs(KeyRights.Read, RightScope.VectorStores);
        files
            .MapGet("/{file_id}/content", Content)
            .WithName("getFileContent")
            .WithSummary("Returns the content of an uploaded file.")
            .Produces<byte[]>(200, "application/octet-stream")
            .Needs(KeyRights.Read, RightScope.VectorStores);
        files
            .MapDelete("/{file_id}", DeleteAsync)
            .WithName("deleteFile")
            .WithSummary("Deletes an uploaded file, and its documents in all vector stores.")
            .Writes()
            .Needs(KeyRights.Write, RightScope.VectorStores);
    }

    private static async Task<Ok<FileBody>> UploadAsync(HttpRequest request, VectorStoreSet stores, CancellationToken cancellationToken)
    {
        if (!request.HasFormContentType)
        {
            throw new ServiceException(
                415,
                "The body must be a form; say so with the header Content-Type: multipart/form-data.",
                "Content-Type",
                "unsupported_media_type"
            );
        }

        IFormCollection form = await ReadAsync(request, cancellationToken);
        IFormFile file = form.Files.GetFile("file") ?? throw ServiceException.BadRequest("Missing required parameter: 'file'.", "file");
        if (form["purpose"] is not [{ } purpose])
            throw ServiceException.BadRequest("Missing required parameter: 'purpose'.", "purpose");
        if (!Purposes.Contains(purpose))
            throw ServiceException.BadRequest($"'{purpose}' is not one of ['{string.Join("', '", Purposes)}'] - 'purpose'", "purpose");
        string name = Path.GetFileName(file.FileName.Replace('\\', '/'));
        if (name.Length is 0 or > 255 || name.Any(char.IsControl))
            throw ServiceException.BadRequest("The name of a file has 1 to 255 characters and no control characters.", "file");
        await using Stream content = file.OpenReadStream();
        return TypedResults.Ok(Describe(await stores.Files.AddAsync(content, name, purpose, Lifetime(form), cancellationToken)));
    }

    private static async Task<IFormCollection> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await request.ReadFormAsync(cancellationToken);
        }
        catch (Exception e) when (e is InvalidDataException or IOException and not BadHttpRequestException)
        {
            throw ServiceException.BadRequest("We could not parse the form of your request: it breaks off or is malformed.");
        }
    }

    private static long? Lifetime(IFormCollection form)
    {
        const string Anchor = "expires_after[anchor]",
            Seconds = "expires_after[seconds]";
        if (!form.ContainsKey(Anchor) && !form.ContainsKey(Seconds))
            return null;
        if (form[Anchor] != "created_at")
            throw ServiceException.BadRequest("'expires_after[anchor]' must be 'created_at'.", Anchor);
        return
            long.TryParse(form[Seconds], NumberStyles.None, CultureInfo.InvariantCulture, out long seconds)
            && seconds is >= MinLifetime and <= MaxLifetime
            ? seconds
            : throw ServiceException.BadRequest($"'expires_after[seconds]' must be from {MinLifetime} to {MaxLifetime}.", Seconds);
    }

    private static Ok<ListPage<FileBody>> List([AsParameters] PageParameters page, string? purpose, VectorStoreSet stores) =>
        TypedResults.Ok(
            Paging.Page(
                stores.Files.All.Where(file => purpose is null || file.Purpose == purpose),
                static file => (file.CreatedAt, file.Id),
                Describe,
                page with
                {
                    Limit = page.Limit ?? MaxFiles,
                },
                MaxFiles
            )
        );

    private static Ok<FileBody> Get([FromRoute(Name = "file_id")] string fileId, VectorStoreSet stores) =>
        TypedResults.Ok(Describe(stores.Files.Get(fileId)));

    private static PhysicalFileHttpResult Content([FromRoute(Name = "file_id")] string fileId, VectorStoreSet stores)
    {
        UploadedFile file = stores.Files.Get(fileId);
        return TypedResults.PhysicalFile(stores.Files.ContentOf(file), "application/octet-stream", file.Filename);
    }

    private static async Task<Ok<DeletedBody>> DeleteAsync(
        [FromRoute(Name = "file_id")] string fileId,
        VectorStoreSet stores,
        StoreFiles files,
        CancellationToken cancellationToken
    )
    {
        UploadedFile file = stores.Files.Get(fileId);
        foreach (VectorStore store in stores.All.Where(store => store.FindFile(file.Id) is not null))
            await files.RemoveAsync(store, file.Id, cancellationToken);
        stores.Files.Delete(file.Id);
        return TypedResults.Ok(new DeletedBody(file.Id, "file", true));
    }

    private static FileBody Describe(UploadedFile file) =>
        new(file.Id, "file", file.Bytes, file.CreatedAt, file.ExpiresAt, file.Filename, file.Purpose, "processed");
}
