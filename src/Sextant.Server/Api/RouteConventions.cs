using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Timeouts;
using Sextant.Server.Keys;

namespace Sextant.Server.Api;

/// <summary>The metadata of routes for the middleware.</summary>
internal static class RouteConventions
{
    /// <summary>The timeout policy of routes that may take longer than others.</summary>
    public const string LongTimeout = "long";

    /// <summary>Needs a key that may write, and may take long.</summary>
    public static RouteHandlerBuilder Writes(this RouteHandlerBuilder route) => route.WithMetadata(new ChangesData()).TakesLong();

    /// <summary>Needs a key that may create and delete collections, and may take long.</summary>
    public static RouteHandlerBuilder Manages(this RouteHandlerBuilder route, RightScope scope = RightScope.Named) =>
        route.Writes().Needs(KeyRights.Manage, scope);

    /// <summary>Needs a key that may also read uploaded files, which this attaches.</summary>
    public static RouteHandlerBuilder AttachesFiles(this RouteHandlerBuilder route) => route.WithMetadata(new AttachesFiles());

    /// <summary>Needs a key with this right.</summary>
    public static TBuilder Needs<TBuilder>(this TBuilder route, KeyRights right, RightScope scope)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new RouteRule(right, scope));

    /// <summary>May take longer than most.</summary>
    public static RouteHandlerBuilder TakesLong(this RouteHandlerBuilder route) =>
        route.WithMetadata(new RequestTimeoutAttribute(LongTimeout));
}

/// <summary>Marks a route that changes data.</summary>
internal sealed class ChangesData;

/// <summary>Marks a route that makes uploaded files part of what can be searched.</summary>
internal sealed class AttachesFiles;
