using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Sextant.Search.Federation;
using Sextant.Server.Collections;
using Sextant.Server.Http;

namespace Sextant.Server.Api.Search;

/// <summary>Many searches of one collection, and one search of many collections.</summary>
internal static class ManySearchesApi
{
    private const int MaxSearches = 128;
    private const int MaxCollections = 32;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes
            .MapPost("/collections/{name}/search/batch", RunBatchAsync)
            .WithName("searchBatch")
            .WithTags("Search")
            .WithSummary("Runs many searches of a collection in parallel.");
        routes
            .MapPost("/search", RunFederatedAsync)
            .WithName("searchCollections")
            .WithTags("Search")
            .WithSummary("Searches several collections and makes one ranking of their results.");
    }

    private static async Task<WrittenJson<SearchBatchResponse>> RunBatchAsync(
        string name,
        SearchBatchRequest request,
        CollectionSet collections,
        Searches searches,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        RequestItems.Require(request.Searches, "searches");
        RequestItems.RequireCount(request.Searches.Count, "searches", MaxSearches, "searches");
        using CollectionLease lease = await collections.UseAsync(name, cancellationToken);
        for (int i = 0; i < request.Searches.Count; i++)
            Check(request.Searches[i], i, one => searches.Require(one, lease.Engine));
        long began = time.GetTimestamp();
        SearchAnswer[] answers = new SearchAnswer[request.Searches.Count];
        await Parallel.ForAsync(
            0,
            answers.Length,
            new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken },
            async (i, stopped) => answers[i] = await CheckAsync(i, () => searches.RunAsync(request.Searches[i], lease.Engine, stopped))
        );
        double took = Elapsed(time, began);
        return new(body => SearchAnswer.Write(body, answers, took));
    }

    private static async Task<Ok<FederatedSearchResponse>> RunFederatedAsync(
        FederatedSearchRequest request,
        CollectionSet collections,
        Searches searches,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        RequestItems.Require(request.Collections, "collections");
        RequestItems.RequireCount(request.Collections.Count, "names", MaxCollections, "collections");
        if (request.Collections.Distinct(StringComparer.Ordinal).Count() != request.Collections.Count)
            throw ServiceException.BadRequest("'collections' names a collection twice.", "collections");
        List<CollectionLease> leases = [];
        try
        {
            foreach (string name in request.Collections)
                leases.Add(await collections.UseAsync(name, cancellationToken));
            SearchRequest each = request.Each();
            foreach (CollectionLease lease in leases)
                searches.Require(each, lease.Engine);
            long began = time.GetTimestamp();
            List<string> notes = [];
            SearchOptions how = await searches.OptionsAsync(each, notes, cancellationToken);
            FederatedResults found = await FederatedSearch.SearchAsync(
                [.. leases.Select(static lease => lease.Engine)],
                request.Query,
                request.K,
                how,
                cancellationToken
            );
            return TypedResults.Ok(
                new FederatedSearchResponse(
                    [.. found.Results.Select(one => Describe(request.Collections[one.Collection], one.Result, how))],
                    found.IsByScore ? "score" : "rank",
                    Elapsed(time, began)
                )
                {
                    Notes = notes.Count > 0 ? [.. notes.Distinct(StringComparer.Ordinal)] : null,
                }
            );
        }
        finally
        {
            leases.ForEach(static lease => lease.Dispose());
        }
    }

    private static FederatedResultBody Describe(string collection, Sextant.SearchResult hit, SearchOptions how) =>
        new(collection, hit.Rank, hit.Id, hit.Score, hit.Text, hit.Metadata)
        {
            ScoreKind = Searches.KindName(hit.ScoreKind, how.Reranker is not null),
            Stages = SearchStages.Create(hit.Stages),
        };

    private static double Elapsed(TimeProvider time, long began) => Math.Round(time.GetElapsedTime(began).TotalMilliseconds, 3);

    private static void Check(SearchRequest one, int at, Action<SearchRequest> check)
    {
        try
        {
            check(one);
        }
        catch (ServiceException e)
        {
            throw At(e, at);
        }
    }

    private static async Task<SearchAnswer> CheckAsync(int at, Func<Task<SearchAnswer>> search)
    {
        try
        {
            return await search();
        }
        catch (ServiceException e)
        {
            throw At(e, at);
        }
        catch (InputException e)
        {
            throw ServiceException.BadRequest(string.Create(CultureInfo.InvariantCulture, $"searches[{at}]: {e.Message}"), "searches");
        }
    }

    private static ServiceException At(ServiceException e, int at) =>
        new(
            e.Status,
            string.Create(CultureInfo.InvariantCulture, $"searches[{at}]: {e.Message}"),
            string.Create(CultureInfo.InvariantCulture, $"searches[{at}]{(e.Param is null ? "" : ".")}{e.Param}"),
            e.Code,
            e.Type
        );
}
