using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Sextant.Server.Api;
using Sextant.Server.Http;

namespace Sextant.Server.Keys;

/// <summary>Which collections the right of a route must be on.</summary>
internal enum RightScope
{
    /// <summary>The collection or vector store that the address names.</summary>
    Named,

    /// <summary>At least one.</summary>
    Any,

    /// <summary>All vector stores, because uploaded files belong to no single one.</summary>
    VectorStores,

    /// <summary>None: every accepted key has access.</summary>
    None,

    /// <summary>All.</summary>
    All,
}

/// <summary>The right that a key needs for a route.</summary>
internal sealed record RouteRule(KeyRights Right, RightScope Scope)
{
    /// <summary>For routes of the application that declare nothing.</summary>
    public static RouteRule Undeclared { get; } = new(KeyRights.All, RightScope.All);

    /// <summary>For routes that attach files, in addition to their own rule.</summary>
    public static RouteRule ReadFiles { get; } = new(KeyRights.Read, RightScope.VectorStores);

    private static readonly string[] NameParameters = ["name", "vector_store_id"];

    /// <summary>
    /// Gives every route that declares no rule of its own the usual one: to write if it changes data, else to read, on the collection that
    /// its address names.
    /// </summary>
    public static void Complete(EndpointBuilder endpoint)
    {
        if (endpoint is not RouteEndpointBuilder route || route.Metadata.OfType<RouteRule>().Any())
            return;
        KeyRights right = route.Metadata.OfType<ChangesData>().Any() ? KeyRights.Write : KeyRights.Read;
        bool isNamed = route.RoutePattern.Parameters.Any(static parameter => NameParameters.Contains(parameter.Name));
        route.Metadata.Add(new RouteRule(right, isNamed ? RightScope.Named : RightScope.Any));
    }

    /// <exception cref="ServiceException">The caller lacks the right.</exception>
    public void Require(Caller caller, RouteValueDictionary values)
    {
        switch (Scope)
        {
            case RightScope.None:
                break;
            case RightScope.Named:
                caller.Require(Right, NameIn(values));
                break;
            case RightScope.Any when !caller.MayAnywhere(Right):
                caller.ThrowMissing(Right, "on any collection");
                break;
            case RightScope.VectorStores when !caller.May(Right, VectorStores.VectorStoreSet.StorePrefix):
                caller.ThrowMissing(Right, "on all vector stores (vs_*)");
                break;
            case RightScope.All when !caller.MayEverything(Right):
                caller.ThrowMissing(Right, "on all collections");
                break;
            default:
                break;
        }
    }

    private static string NameIn(RouteValueDictionary values) =>
        NameParameters.Select(name => values[name] as string).FirstOrDefault(static name => name is not null) ?? "";
}
