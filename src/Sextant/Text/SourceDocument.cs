using System.Text.Json.Nodes;

namespace Sextant.Text;

/// <summary>A text as it was read from a source.</summary>
public sealed record SourceDocument
{
    /// <summary>Its name, the same each time the source is read.</summary>
    public required string Id { get; init; }

    /// <summary>The text.</summary>
    public required string Text { get; init; }

    /// <summary>What the source says about it besides.</summary>
    public JsonObject Metadata { get; init; } = [];

    /// <summary>The file that it came from, as given.</summary>
    public required string Source { get; init; }

    /// <summary>The line of the file on which it begins, from 1.</summary>
    public int Line { get; init; }
}
