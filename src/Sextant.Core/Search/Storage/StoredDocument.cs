using System.Security.Cryptography;
using System.Text;

namespace Sextant.Search.Storage;

/// <summary>A document on its way into the store: its text hashed, its metadata written as canonical JSON.</summary>
internal sealed record IncomingDocument(string Id, string Text, byte[] TextHash, string Metadata, string Source)
{
    private const int HashBytes = 16;

    /// <summary>Its vector, of length 1; <see langword="null"/> when the stored one is known to be of the same text.</summary>
    public float[]? Vector { get; set; }

    /// <summary>
    /// The fingerprint of the collection for which <see cref="Vector"/> was made or taken; <see langword="null"/> where it cannot have
    /// become another.
    /// </summary>
    public string? Space { get; set; }

    /// <summary>Whether the vector came with the document, so that no other can be made in its place.</summary>
    public bool BringsVector { get; init; }

    /// <summary>The hash that identifies a text.</summary>
    public static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text))[..HashBytes];
}

/// <summary>The properties of a stored document that decide whether an incoming one changes it.</summary>
internal readonly record struct StoredState(long Key, byte[] TextHash, string Metadata, string Source);

/// <summary>A document in its stored form.</summary>
internal sealed record StoredDocument(long Key, string Id, string Text, string Metadata, string Source)
{
    /// <summary>Its vector, where it was read as well.</summary>
    public float[]? Vector { get; init; }

    /// <summary>
    /// The fingerprint of the collection at the moment when both were read; <see langword="null"/> where the place does not say.
    /// </summary>
    public string? Space { get; init; }
}

/// <summary>The effect of a write on one document.</summary>
internal enum WriteEffect { Unchanged, Added, Updated }

/// <summary>What a transaction did: for each incoming document its key and its effect.</summary>
internal sealed record WriteResult(long Change, long[] Keys, WriteEffect[] Effects);
