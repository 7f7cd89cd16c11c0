using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using Sextant.Server.Http;

namespace Sextant.Server.Keys;

/// <summary>Who a request or a job works for, with its rights and limits.</summary>
/// <param name="key">The name, grants and limits.</param>
/// <param name="isKey">Whether it is a key, and not the service itself or an address.</param>
internal sealed class Caller(ApiKey key, bool isKey)
{
    /// <summary>Any client of a service without keys, and the agent of a process.</summary>
    public static Caller Local { get; } = new(new("local", [new("*", KeyRights.All)]), isKey: false);

    /// <summary>Code that no request and no job runs: it has no rights.</summary>
    public static Caller None { get; } = new(new("none", []), isKey: false);

    public string Name => key.Name;

    public int? RequestsPerSecond => key.RequestsPerSecond;

    public decimal? UsdPerDay => key.UsdPerDay;

    public bool IsKey => isKey;

    /// <summary>The caller of a request; <see langword="null"/> for addresses that need no key.</summary>
    public static Caller? Of(HttpContext context) => context.Features.Get<Caller>();

    /// <summary>Identifies the client of a request in limits and for repeated requests: its key, or its address.</summary>
    public static string ClientOf(HttpContext context) =>
        Of(context) is { IsKey: true } caller ? $"key {caller.Name}" : context.Connection.RemoteIpAddress?.ToString() ?? "local";

    /// <summary>The same caller for a job that continues a request that was allowed: with all rights, and with its limits.</summary>
    public Caller ForJob() => new(key with { Grants = [new("*", KeyRights.All)] }, isKey);

    public bool May(KeyRights right, string collection) => key.Grants.Any(grant => grant.Rights.HasFlag(right) && grant.Covers(collection));

    /// <summary>Whether it has the right on at least one collection.</summary>
    public bool MayAnywhere(KeyRights right) => key.Grants.Any(grant => grant.Rights.HasFlag(right));

    /// <summary>Whether it has the right on all collections.</summary>
    public bool MayEverything(KeyRights right) => key.Grants.Any(grant => grant.Rights.HasFlag(right) && grant.Collections == "*");

    /// <exception cref="ServiceException">It has no such right.</exception>
    public void Require(KeyRights right, string collection)
    {
        if (!May(right, collection))
            ThrowMissing(right, $"on the collection '{collection}'");
    }

    /// <exception cref="ServiceException">It has no such right.</exception>
    [DoesNotReturn]
    public void ThrowMissing(KeyRights right, string where) =>
        throw new ServiceException(
            403,
            $"The key '{Name}' does not have the right '{new KeyGrant("*", right).RightNames[0]}' {where}.",
            null,
            "missing_right",
            "permission_error"
        );
}
