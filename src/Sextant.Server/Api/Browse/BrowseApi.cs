using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Sextant.Search;
using Sextant.Search.Browsing;
using Sextant.Search.Filters;
using Sextant.Search.Storage;
using Sextant.Server.Api.Search;
using Sextant.Server.Collections;
using Sextant.Server.Http;

namespace Sextant.Server.Api.Browse;

/// <summary>Looking around in a collection without a query: documents in an order, fields, the parts of a document.</summary>
internal static class BrowseApi
{
    private const int MaxParts = 1_000;

    public static void Map(IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder group = routes.MapGroup("/collections/{name}").WithTags("Search");
        group
            .MapPost("/browse", BrowseAsync)
            .WithName("browse")
            .WithSummary("Lists documents without a query: the newest, or sorted by a field.");
        group.MapGet("/fields", FieldsAsync).WithName("listFields").WithSummary("Lists the fields of the metadata.");
        group
            .MapGet("/parts", PartsAsync)
            .WithName("listParts")
            .WithSummary("Reads all texts of the document that a text is a part of: the query parameter id is the id of any of them.");
    }

    private static async Task<Ok<BrowseResponse>> BrowseAsync(
        string name,
        BrowseRequest? request,
        CollectionSet collections,
        ServerOptions options,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        request ??= new();
        if (request.K < 0)
            throw ServiceException.BadRequest("'k' must be at least 0.", "k");
        if (request.Offset < 0)
            throw ServiceException.BadRequest("'offset' must be at least 0.", "offset");
        if ((long)request.Offset + request.K > options.MaxDepth)
        {
            throw ServiceException.BadRequest(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"'offset' and 'k' together must be at most {options.MaxDepth}; list all documents with 'export' instead."
                ),
                "k"
            );
        }

        FilterExpression? filter = string.IsNullOrWhiteSpace(request.Filter) ? null : request.Filter;
        FieldPath? field = request.OrderBy is { } given ? FacetsApi.ParseField(given, "order_by") : null;
        using CollectionLease lease = await collections.UseAsync(name, cancellationToken);
        long began = time.GetTimestamp();
        BrowseResult found = await lease.Engine.BrowseAsync(
            new()
            {
                Filter = filter,
                OrderBy = field,
                IsAscending = request.Ascending,
                Offset = request.Offset,
                Count = request.K,
            },
            cancellationToken
        );
        double took = Math.Round(time.GetElapsedTime(began).TotalMilliseconds, 3);
        BrowsedDocument[] results = [.. found.Documents.Select(Describe)];
        List<string> notes = [];
        if (found.Total == 0 && filter is not null)
            notes.AddRange(await lease.Engine.ExplainFilterAsync(filter, cancellationToken));
        if (field is not null && results is [var first, ..] && !FilterEvaluator.Matches(new ExistsFilter(field), first.Metadata))
            notes.AddRange(await lease.Engine.ExplainFieldsAsync([field], cancellationToken));
        return TypedResults.Ok(new BrowseResponse(results, found.Total, took) { Notes = notes.Count > 0 ? notes : null });
    }

    private static async Task<Ok<FieldsResponse>> FieldsAsync(string name, CollectionSet collections, CancellationToken cancellationToken)
    {
        using CollectionLease lease = await collections.UseAsync(name, cancellationToken);
        IReadOnlyList<MetadataField> fields = await lease.Engine.ListFieldsAsync(cancellationToken);
        return TypedResults.Ok(
            new FieldsResponse([.. fields.Select(static field => new FieldBody(field.Path.ToString(), Quote(field.Path), field.IsArray))])
        );
    }

    private static async Task<Ok<PartsResponse>> PartsAsync(
        string name,
        string? id,
        CollectionSet collections,
        CancellationToken cancellationToken
    )
    {
        if (string.IsNullOrEmpty(id))
            throw ServiceException.BadRequest("Give the 'id' of a document.", "id");
        using CollectionLease lease = await collections.UseAsync(name, cancellationToken);
        IReadOnlyList<StoredDocument> parts = await lease.Engine.ListPartsAsync(id, MaxParts, cancellationToken);
        return parts.Count > 0 ? TypedResults.Ok(new PartsResponse([.. parts.Select(Describe)])) : throw ServiceException.NoDocument(id);
    }

    private static BrowsedDocument Describe(StoredDocument document) =>
        new(document.Id, document.Text, MetadataJson.Parse(document.Metadata));

    private static string Quote(FieldPath field) =>
        string.Join('.', field.Names.Select(static name => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\""));
}
