using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Sextant.Server.Api.Documents;

/// <summary>A document that is sent: a line of JSON Lines, or an item of a batch.</summary>
internal sealed record DocumentInput
{
    public required string Text { get; init; }

    /// <summary>Its name; made from its content when left out.</summary>
    public string? Id { get; init; }

    public JsonObject? Metadata { get; init; }

    /// <summary>Its vector, if it is known already; of the collection's own model.</summary>
    public float[]? Vector { get; init; }

    // An array that is null would become an empty vector, not none.
    public Document ToDocument() =>
        new(Text)
        {
            Id = Id,
            Metadata = Metadata,
            Vector = Vector is null ? (ReadOnlyMemory<float>?)null : Vector,
        };
}

/// <summary>The body of <c>POST …/documents</c>: <c>{"documents": […]}</c>; a bare array and a single document are taken as well.</summary>
internal sealed record DocumentsRequest(IReadOnlyList<DocumentInput> Documents);

/// <summary>What adding documents did: their ids in the order sent, and how many were new, replaced, or there just the same.</summary>
internal sealed record DocumentsAdded(IReadOnlyList<string> Ids, int Added, int Updated, int Unchanged);

/// <summary>A stored document.</summary>
internal sealed record DocumentBody(
    string Id,
    string Text,
    JsonObject Metadata,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] float[]? Vector
);
