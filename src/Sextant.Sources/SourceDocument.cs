using System.Text.Json.Nodes;

namespace Sextant.Sources;

/// <summary>A text read from a source: a row, a paragraph, or a section of a page.</summary>
public sealed record SourceDocument
{
    /// <summary>Its name, the same each time the source is read (docs/decisions/stable-ids.md).</summary>
    public required string Id { get; init; }

    /// <summary>Whether the name was made here, from where the text stands, and not given by the source.</summary>
    internal bool HasMadeId { get; init; }

    /// <summary>Whether it is source code, which is cut between its blocks and lines.</summary>
    internal bool IsCode { get; init; }

    /// <summary>The text.</summary>
    public required string Text { get; init; }

    /// <summary>Additional data from the source: the other fields of a row, or the headings above a section.</summary>
    public JsonObject Metadata { get; init; } = [];

    /// <summary>The file that it came from, as given; "-" for the standard input.</summary>
    public required string Source { get; init; }

    /// <summary>The line of the file on which it begins, from 1; the row of a table, or the number of a page, slide or chapter.</summary>
    public int Line { get; init; }
}
