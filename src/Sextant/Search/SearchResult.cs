using System.Text.Json.Nodes;

namespace Sextant;

/// <summary>A document that a search found.</summary>
/// <param name="Rank">Its place, from 1; paging does not restart it.</param>
/// <param name="Id">Its name within the collection.</param>
/// <param name="Score">
/// The cosine similarity of its vector and the query's, in [-1, 1], higher is nearer; whatever the results are ranked by.
/// </param>
/// <param name="Text">Its text.</param>
/// <param name="Metadata">Its metadata; empty when it has none.</param>
public sealed record SearchResult(int Rank, string Id, float Score, string Text, JsonObject Metadata);
