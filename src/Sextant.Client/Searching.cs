using System.Text.Json.Nodes;

namespace Sextant.Client;

/// <summary>How a search is carried out.</summary>
public sealed record SearchSettings
{
    /// <summary>How many of the best results to pass over.</summary>
    public int Offset { get; init; }

    /// <summary>A condition on the metadata, for instance <c>lang = 'en' and year >= 2020</c>.</summary>
    public string? Filter { get; init; }

    /// <summary>By what documents are found and ranked; keywords need a query text.</summary>
    /// <value>The default of the service: by meaning.</value>
    public SearchKind? Mode { get; init; }

    /// <summary>A short form of <see cref="SearchKind.Hybrid"/>.</summary>
    public bool Hybrid { get; init; }

    /// <summary>Leave out what is less similar than this, from -1 to 1.</summary>
    public float? MinScore { get; init; }

    /// <summary>
    /// Receives what a user should know about the results, a sentence each: for instance, that no document has a field of the filter.
    /// </summary>
    public Action<string>? OnNote { get; init; }
}

/// <summary>A document that was found.</summary>
/// <param name="Rank">From 1, best first.</param>
/// <param name="Id">Its id.</param>
/// <param name="Score">Cosine similarity, from -1 to 1.</param>
/// <param name="Text">The text.</param>
/// <param name="Metadata">What else is known of it.</param>
public sealed record SearchHit(int Rank, string Id, float Score, string Text, JsonObject Metadata);

/// <summary>Where a document lies on the map.</summary>
/// <param name="Id">Its id.</param>
/// <param name="X">From -1 to 1; near in meaning is near on the map.</param>
/// <param name="Y">From -1 to 1.</param>
public sealed record MapPoint(string Id, float X, float Y);
