using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using System.Text;

namespace Sextant.NuGetModels.Tests;

/// <summary>A ZIP file of one entry, written by hand so that its headers can be false.</summary>
internal static class RawZip
{
    /// <summary>An entry whose headers say that it holds <paramref name="claimed"/> bytes.</summary>
    public static byte[] Entry(string path, byte[] content, long claimed)
    {
        byte[] name = Encoding.ASCII.GetBytes(path);
        using var packed = new MemoryStream();
        using (var deflate = new DeflateStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            deflate.Write(content);
        }

        byte[] data = packed.ToArray();
        bool large = claimed >= uint.MaxValue;
        // The extra field of ZIP64 has the size that does not fit 32 bits.
        byte[] extra = large ? [1, 0, 8, 0, .. Bytes(8, (ulong)claimed)] : [];
        byte[] shared =
        [
            .. Bytes(2, 45),
            .. Bytes(2, 0),
            .. Bytes(2, 8),
            .. Bytes(4, 0x00210000),
            .. Bytes(4, Crc32.HashToUInt32(content)),
            .. Bytes(4, (ulong)data.Length),
            .. Bytes(4, large ? uint.MaxValue : (ulong)claimed),
            .. Bytes(2, (ulong)name.Length),
            .. Bytes(2, (ulong)extra.Length),
        ];
        byte[] local = [.. Bytes(4, 0x04034b50), .. shared, .. name, .. extra, .. data];
        byte[] central =
        [
            .. Bytes(4, 0x02014b50),
            .. Bytes(2, 45),
            .. shared,
            .. Bytes(2, 0),
            .. Bytes(2, 0),
            .. Bytes(2, 0),
            .. Bytes(4, 0),
            .. Bytes(4, 0),
            .. name,
            .. extra,
        ];
        return
        [
            .. local,
            .. central,
            .. Bytes(4, 0x06054b50),
            .. Bytes(4, 0),
            .. Bytes(2, 1),
            .. Bytes(2, 1),
            .. Bytes(4, (ulong)central.Length),
            .. Bytes(4, (ulong)local.Length),
            .. Bytes(2, 0),
        ];
    }

    private static byte[] Bytes(int count, ulong value)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        return bytes[..count];
    }
}
