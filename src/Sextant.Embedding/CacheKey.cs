using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Sextant.Embedding;

/// <summary>
/// Names one entry of the cache: SHA-256 over the model's fingerprint, the role and the exact text. Its first eight bytes find the
/// row, the other twenty-four prove that it is the right one, so that two texts cannot pass for each other.
/// </summary>
/// <param name="Row">The first eight bytes.</param>
/// <param name="A">Bytes 8 to 15.</param>
/// <param name="B">Bytes 16 to 23.</param>
/// <param name="C">Bytes 24 to 31.</param>
public readonly record struct CacheKey(long Row, long A, long B, long C)
{
    /// <summary>The part of a key that all texts of one model and role share.</summary>
    internal static byte[] Prefix(string fingerprint, EmbeddingRole role) =>
        Encoding.UTF8.GetBytes($"{fingerprint}\u001f{(int)role}\u001f");

    internal static CacheKey Compute(ReadOnlySpan<byte> prefix, ReadOnlySpan<char> text)
    {
        // Raw UTF-16: unlike UTF-8, it distinguishes all texts, including those with lone surrogates.
        ReadOnlySpan<byte> units = MemoryMarshal.AsBytes(text);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(prefix.Length + units.Length);
        prefix.CopyTo(buffer);
        units.CopyTo(buffer.AsSpan(prefix.Length));
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(buffer.AsSpan(0, prefix.Length + units.Length), hash);
        ArrayPool<byte>.Shared.Return(buffer);
        return new CacheKey(
            BinaryPrimitives.ReadInt64LittleEndian(hash),
            BinaryPrimitives.ReadInt64LittleEndian(hash[8..]),
            BinaryPrimitives.ReadInt64LittleEndian(hash[16..]),
            BinaryPrimitives.ReadInt64LittleEndian(hash[24..])
        );
    }
}
