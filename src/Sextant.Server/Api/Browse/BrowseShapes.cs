using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Sextant.Server.Api.Browse;

/// <summary>The body of <c>POST …/browse</c>; all of it may be left out.</summary>
internal sealed record BrowseRequest
{
    /// <summary>A condition on the metadata; all documents when left out.</summary>
    public string? Filter { get; init; }

    /// <summary>The field to sort by; when left out, documents are listed by the time at which they were first added.</summary>
    public string? OrderBy { get; init; }

    /// <summary>Whether the lowest values, or the oldest documents, come first.</summary>
    public bool Ascending { get; init; }

    /// <summary>The most documents.</summary>
    public int K { get; init; } = 10;

    /// <summary>The number of documents to skip.</summary>
    public int Offset { get; init; }
}

/// <summary>The answer of <c>POST …/browse</c>.</summary>
/// <param name="Results">The documents in their order.</param>
/// <param name="Total">How many documents match the filter.</param>
/// <param name="TookMs">How long it took.</param>
internal sealed record BrowseResponse(IReadOnlyList<BrowsedDocument> Results, long Total, double TookMs)
{
    /// <summary>For instance that no document has a field. Left out when there is nothing to say.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Notes { get; init; }
}

/// <summary>A document.</summary>
internal sealed record BrowsedDocument(string Id, string Text, JsonObject Metadata);

/// <summary>The answer of <c>GET …/fields</c>.</summary>
internal sealed record FieldsResponse(IReadOnlyList<FieldBody> Fields);

/// <summary>A field of the metadata.</summary>
/// <param name="Name">Its name; within an object, with the name of the object and a dot before it.</param>
/// <param name="Field">Its name as filters write it, with any characters.</param>
/// <param name="IsArray">Whether its values are the elements of an array.</param>
internal sealed record FieldBody(string Name, string Field, bool IsArray);

/// <summary>The answer of <c>GET …/parts</c>.</summary>
/// <param name="Parts">The texts, in the order in which they were first added.</param>
internal sealed record PartsResponse(IReadOnlyList<BrowsedDocument> Parts);

/// <summary>The body of <c>POST …/similarities</c>. Exactly one of query and id is required.</summary>
internal sealed record SimilaritiesRequest
{
    /// <summary>A question, a phrase, a text.</summary>
    public string? Query { get; init; }

    /// <summary>A document of the collection.</summary>
    public string? Id { get; init; }

    /// <summary>The texts to compare it with.</summary>
    public required IReadOnlyList<string> Texts { get; init; }
}

/// <summary>The answer of <c>POST …/similarities</c>.</summary>
/// <param name="Similarities">
/// The cosine similarity of each text, by the collection's model; 0 for one that the model does not know.
/// </param>
internal sealed record SimilaritiesResponse(IReadOnlyList<float> Similarities);
