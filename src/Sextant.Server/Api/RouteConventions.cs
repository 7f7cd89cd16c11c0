using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Timeouts;

namespace Sextant.Server.Api;

/// <summary>The metadata of routes for the middleware.</summary>
internal static class RouteConventions
{
    /// <summary>The timeout policy of routes that may take longer than others.</summary>
    public const string LongTimeout = "long";

    /// <summary>Needs a key that may write, and may take long.</summary>
    public static RouteHandlerBuilder Writes(this RouteHandlerBuilder route) => route.WithMetadata(new ChangesData()).TakesLong();

    /// <summary>May take longer than most.</summary>
    public static RouteHandlerBuilder TakesLong(this RouteHandlerBuilder route) =>
        route.WithMetadata(new RequestTimeoutAttribute(LongTimeout));
}

/// <summary>Marks a route that changes data.</summary>
internal sealed class ChangesData;
