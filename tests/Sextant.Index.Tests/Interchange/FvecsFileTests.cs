using CsCheck;
using Sextant.Index.Interchange;
using Sextant.Tests.Shared;

namespace Sextant.Index.Tests.Interchange;

public sealed class FvecsFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Rows_of_both_types_round_trip() =>
        Gen.Select(Gen.Int[1, 9], Gen.Int[0, 6])
            .Sample(
                (width, count) =>
                {
                    string file = _folder.File($"{Guid.NewGuid():N}");
                    int[] whole = [.. Enumerable.Range(-3, width * count)];
                    float[] real = Array.ConvertAll(whole, value => value / 3f);
                    if (count == 0)
                    {
                        FvecsFile.WriteInt32(file, width, whole);
                        Assert.Throws<InputException>(() => FvecsFile.ReadInt32(file));
                        return;
                    }

                    FvecsFile.WriteInt32(file, width, whole);
                    (int readWidth, int[] read) = FvecsFile.ReadInt32(file);
                    Assert.Equal(width, readWidth);
                    Assert.Equal(whole, read);
                    FvecsFile.Write(file, new(width, real));
                    Assert.Equal(real, FvecsFile.Read(file).Rows.ToArray());
                },
                iter: 50,
                threads: 1
            );

    [Theory]
    [InlineData(new[] { 0, 1 }, "declares 0 values")]
    [InlineData(new[] { -1, 1 }, "declares -1 values")]
    [InlineData(new[] { int.MaxValue, 1 }, "declares 2147483647 values")]
    [InlineData(new[] { 65_000, 1 }, "not a whole number of vectors")]
    [InlineData(new[] { 2, 7, 8, 3, 7, 8 }, "vector 2 declares 3 values")]
    [InlineData(new[] { 2, 7 }, "not a whole number of vectors")]
    public void Impossible_lengths_are_rejected_before_allocation(int[] content, string reason)
    {
        string file = _folder.File("bad.ivecs");
        File.WriteAllBytes(file, [.. content.SelectMany(BitConverter.GetBytes)]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        foreach (Action read in (Action[])[() => FvecsFile.ReadInt32(file), () => FvecsFile.Read(file)])
        {
            InputException e = Assert.Throws<InputException>(read);
            Assert.StartsWith(file, e.Message, StringComparison.Ordinal);
            Assert.Contains(reason, e.Message, StringComparison.Ordinal);
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4_000_000);
    }
}
