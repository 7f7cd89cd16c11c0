using System.Text;
using Sextant.Index.Interchange;
using Sextant.Tests.Shared;

namespace Sextant.Index.Tests.Interchange;

public sealed class NpyFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Written_array_is_read_back()
    {
        float[] rows = [1, 2, 3, -4, 5.5f, float.Epsilon];
        string file = _folder.File("a.npy");
        NpyFile.Write(file, new(3, rows));
        VectorTable read = NpyFile.Read(file);

        Assert.Equal((2, 3), (read.Count, read.Dimensions));
        Assert.Equal(rows, read.Rows.ToArray());
    }

    [Theory]
    [InlineData("<f8", 8)]
    [InlineData("<f2", 2)]
    [InlineData("<f4", 4)]
    public void Other_float_types_are_converted_to_float32(string type, int bytes)
    {
        byte[] value = bytes switch
        {
            8 => BitConverter.GetBytes(1.5),
            2 => BitConverter.GetBytes((Half)1.5),
            _ => BitConverter.GetBytes(1.5f),
        };
        string file = Write($"{{'descr': '{type}', 'fortran_order': False, 'shape': (1, 2), }}", [.. value, .. value]);

        Assert.Equal([1.5f, 1.5f], NpyFile.Read(file).Rows.ToArray());
    }

    [Theory]
    [InlineData("{'descr': '<f4', 'fortran_order': True, 'shape': (1, 2), }", "Fortran")]
    [InlineData("{'descr': '<i8', 'fortran_order': False, 'shape': (1, 1), }", "'<i8'")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", "shape")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (999999999, 60000), }", "more than can be held")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (500000000, 4), }", "damaged")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (3, 1), }", "damaged")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (9999999999999999999999, 1), }", "header")]
    [InlineData("__import__('os')", "header")]
    public void Unsupported_arrays_are_rejected_with_the_reason(string header, string reason)
    {
        string file = Write(header, new byte[8]);
        long before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Contains(reason, Assert.Throws<InputException>(() => NpyFile.Read(file)).Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4_000_000);
    }

    [Fact]
    public void File_truncated_anywhere_is_rejected()
    {
        string file = _folder.File("a.npy");
        NpyFile.Write(file, new(3, new float[6]));
        byte[] bytes = File.ReadAllBytes(file);
        for (int i = 0; i < bytes.Length; i++)
        {
            File.WriteAllBytes(file, bytes[..i]);
            Assert.Throws<InputException>(() => NpyFile.Read(file));
        }
    }

    private string Write(string header, byte[] values)
    {
        string file = _folder.File("made.npy");
        byte[] text = Encoding.ASCII.GetBytes(header + "\n");
        File.WriteAllBytes(file, [0x93, .. "NUMPY"u8, 1, 0, (byte)text.Length, (byte)(text.Length >> 8), .. text, .. values]);
        return file;
    }
}
