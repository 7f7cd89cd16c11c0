using System.Text.Json.Nodes;

namespace Sextant.Client;

/// <summary>A document to add.</summary>
/// <param name="Text">The text to embed and search.</param>
public sealed record NewDocument(string Text)
{
    /// <summary>Its name; made from its content when <see langword="null"/>. One of the same id is replaced.</summary>
    public string? Id { get; init; }

    /// <summary>What else is known of it; filters look here.</summary>
    public JsonObject? Metadata { get; init; }

    /// <summary>Its vector, if it is known already; of the collection's own model.</summary>
    public float[]? Vector { get; init; }
}

/// <summary>A document that is stored.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Text">The text.</param>
/// <param name="Metadata">What else is known of it; empty when nothing is.</param>
/// <param name="Vector">Its vector of length 1, where it was asked for.</param>
public sealed record StoredDocument(string Id, string Text, JsonObject Metadata, float[]? Vector);

/// <summary>The result of adding documents.</summary>
/// <param name="Ids">Their ids, in the order sent.</param>
/// <param name="Added">How many were new.</param>
/// <param name="Updated">How many replaced another.</param>
/// <param name="Unchanged">The number of documents that already existed unchanged.</param>
public sealed record AddedDocuments(IReadOnlyList<string> Ids, int Added, int Updated, int Unchanged);
