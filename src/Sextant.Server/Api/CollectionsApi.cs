using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Sextant.Numerics;
using Sextant.Search;
using Sextant.Server.Collections;
using Sextant.Server.Http;
using Sextant.Server.Keys;
using Sextant.Server.Models;

namespace Sextant.Server.Api;

/// <summary>Collections: made, listed, described, checked, deleted.</summary>
internal static class CollectionsApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes = routes.MapGroup("/collections").WithTags("Collections");
        routes.MapGet("", ListAsync).WithName("listCollections").WithSummary("Lists the collections.");
        routes.MapGet("/{name}", GetAsync).WithName("getCollection").WithSummary("Describes a collection.");
        routes
            .MapPut("/{name}", CreateAsync)
            .WithName("createCollection")
            .WithSummary("Creates a collection, unless it already exists with the same model.")
            .Manages();
        routes
            .MapDelete("/{name}", DeleteAsync)
            .WithName("deleteCollection")
            .WithSummary("Deletes a collection and all its documents.")
            .Manages();
        routes
            .MapPost("/{name}/verify", VerifyAsync)
            .WithName("verifyCollection")
            .WithSummary("Checks documents, vectors and links, and measures recall.")
            .TakesLong();
    }

    /// <summary>Describes a collection that is in use.</summary>
    public static async Task<CollectionDescription> DescribeAsync(CollectionLease lease, CancellationToken cancellationToken)
    {
        CollectionInfo info = await lease.Engine.GetInfoAsync(cancellationToken);
        return new(
            "collection",
            lease.Collection.Name,
            ModelName.Public(info.Model.Name),
            info.Dimensions,
            info.Metric.ToString().ToLowerInvariant(),
            info.Documents,
            info.Created.ToUnixTimeMilliseconds(),
            info.DocumentsBytes,
            info.IndexBytes
        );
    }

    private static async Task<Ok<CollectionList>> ListAsync(
        CollectionSet collections,
        ILogger<CollectionSet> logger,
        CancellationToken cancellationToken
    )
    {
        List<CollectionDescription> found = [];
        foreach (string name in await collections.ReadableNamesAsync(cancellationToken))
        {
            try
            {
                using CollectionLease lease = await collections.UseAsync(name, cancellationToken);
                found.Add(await DescribeAsync(lease, cancellationToken));
            }
            catch (ServiceException)
            {
                // Deleted a moment ago, or not made whole yet.
            }
            catch (SextantException e)
            {
                // A damaged collection must not hide the others; a request for it by name reports the problem.
                logger.LogWarning("{Name} is omitted from the list: {Problem}", name, e.Message);
            }
        }

        return TypedResults.Ok(new CollectionList("list", found));
    }

    private static async Task<Ok<CollectionDescription>> GetAsync(
        string name,
        CollectionSet collections,
        CancellationToken cancellationToken
    )
    {
        using CollectionLease lease = await collections.UseAsync(name, cancellationToken);
        return TypedResults.Ok(await DescribeAsync(lease, cancellationToken));
    }

    private static async Task<Results<Ok<CollectionDescription>, Created<CollectionDescription>>> CreateAsync(
        string name,
        CreateCollectionRequest? request,
        CollectionSet collections,
        CancellationToken cancellationToken
    )
    {
        bool isNew = await collections.CreateAsync(name, request?.Model, request?.Dimensions, MetricOf(request?.Metric), cancellationToken);
        using CollectionLease lease = await collections.UseAsync(name, cancellationToken, KeyRights.Manage);
        CollectionDescription description = await DescribeAsync(lease, cancellationToken);
        return isNew ? TypedResults.Created($"/v1/collections/{name}", description) : TypedResults.Ok(description);
    }

    private static SimilarityMetric? MetricOf(string? name) =>
        name switch
        {
            null => null,
            "cosine" => SimilarityMetric.Cosine,
            "dot" => SimilarityMetric.Dot,
            "euclidean" => SimilarityMetric.Euclidean,
            _ => throw ServiceException.BadRequest("metric must be cosine, dot or euclidean.", "metric"),
        };

    private static async Task<Ok<Deletion>> DeleteAsync(
        string name,
        HttpContext context,
        CollectionSet collections,
        CancellationToken cancellationToken
    )
    {
        if (Address.Last(context) != name)
            throw Address.Ambiguous();
        await collections.DeleteAsync(name, cancellationToken);
        return TypedResults.Ok(new Deletion("collection.deleted", name, true));
    }

    private static async Task<Ok<Verification>> VerifyAsync(
        string name,
        CollectionSet collections,
        LocalPaths paths,
        CancellationToken cancellationToken
    )
    {
        using CollectionLease lease = await collections.UseAsync(name, cancellationToken);
        CollectionVerification found = await lease.Engine.Maintenance.VerifyAsync(cancellationToken);
        return TypedResults.Ok(new Verification(found.Documents, [.. found.Problems.Select(paths.Remove)], found.Recall));
    }
}
