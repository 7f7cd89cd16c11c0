using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Sextant.Search.Filters;
using Sextant.Search.Updates;
using Sextant.Server.Collections;
using Sextant.Server.Http;
using Sextant.Server.Keys;

namespace Sextant.Server.Api.Documents;

/// <summary>Documents listed page by page, and changed or deleted by a filter.</summary>
internal static class SelectedDocumentsApi
{
    private const int UsualPage = 100;
    private const int LargestPage = 1_000;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes = routes.MapGroup("/collections/{name}/documents").WithTags("Documents");
        routes.MapGet("", ListAsync).WithName("listDocuments").WithSummary("Lists documents page by page, in the order they were added.");
        routes
            .MapPatch("", UpdateManyAsync)
            .WithName("updateDocuments")
            .WithSummary("Changes the metadata of all documents that match a filter, atomically and without embedding.")
            .Writes();
        routes
            .MapDelete("", DeleteManyAsync)
            .WithName("deleteDocuments")
            .WithSummary("Deletes all documents that match a filter, atomically.")
            .Writes();
        routes
            .MapPatch("/{**id}", UpdateAsync)
            .WithName("updateDocument")
            .WithSummary("Changes the metadata of a document without embedding.")
            .Produces<ErrorBody>(StatusCodes.Status412PreconditionFailed)
            .Writes();
    }

    private static async Task<Ok<DocumentList>> ListAsync(
        string name,
        int? limit,
        string? cursor,
        string? filter,
        bool? vector,
        CollectionSet collections,
        CancellationToken cancellationToken
    )
    {
        if (limit is < 1 or > LargestPage)
        {
            throw ServiceException.BadRequest(
                string.Create(CultureInfo.InvariantCulture, $"'limit' must be from 1 to {LargestPage}."),
                "limit"
            );
        }

        using CollectionLease lease = await collections.UseAsync(name, cancellationToken);
        DocumentPage page = await lease.Engine.ListPageAsync(
            string.IsNullOrEmpty(cursor) ? null : cursor,
            limit ?? UsualPage,
            Filter(filter),
            cancellationToken
        );
        return TypedResults.Ok(
            new DocumentList([.. page.Documents.Select(document => DocumentsApi.Body(document, vector ?? false))])
            {
                NextCursor = page.Next,
            }
        );
    }

    private static async Task<Ok<DocumentsUpdated>> UpdateManyAsync(
        string name,
        PatchManyRequest request,
        CollectionSet collections,
        ServerOptions options,
        CancellationToken cancellationToken
    )
    {
        FilterExpression? filter = Filter(request.Filter);
        Require(request.Ids, filter, options);
        using CollectionLease lease = await collections.UseAsync(name, cancellationToken, KeyRights.Write);
        try
        {
            MetadataUpdate update = request.Ids is { } ids
                ? await lease.Engine.UpdateMetadataAsync(ids, request.Metadata, filter, request.DryRun, cancellationToken)
                : await lease.Engine.UpdateMatchingAsync(filter!, request.Metadata, request.DryRun, cancellationToken);
            return TypedResults.Ok(new DocumentsUpdated(update.Matched, update.Updated, request.DryRun));
        }
        finally
        {
            lease.Collection.Changed();
        }
    }

    private static async Task<Ok<DocumentsDeleted>> DeleteManyAsync(
        string name,
        string? filter,
        [FromQuery(Name = "id")] string[]? ids,
        [FromQuery(Name = "dry_run")] bool? dryRun,
        CollectionSet collections,
        ServerOptions options,
        CancellationToken cancellationToken
    )
    {
        FilterExpression? condition = Filter(filter);
        if (ids is [])
            ids = null;
        Require(ids, condition, options);
        using CollectionLease lease = await collections.UseAsync(name, cancellationToken, KeyRights.Write);
        try
        {
            int deleted = ids is not null
                ? await lease.Engine.DeleteMatchingAsync(ids, condition, dryRun ?? false, cancellationToken)
                : await lease.Engine.DeleteMatchingAsync(condition!, dryRun ?? false, cancellationToken);
            return TypedResults.Ok(new DocumentsDeleted(deleted, dryRun ?? false));
        }
        finally
        {
            lease.Collection.Changed();
        }
    }

    private static async Task<Ok<DocumentBody>> UpdateAsync(
        string name,
        string? id,
        PatchRequest request,
        HttpContext context,
        CollectionSet collections,
        CancellationToken cancellationToken
    )
    {
        id = DocumentsApi.Id(context);
        FilterExpression? condition = Filter(request.If);
        using CollectionLease lease = await collections.UseAsync(name, cancellationToken, KeyRights.Write);
        Document changed;
        try
        {
            changed =
                await lease.Engine.UpdateMetadataAsync(
                    id,
                    document =>
                    {
                        if (!EntityTag.MeetsCondition(context, Json(document)))
                            throw Failed("The document is not the one that 'If-Match' names; read it again.", "If-Match");
                        return condition is null || FilterEvaluator.Matches(condition, document.Metadata ?? [])
                            ? MergePatch.Apply(document.Metadata ?? [], request.Metadata)
                            : throw Failed("The metadata of the document do not meet the condition 'if'; read it again.", "if");
                    },
                    cancellationToken
                ) ?? throw ServiceException.NoDocument(id);
        }
        finally
        {
            lease.Collection.Changed();
        }

        EntityTag.Matches(context, Json(changed));
        return TypedResults.Ok(DocumentsApi.Body(changed, vector: false));
    }

    private static byte[] Json(Document document) =>
        JsonSerializer.SerializeToUtf8Bytes(DocumentsApi.Body(document, vector: false), ServerJson.Options);

    private static FilterExpression? Filter(string? filter) => string.IsNullOrWhiteSpace(filter) ? null : filter;

    private static void Require(IReadOnlyList<string>? ids, FilterExpression? filter, ServerOptions options)
    {
        RequestItems.Require(ids, "ids");
        // A client whose filter got lost must not change everything.
        if (ids is null && filter is null)
            throw ServiceException.BadRequest("Give a 'filter', ids, or both; without them, all documents would be selected.", "filter");
        if (ids?.Count > options.MaxBatch)
            throw ServiceException.TooLarge($"{ids.Count} ids", options.MaxBatch, "ids");
    }

    private static ServiceException Failed(string message, string param) => new(412, message, param, "precondition_failed");
}
