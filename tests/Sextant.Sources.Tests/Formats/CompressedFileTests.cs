using System.IO.Compression;
using Sextant.Sources.Formats;

namespace Sextant.Sources.Tests.Formats;

public class CompressedFileTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100_000)]
    [InlineData(3_000_000)]
    public void Valid_gzip_files_of_several_members_are_decompressed_completely(int length)
    {
        byte[] bytes = Bytes(length);
        Assert.Equal(bytes, Unpack(Pack(bytes)));
        Assert.Equal([.. bytes, .. bytes], Unpack([.. Pack(bytes), .. Pack(bytes)]));
    }

    [Fact]
    public void Gzip_file_truncated_anywhere_is_an_error_after_valid_data_only()
    {
        byte[] bytes = Bytes(20_000),
            packed = Pack(bytes);
        for (int length = 1; length < packed.Length; length += 37)
        {
            using Stream unpacked = PackedFile.Unpack(new MemoryStream(packed[..length]));
            using MemoryStream read = new();
            Assert.Throws<InvalidDataException>(() => unpacked.CopyTo(read));
            Assert.True(bytes.AsSpan().StartsWith(read.ToArray()), $"cut at {length}");
        }
    }

    private static byte[] Bytes(int length)
    {
        byte[] bytes = new byte[length];
        Random random = new(7);
        for (int i = 0; i < length; i++)
            bytes[i] = (byte)"abc\n "[random.Next(5)];
        return bytes;
    }

    private static byte[] Pack(byte[] bytes)
    {
        using MemoryStream target = new();
        using (GZipStream gzip = new(target, CompressionLevel.Optimal))
            gzip.Write(bytes);
        return target.ToArray();
    }

    private static byte[] Unpack(byte[] packed)
    {
        using Stream unpacked = PackedFile.Unpack(new MemoryStream(packed));
        using MemoryStream read = new();
        unpacked.CopyTo(read);
        return read.ToArray();
    }
}
