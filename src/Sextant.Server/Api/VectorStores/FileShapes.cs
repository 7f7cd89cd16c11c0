using Microsoft.AspNetCore.Http;

namespace Sextant.Server.Api.VectorStores;

/// <summary>An uploaded file in OpenAI's format. Times are in seconds since 1970.</summary>
internal sealed record FileBody(
    string Id,
    string Object,
    long Bytes,
    long CreatedAt,
    long? ExpiresAt,
    string Filename,
    string Purpose,
    string Status
);

/// <summary>The result of a deletion.</summary>
internal sealed record DeletedBody(string Id, string Object, bool Deleted);

/// <summary>The form of <c>POST /v1/files</c>.</summary>
internal sealed class FileForm
{
    /// <summary>The content, with its name, whose extension says what it is.</summary>
    public required IFormFile File { get; init; }

    /// <summary><c>assistants</c> or <c>user_data</c> for vector stores.</summary>
    public required string Purpose { get; init; }
}
