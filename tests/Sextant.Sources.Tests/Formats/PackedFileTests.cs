using System.IO.Compression;
using Sextant.Sources.Formats;

namespace Sextant.Sources.Tests.Formats;

public class PackedFileTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100_000)]
    [InlineData(3_000_000)]
    public void Sound_files_of_one_or_several_members_are_unpacked_to_the_last_byte(int length)
    {
        byte[] bytes = Bytes(length);
        Assert.Equal(bytes, Unpack(Pack(bytes)));
        Assert.Equal([.. bytes, .. bytes], Unpack([.. Pack(bytes), .. Pack(bytes)]));
    }

    [Fact]
    public void A_file_that_is_cut_anywhere_is_an_error_and_nothing_made_up_comes_before_it()
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
