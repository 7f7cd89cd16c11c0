using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Sextant.Search.Facets;
using Sextant.Search.Filters;
using Sextant.Server.Collections;
using Sextant.Server.Http;

namespace Sextant.Server.Api.Search;

/// <summary>Counts of the values of fields, alone or with a search.</summary>
internal static class FacetsApi
{
    private const int MaxFields = 32;
    private const int MaxValues = 1_000;
    private const int UsualValues = 10;

    public static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapPost("/collections/{name}/facets", HandleAsync)
            .WithName("countFacets")
            .WithTags("Search")
            .WithSummary("Counts the values of fields in the documents that match a filter.");

    /// <summary>The fields of a request.</summary>
    /// <exception cref="ServiceException">There are too many, or one is not a field.</exception>
    public static IReadOnlyList<FieldPath> Parse(IReadOnlyList<string> fields, int? limit)
    {
        RequestItems.Require(fields, "facets");
        if (fields.Count > MaxFields)
            throw ServiceException.TooLarge($"'facets' has {fields.Count} fields", MaxFields, "facets");
        if (limit is < 1 or > MaxValues)
            throw ServiceException.BadRequest($"'facet_limit' must be from 1 to {MaxValues}.", "facet_limit");
        return [.. fields.Select(static field => ParseField(field, "facets"))];
    }

    /// <exception cref="ServiceException">It is not a field.</exception>
    public static FieldPath ParseField(string field, string param)
    {
        try
        {
            return FieldPath.Parse(field);
        }
        catch (InputException e)
        {
            throw ServiceException.BadRequest($"Invalid value for '{param}': {e.Message}.", param);
        }
    }

    /// <summary>Counts the values of <paramref name="fields"/>, which <see cref="Parse"/> has checked.</summary>
    public static async Task<IReadOnlyList<FacetBody>> CountAsync(
        SemanticSearchEngine engine,
        IReadOnlyList<string> fields,
        int? limit,
        FilterExpression? filter,
        CancellationToken cancellationToken
    )
    {
        IReadOnlyList<Facet> facets = await engine.GetFacetsAsync(Parse(fields, limit), filter, limit ?? UsualValues, cancellationToken);
        return [.. facets.Select((facet, i) => FacetBody.Create(fields[i], facet))];
    }

    private static async Task<Ok<FacetsResponse>> HandleAsync(
        string name,
        FacetsRequest request,
        CollectionSet collections,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        Parse(request.Facets, request.FacetLimit);
        using CollectionLease lease = await collections.UseAsync(name, cancellationToken);
        long began = time.GetTimestamp();
        IReadOnlyList<FacetBody> facets = await CountAsync(
            lease.Engine,
            request.Facets,
            request.FacetLimit,
            string.IsNullOrWhiteSpace(request.Filter) ? null : request.Filter,
            cancellationToken
        );
        return TypedResults.Ok(new FacetsResponse(facets, Math.Round(time.GetElapsedTime(began).TotalMilliseconds, 3)));
    }
}
