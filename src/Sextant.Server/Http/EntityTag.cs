using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace Sextant.Server.Http;

/// <summary>Says which state of a thing was sent, so that a client asks again without getting it again.</summary>
internal static class EntityTag
{
    private const int HashBytes = 12;

    /// <summary>Adds the ETag of <paramref name="content"/> to the response.</summary>
    /// <returns>Whether the client has this state already.</returns>
    public static bool Matches(HttpContext context, ReadOnlySpan<byte> content) => Matches(context, Hash(content));

    /// <summary>Whether the state of <paramref name="content"/> is one that the request names as its condition, if it has one.</summary>
    public static bool MeetsCondition(HttpContext context, ReadOnlySpan<byte> content)
    {
        if (context.Request.Headers.IfMatch.Count == 0)
            return true;
        string tag = $"\"{Hash(content)}\"";
        return context.Request.Headers.IfMatch.Any(known =>
            known is not null && known.Split(',', StringSplitOptions.TrimEntries).Any(one => one == tag || one == "*")
        );
    }

    /// <summary>Adds an ETag to the response.</summary>
    /// <returns>Whether the client has this state already.</returns>
    public static bool Matches(HttpContext context, string state)
    {
        string tag = $"\"{state}\"";
        context.Response.Headers.ETag = tag;
        context.Response.Headers.CacheControl = "no-cache";
        return context.Request.Headers.IfNoneMatch.Any(known =>
            known is not null && known.Split(',', StringSplitOptions.TrimEntries).Any(one => one == tag || one == "*" || one == "W/" + tag)
        );
    }

    private static string Hash(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, HashBytes));
}
