using System.Text.Json.Serialization;

namespace Sextant.Server.Keys;

/// <summary>The content of an <see cref="ApiKeyFile"/>.</summary>
internal sealed record StoredKeys([property: JsonRequired] IReadOnlyList<StoredKey> Keys);

/// <summary>A stored key.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Hash">SHA-256 of the key, in hexadecimal.</param>
/// <param name="Grants">Its grants, as the command takes them.</param>
/// <param name="Created">When it was created.</param>
/// <param name="RequestsPerSecond">Its own rate limit.</param>
/// <param name="UsdPerDay">Its cost limit.</param>
internal sealed record StoredKey(
    [property: JsonRequired] string Name,
    [property: JsonRequired] string Hash,
    [property: JsonRequired] IReadOnlyList<string> Grants,
    [property: JsonRequired] DateTimeOffset Created,
    int? RequestsPerSecond = null,
    decimal? UsdPerDay = null
)
{
    public ApiKey ToKey() =>
        new(Name, [.. Grants.Select(KeyGrant.Parse)])
        {
            Created = Created,
            RequestsPerSecond = RequestsPerSecond,
            UsdPerDay = UsdPerDay,
        };
}
