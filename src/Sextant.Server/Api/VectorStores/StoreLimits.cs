using System.Text.Json;
using System.Text.Json.Nodes;
using Sextant.Server.Http;

namespace Sextant.Server.Api.VectorStores;

/// <summary>Checks what clients give for vector stores, within OpenAI's limits.</summary>
internal static class StoreLimits
{
    private const int MaxPairs = 16;
    private const int MaxKey = 64;
    private const int MaxValue = 512;
    private const int MaxName = 256;
    private const int MaxDays = 365;
    private const int AutoTokens = 256;
    private const int MinChunk = 100;
    private const int MaxChunk = 4096;

    /// <exception cref="ServiceException">It is too long.</exception>
    public static void RequireName(string? name, string param)
    {
        if (name?.Length > MaxName)
            throw ServiceException.BadRequest($"'{param}' has at most {MaxName} characters.", param);
    }

    /// <exception cref="ServiceException">There are too many, or one is too long.</exception>
    public static IReadOnlyDictionary<string, string> Metadata(IReadOnlyDictionary<string, string>? metadata)
    {
        if (metadata is null)
            return new Dictionary<string, string>(StringComparer.Ordinal);
        if (metadata.Count > MaxPairs || metadata.Any(pair => pair.Key.Length is 0 or > MaxKey || pair.Value.Length > MaxValue))
        {
            throw ServiceException.BadRequest(
                $"'metadata' has at most {MaxPairs} keys of 1 to {MaxKey} characters and values of at most {MaxValue}.",
                "metadata"
            );
        }

        return metadata;
    }

    /// <exception cref="ServiceException">There are too many, or one is neither text, number nor boolean.</exception>
    public static JsonObject Attributes(JsonObject? attributes)
    {
        if (attributes is null)
            return [];
        bool fits =
            attributes.Count <= MaxPairs
            && attributes.All(static pair =>
                pair.Key.Length is > 0 and <= MaxKey
                && pair.Value?.GetValueKind() switch
                {
                    JsonValueKind.String => pair.Value.GetValue<string>().Length <= MaxValue,
                    JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => true,
                    _ => false,
                }
            );
        return fits
            ? attributes
            : throw ServiceException.BadRequest(
                $"'attributes' has at most {MaxPairs} keys of 1 to {MaxKey} characters; values are strings of at most {MaxValue} "
                    + "characters, numbers or booleans.",
                "attributes"
            );
    }

    /// <exception cref="ServiceException">The days are out of their range, or it counts from something else.</exception>
    public static int? Days(ExpiresAfter? expires)
    {
        if (expires is null)
            return null;
        if (expires.Anchor != "last_active_at")
            throw ServiceException.BadRequest("'expires_after.anchor' must be 'last_active_at'.", "expires_after.anchor");
        return expires.Days is >= 1 and <= MaxDays
            ? expires.Days
            : throw ServiceException.BadRequest($"'expires_after.days' must be from 1 to {MaxDays}.", "expires_after.days");
    }

    /// <exception cref="ServiceException">The strategy is unknown, or its numbers are out of their range.</exception>
    public static (int Tokens, int Overlap) Chunks(ChunkingStrategy? strategy)
    {
        const string Param = "chunking_strategy";
        switch (strategy)
        {
            case null or { Type: "auto", Static: null }:
                return (AutoTokens, 0);
            case { Type: "static", Static: { } chunks }:
                if (chunks.MaxChunkSizeTokens is < MinChunk or > MaxChunk)
                    throw ServiceException.BadRequest($"'max_chunk_size_tokens' must be from {MinChunk} to {MaxChunk}.", Param);
                if (chunks.ChunkOverlapTokens < 0 || chunks.ChunkOverlapTokens > chunks.MaxChunkSizeTokens / 2)
                    throw ServiceException.BadRequest("'chunk_overlap_tokens' must be from 0 to half of 'max_chunk_size_tokens'.", Param);
                return (chunks.MaxChunkSizeTokens, chunks.ChunkOverlapTokens);
            default:
                throw ServiceException.BadRequest("'chunking_strategy' must be of type 'auto', or 'static' with 'static'.", Param);
        }
    }
}
