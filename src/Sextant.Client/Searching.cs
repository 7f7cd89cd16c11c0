using System.Text.Json.Nodes;

namespace Sextant.Client;

/// <summary>How a search is carried out.</summary>
public sealed record SearchSettings
{
    /// <summary>How many of the best results to pass over.</summary>
    public int Offset { get; init; }

    /// <summary>A condition on the metadata, for instance <c>lang = 'en' and year >= 2020</c>.</summary>
    public string? Filter { get; init; }

    /// <summary>Rank by meaning and by words together; for a search by text.</summary>
    public bool Hybrid { get; init; }

    /// <summary>Leave out what is less similar than this, from -1 to 1.</summary>
    public float? MinScore { get; init; }
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
