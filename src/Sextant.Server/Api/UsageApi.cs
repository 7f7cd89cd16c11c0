using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Sextant.Server.Http;
using Sextant.Server.Keys;
using Sextant.Server.Usage;

namespace Sextant.Server.Api;

/// <summary>What each key used of each model.</summary>
internal static class UsageApi
{
    private const int UsualDays = 30;

    public static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapGet("/usage", List)
            .WithName("listUsage")
            .WithTags("Usage")
            .WithSummary("Lists what the key used of each model per day (UTC), or what all keys used if it has the right 'monitor'.")
            .Needs(KeyRights.None, RightScope.None);

    private static Ok<UsageList> List(int? days, UsageLedger ledger, Callers callers)
    {
        if (days is < 1)
            throw ServiceException.BadRequest("'days' must be at least 1.", "days");
        Caller caller = callers.Current;
        bool seesAll = caller.MayAnywhere(KeyRights.Monitor);
        int oldest = ledger.Today.DayNumber - (days ?? UsualDays);
        return TypedResults.Ok(
            new UsageList("list", [.. ledger.List().Where(entry => entry.Day.DayNumber > oldest && (seesAll || entry.Key == caller.Name))])
        );
    }
}

/// <summary>The answer of <c>/v1/usage</c>.</summary>
internal sealed record UsageList(string Object, IReadOnlyList<UsageEntry> Data);
