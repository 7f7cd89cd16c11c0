using System.Buffers.Binary;

namespace Sextant.Embedding;

/// <summary>The part of a key that is stored with its row number.</summary>
internal static class CacheProof
{
    /// <summary>How long a proof is.</summary>
    public const int Bytes = 24;

    /// <summary>Writes the bytes that are stored with the row number.</summary>
    public static void WriteProof(this CacheKey key, Span<byte> destination)
    {
        BinaryPrimitives.WriteInt64LittleEndian(destination, key.A);
        BinaryPrimitives.WriteInt64LittleEndian(destination[8..], key.B);
        BinaryPrimitives.WriteInt64LittleEndian(destination[16..], key.C);
    }

    /// <summary>Whether a row's proof is this key's.</summary>
    public static bool IsProvenBy(this CacheKey key, ReadOnlySpan<byte> proof)
    {
        Span<byte> own = stackalloc byte[Bytes];
        key.WriteProof(own);
        return proof.SequenceEqual(own);
    }
}
