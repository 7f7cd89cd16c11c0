using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Sextant.Server.Api.Documents;

/// <summary>The body of <c>PATCH …/documents/{id}</c>.</summary>
internal sealed record PatchRequest
{
    /// <summary>
    /// The changes, as JSON Merge Patch (RFC 7396): fields replace those of the same name, objects are merged, and null removes a field.
    /// </summary>
    public required JsonObject Metadata { get; init; }

    /// <summary>A condition on the current metadata, for instance <c>version = 3</c>; 412 if it does not hold.</summary>
    public string? If { get; init; }
}

/// <summary>The body of <c>PATCH …/documents</c>. It needs a filter, ids, or both, which then select together.</summary>
internal sealed record PatchManyRequest
{
    /// <summary>The changes, as JSON Merge Patch.</summary>
    public required JsonObject Metadata { get; init; }

    /// <summary>A condition on the metadata.</summary>
    public string? Filter { get; init; }

    /// <summary>The ids of documents.</summary>
    public IReadOnlyList<string>? Ids { get; init; }

    /// <summary>Whether documents are only counted.</summary>
    public bool DryRun { get; init; }
}

/// <summary>The answer of <c>PATCH …/documents</c>.</summary>
/// <param name="Matched">How many documents were selected.</param>
/// <param name="Updated">How many of them have other metadata now, or would have after a dry run.</param>
/// <param name="DryRun">Whether nothing was written.</param>
internal sealed record DocumentsUpdated(int Matched, int Updated, bool DryRun);

/// <summary>The answer of <c>DELETE …/documents</c>.</summary>
/// <param name="Deleted">How many documents were deleted, or would be after a dry run.</param>
/// <param name="DryRun">Whether nothing was deleted.</param>
internal sealed record DocumentsDeleted(int Deleted, bool DryRun);

/// <summary>A page of documents, in the order in which they were first added.</summary>
internal sealed record DocumentList(IReadOnlyList<DocumentBody> Documents)
{
    /// <summary>The <c>cursor</c> of the next page; left out on the last one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? NextCursor { get; init; }
}
