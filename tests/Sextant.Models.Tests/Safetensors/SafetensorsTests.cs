using System.Buffers.Binary;
using System.Text;
using CsCheck;
using Sextant.Models.Safetensors;
using Sextant.Tests.Shared;

namespace Sextant.Models.Tests.Safetensors;

public sealed class SafetensorsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string FilePath => _folder.File("t.safetensors");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Written_tensors_are_read_back()
    {
        var writer = new SafetensorsWriter();
        writer.Add("f32", [2, 2], new[] { 1f, -2f, float.MaxValue, float.NaN });
        writer.Add("f16", [3], new[] { 1f, 0.5f, 65504f }, SafetensorsType.F16);
        writer.Add("bf16", [3], new[] { 1f, -0.5f, 3.140625f }, SafetensorsType.BF16);
        writer.Add("i8", [1, 3], new sbyte[] { -128, 0, 127 });
        writer.Add("i64", [2], new[] { long.MinValue, long.MaxValue });
        writer.Add("none", [0, 4], Array.Empty<float>());
        writer.AddMetadata("format", "pt");
        writer.Save(FilePath);

        using SafetensorsFile file = SafetensorsFile.Open(FilePath);
        Assert.Equal([1f, -2f, float.MaxValue, float.NaN], file.ReadSingles("f32"));
        Assert.Equal([1f, 0.5f, 65504f], file.ReadSingles("f16"));
        Assert.Equal([1f, -0.5f, 3.140625f], file.ReadSingles("bf16"));
        Assert.Equal([-128, 0, 127], file.ReadSBytes("i8"));
        Assert.Equal([-128f, 0f, 127f], file.ReadSingles("i8"));
        Assert.Equal([long.MinValue, long.MaxValue], file.ReadInt64s("i64"));
        Assert.Empty(file.ReadSingles("none"));
        Assert.Equal([2L, 2L], file["f32"].Shape);
        Assert.Equal("pt", file.Metadata["format"]);
        Assert.Equal(6, file.Tensors.Count);
    }

    [Fact]
    public void Bfloat16_rounds_to_the_nearest_even()
    {
        // 1 + 2^-8 is halfway between 1 and 1 + 2^-7; 1 + 3·2^-8 half-way between 1 + 2^-7 and 1 + 2^-6.
        var writer = new SafetensorsWriter();
        writer.Add("x", [3], new[] { 1.00390625f, 1.01171875f, float.NaN }, SafetensorsType.BF16);
        writer.Save(FilePath);
        using SafetensorsFile file = SafetensorsFile.Open(FilePath);
        Assert.Equal([1f, 1.015625f, float.NaN], file.ReadSingles("x"));
    }

    [Fact]
    public void Data_is_aligned_to_8_bytes()
    {
        var writer = new SafetensorsWriter();
        writer.Add("x", [1], new[] { 1f });
        writer.Save(FilePath);
        Assert.Equal(0, (new FileInfo(FilePath).Length - sizeof(float)) % 8);
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4, "has 4 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 3, "is at bytes 0 to 4 of 3")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}""", 4, "is at bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", 4, "is at bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1,-1],"data_offsets":[0,4]}}""", 4, "has 4 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4611686018427387905],"data_offsets":[0,4]}}""", 4, "has 4 bytes")]
    [InlineData(
        """{"a":{"dtype":"I8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"I8","shape":[2],"data_offsets":[1,3]}}""",
        3,
        "overlaps"
    )]
    [InlineData("""{"a":{"dtype":"I8","shape":[1],"data_offsets":[1,2]}}""", 2, "belong to no tensor")]
    [InlineData("""{"a":{"dtype":"I8","shape":[1],"data_offsets":[0,1]}}""", 9, "9 follow")]
    [InlineData("""{"a":{"dtype":"F7","shape":[1],"data_offsets":[0,1]}}""", 1, "F7")]
    [InlineData("""{"a":{"dtype":"I8,U8","shape":[1],"data_offsets":[0,1]}}""", 1, "I8,U8")]
    [InlineData("""{"a":{"dtype":"3","shape":[1],"data_offsets":[0,1]}}""", 1, "3")]
    [InlineData("""{"a":{"shape":[1],"data_offsets":[0,1]}}""", 1, "has no")]
    [InlineData("""{"a":{"dtype":"I8","shape":[1],"data_offsets":[0]}}""", 1, "has no")]
    [InlineData("""{"a":{"dtype":"I8","shape":[0.5],"data_offsets":[0,1]}}""", 1, "header")]
    [InlineData("""{"a":{"dtype":"I8","shape":7,"data_offsets":[0,1]}}""", 1, "header")]
    [InlineData("""{"a":{"dtype":7,"shape":[1],"data_offsets":[0,1]}}""", 1, "header")]
    [InlineData(
        """{"a":{"dtype":"I8","shape":[0],"data_offsets":[0,0]},"a":{"dtype":"I8","shape":[0],"data_offsets":[0,0]}}""",
        0,
        "twice"
    )]
    [InlineData("""["a"]""", 0, "header")]
    [InlineData("""{"a":""", 0, "header")]
    [InlineData("", 0, "header")]
    public void Inconsistent_header_is_rejected_by_name(string header, int dataLength, string reason)
    {
        File.WriteAllBytes(FilePath, Assemble(header, dataLength));
        InputException e = Assert.Throws<InputException>(() => SafetensorsFile.Open(FilePath));
        Assert.Contains(FilePath, e.Message, StringComparison.Ordinal);
        Assert.Contains(reason, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(25_000_001UL)]
    [InlineData(ulong.MaxValue)]
    [InlineData(100UL)]
    public void Header_length_beyond_the_limit_or_the_file_is_rejected_before_allocation(ulong length)
    {
        byte[] bytes = new byte[64];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, length);
        File.WriteAllBytes(FilePath, bytes);
        Assert.Throws<InputException>(() => SafetensorsFile.Open(FilePath));
    }

    [Fact]
    public void Any_truncation_is_rejected()
    {
        var writer = new SafetensorsWriter();
        writer.Add("a", [4, 2], new float[8]);
        writer.Add("b", [3], new sbyte[3]);
        writer.Save(FilePath);
        byte[] whole = File.ReadAllBytes(FilePath);
        for (int length = 0; length < whole.Length; length++)
        {
            using var cut = new MemoryStream(whole, 0, length);
            Assert.Throws<InputException>(() => SafetensorsFile.Open(cut, "cut"));
        }
    }

    [Fact]
    public void Flipped_byte_is_an_input_error_or_harmless()
    {
        var writer = new SafetensorsWriter();
        writer.Add("a", [4, 2], new float[8]);
        writer.AddMetadata("k", "v");
        writer.Save(FilePath);
        byte[] whole = File.ReadAllBytes(FilePath);
        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Byte)
            .Sample(
                (position, value) =>
                {
                    byte[] flipped = [.. whole];
                    flipped[position] = value;
                    try
                    {
                        using SafetensorsFile file = SafetensorsFile.Open(new MemoryStream(flipped), "flipped");
                        foreach (SafetensorsTensor tensor in file.Tensors.Values)
                        {
                            file.ReadBytes(tensor, new byte[tensor.ByteLength]);
                        }
                    }
                    catch (InputException)
                    {
                        // Seen and said.
                    }
                }
            );
    }

    [Fact]
    public void Failed_write_keeps_the_old_file_and_leaves_no_other()
    {
        File.WriteAllText(FilePath, "old");
        Assert.Throws<IOException>(() =>
            AtomicFile.Write(
                FilePath,
                stream =>
                {
                    stream.Write("new"u8);
                    throw new IOException("disk full");
                }
            )
        );
        Assert.Equal("old", File.ReadAllText(FilePath));
        Assert.Single(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void Tensor_with_a_shape_that_does_not_match_its_values_is_rejected()
    {
        var writer = new SafetensorsWriter();
        Assert.Throws<ArgumentException>(() => writer.Add("x", [2, 2], new float[3]));
        Assert.Throws<ArgumentException>(() => writer.Add("x", [-1, -3], new float[3]));
        writer.Add("x", [3], new float[3]);
        Assert.Throws<ArgumentException>(() => writer.Add("x", [3], new float[3]));
    }

    [Fact]
    public void Missing_file_and_missing_tensor_are_input_errors()
    {
        Assert.Throws<InputException>(() => SafetensorsFile.Open(FilePath));
        var writer = new SafetensorsWriter();
        writer.Add("there", [1], new float[1]);
        writer.Save(FilePath);
        using SafetensorsFile file = SafetensorsFile.Open(FilePath);
        Assert.Contains("there", Assert.Throws<InputException>(() => file.ReadSingles("missing")).Message, StringComparison.Ordinal);
        Assert.Throws<InputException>(() => file.ReadSBytes("there"));
    }

    private static byte[] Assemble(string header, int dataLength)
    {
        byte[] json = Encoding.UTF8.GetBytes(header);
        byte[] bytes = new byte[8 + json.Length + dataLength];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, json.Length);
        json.CopyTo(bytes, 8);
        return bytes;
    }
}
