using System.Text.Json.Nodes;

namespace Sextant;

/// <summary>A searchable text with its metadata.</summary>
/// <param name="Text">The text to embed and search.</param>
public sealed record Document(string Text)
{
    /// <summary>
    /// Its name within the collection; adding a document under a name that is taken replaces the one before.
    /// When <see langword="null"/>, a name is made from text and metadata, so that adding the same document again changes nothing.
    /// At most 2,048 bytes of UTF-8; not empty, not <c>.</c> or <c>..</c>, without NUL and without halves of surrogate pairs.
    /// </summary>
    public string? Id { get; init; }

    /// <summary>Facts to filter by and to show; empty when <see langword="null"/>.</summary>
    public JsonObject? Metadata { get; init; }

    /// <summary>Where it came from, usually the full path of a file; empty when it came from nowhere in particular.</summary>
    public string Source { get; init; } = "";

    /// <summary>
    /// Its vector, where that is known already (moved from another collection, say); computed from the text when <see langword="null"/>.
    /// It must come from the collection's own model.
    /// </summary>
    public ReadOnlyMemory<float>? Vector { get; init; }
}
