using System.Security.Cryptography;
using System.Text;

namespace Sextant.Search.Storage;

/// <summary>A document to be written to a <see cref="CollectionStore"/>, as <see cref="StagedWriter.Prepare"/> returns it.</summary>
/// <param name="Id">The id.</param>
/// <param name="Text">The text.</param>
/// <param name="TextHash">The hash of the text, as <see cref="HashText"/> computes it.</param>
/// <param name="Metadata">The metadata as canonical JSON; stored to the letter.</param>
/// <param name="Source">The source that the document is from; empty for none.</param>
public sealed record IncomingDocument(string Id, string Text, byte[] TextHash, string Metadata, string Source)
{
    private const int HashBytes = 16;

    /// <summary>
    /// The vector in the form that is compared, of length 1 where the metric is the cosine; <see langword="null"/> when the store is to
    /// keep the vector that it has for the same text.
    /// </summary>
    public float[]? Vector { get; set; }

    /// <summary>The vector as the caller gave it; <see langword="null"/> where it is <see cref="Vector"/>.</summary>
    public float[]? GivenVector { get; init; }

    /// <summary>
    /// The fingerprint of the collection for which <see cref="Vector"/> was computed; <see langword="null"/> where it cannot be another.
    /// </summary>
    public string? ModelFingerprint { get; set; }

    /// <summary>Whether the caller gave the vector, so that it replaces the stored one even when the text is the same.</summary>
    public bool HasGivenVector { get; init; }

    /// <summary>Computes the hash that identifies a text: 16 bytes of SHA-256.</summary>
    public static byte[] HashText(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text))[..HashBytes];
}

/// <summary>The part of a stored document that decides whether an incoming one changes it.</summary>
/// <param name="Key">Its key; later documents have higher ones.</param>
/// <param name="TextHash">The hash of its text.</param>
/// <param name="Metadata">Its metadata, exactly as written.</param>
/// <param name="Source">The source that it is from; empty for none.</param>
public readonly record struct StoredState(long Key, byte[] TextHash, string Metadata, string Source);

/// <summary>A document of a <see cref="CollectionStore"/>.</summary>
/// <param name="Key">Its key within the store; documents that were added later have higher ones.</param>
/// <param name="Id">The id.</param>
/// <param name="Text">The text.</param>
/// <param name="Metadata">The metadata, exactly as written.</param>
/// <param name="Source">The source that the document is from; empty for none.</param>
public sealed record StoredDocument(long Key, string Id, string Text, string Metadata, string Source)
{
    /// <summary>
    /// The vector in the form that is compared, of length 1 where the metric is the cosine; <see langword="null"/> where it was not read.
    /// </summary>
    public float[]? Vector { get; init; }

    /// <summary>The given vector; <see langword="null"/> where it is <see cref="Vector"/>.</summary>
    public float[]? GivenVector { get; init; }

    /// <summary>
    /// The fingerprint of the collection when document and vector were read; <see langword="null"/> where the store does not say.
    /// </summary>
    public string? ModelFingerprint { get; init; }

    /// <summary>The document for users of the engine, its metadata parsed.</summary>
    public Document ToDocument() =>
        new(Text)
        {
            Id = Id,
            Metadata = MetadataJson.Parse(Metadata),
            Source = Source,
            Vector = GivenVector ?? Vector,
        };
}

/// <summary>The effect of writing one document.</summary>
public enum WriteEffect
{
    /// <summary>The same document was stored already.</summary>
    Unchanged = 0,

    /// <summary>The document is new.</summary>
    Added = 1,

    /// <summary>The document replaced another of the same id.</summary>
    Updated = 2,
}

/// <summary>What a transaction did: for each incoming document its key and its effect.</summary>
internal sealed record WriteResult(long Change, long[] Keys, WriteEffect[] Effects);
