using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Sextant.Server.Collections;
using Sextant.Server.Http;
using Sextant.Server.Keys;

namespace Sextant.Server.Api.Documents;

/// <summary>Documents of a collection: added and replaced many at a time, read, deleted, exported.</summary>
internal static class DocumentsApi
{
    private const int ListBatch = 256;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes = routes.MapGroup("/collections/{name}").WithTags("Documents");
        routes
            .MapPost("/documents", AddAsync)
            .WithName("addDocuments")
            .WithSummary("Adds documents, replacing those with the same id, atomically; they are on disk when the response arrives.")
            .Accepts<DocumentsRequest>("application/json", DocumentBatch.JsonLines, "application/jsonl")
            .Writes();
        routes.MapGet("/documents/{**id}", GetAsync).WithName("getDocument").WithSummary("Reads a document.");
        routes.MapDelete("/documents/{**id}", DeleteAsync).WithName("deleteDocument").WithSummary("Deletes a document.").Writes();
        routes
            .MapGet("/export", ExportAsync)
            .WithName("exportDocuments")
            .WithSummary("Exports all documents as JSON Lines.")
            .Produces<DocumentBody>(200, DocumentBatch.JsonLines)
            .TakesLong();
    }

    private static async Task<Ok<DocumentsAdded>> AddAsync(
        string name,
        HttpRequest request,
        CollectionSet collections,
        IdempotentAnswers answers,
        ServerOptions options,
        CancellationToken cancellationToken
    )
    {
        using CollectionLease lease = await collections.UseAsync(name, cancellationToken, KeyRights.Write);
        List<DocumentInput> documents = await DocumentBatch.ReadAsync(request, options.MaxBatch, cancellationToken);
        return TypedResults.Ok(
            await answers.GetAsync(
                request,
                lease.GetIncarnationAsync,
                documents,
                async stopped =>
                {
                    // The work may outlast this request, where another has come to wait for it.
                    using CollectionLease own = lease.Share();
                    try
                    {
                        UpsertResult done = await own.Engine.AddDocumentsAsync(
                            documents.Select(document => document.ToDocument()),
                            stopped
                        );
                        return new DocumentsAdded(done.Ids, done.Added, done.Updated, done.Unchanged);
                    }
                    finally
                    {
                        own.Collection.Changed();
                    }
                },
                cancellationToken
            )
        );
    }

    private static async Task<Results<Ok<DocumentBody>, StatusCodeHttpResult>> GetAsync(
        string name,
        string? id,
        bool? vector,
        HttpContext context,
        CollectionSet collections,
        CancellationToken cancellationToken
    )
    {
        id = Id(context);
        using CollectionLease lease = await collections.UseAsync(name, cancellationToken);
        Document found = await lease.Engine.GetAsync(id, cancellationToken) ?? throw ServiceException.NoDocument(id);
        DocumentBody body = Body(found, vector ?? false);
        return EntityTag.Matches(context, JsonSerializer.SerializeToUtf8Bytes(body, ServerJson.Options))
            ? TypedResults.StatusCode(StatusCodes.Status304NotModified)
            : TypedResults.Ok(body);
    }

    private static async Task<Ok<Deletion>> DeleteAsync(
        string name,
        string? id,
        HttpContext context,
        CollectionSet collections,
        CancellationToken cancellationToken
    )
    {
        id = Id(context);
        using CollectionLease lease = await collections.UseAsync(name, cancellationToken, KeyRights.Write);
        if (!await lease.Engine.DeleteAsync(id, cancellationToken))
            throw ServiceException.NoDocument(id);
        lease.Collection.Changed();
        return TypedResults.Ok(new Deletion("document.deleted", id, true));
    }

    private static async Task ExportAsync(
        string name,
        bool? vectors,
        HttpContext context,
        CollectionSet collections,
        CancellationToken cancellationToken
    )
    {
        using CollectionLease lease = await collections.UseAsync(name, cancellationToken);
        // Once the first document is sent, an error could only break the connection.
        await lease.Engine.Store.ThrowIfDamagedAsync(cancellationToken);
        context.Response.ContentType = DocumentBatch.JsonLines;
        context.Response.Headers.ContentDisposition = $"attachment; filename=\"{name}.jsonl\"";
        if (HeadRequests.IsHead(context))
            return;
        // Vectors of two models must not be mixed; texts alone may be.
        IAsyncEnumerable<Document> documents = vectors is true
            ? lease.Engine.ListAsync(cancellationToken)
            : lease
                .Engine.Store.ListAsync(ListBatch, cancellationToken)
                .SelectMany(static batch => batch)
                .Select(static stored => stored.ToDocument());
        await foreach (Document document in documents)
        {
            await JsonSerializer.SerializeAsync(
                context.Response.BodyWriter,
                Body(document, vectors ?? false),
                ServerJson.Options,
                cancellationToken
            );
            context.Response.BodyWriter.Write("\n"u8);
        }

        await context.Response.BodyWriter.FlushAsync(cancellationToken);
    }

    /// <summary>The body of a document.</summary>
    public static DocumentBody Body(Document document, bool vector) =>
        new(document.Id!, document.Text, document.Metadata ?? [], vector ? document.Vector?.ToArray() : null);

    // v1, collections, the name, documents: what follows is the id.
    public static string Id(HttpContext context) => Address.After(context, 4, "id");
}
