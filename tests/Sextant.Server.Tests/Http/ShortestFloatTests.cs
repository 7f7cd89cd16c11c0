using System.Buffers.Text;
using System.Text;
using Sextant.Server.Http;

namespace Sextant.Server.Tests.Http;

public sealed class ShortestFloatTests
{
    [Fact]
    public void Numbers_are_written_as_the_library_writes_them()
    {
        Random random = new(1);
        foreach (float edge in (float[])[0, 1, 0.5f, 0.1f, 1e-4f, 1e-5f, 1e6f, 999_999.9f, 16_777_216, float.MaxValue, float.Epsilon])
            Check(edge);
        // Values next to powers of two, where the distance to the next value changes.
        for (uint exponent = 90; exponent < 160; exponent++)
        {
            for (uint step = 0; step < 3; step++)
            {
                Check(BitConverter.UInt32BitsToSingle((exponent << 23) | step));
                Check(BitConverter.UInt32BitsToSingle((exponent << 23) - step - 1));
            }
        }

        int least = BitConverter.SingleToInt32Bits(0.5e-4f),
            most = BitConverter.SingleToInt32Bits(2e6f);
        for (int i = 0; i < 200_000; i++)
        {
            Check((random.NextSingle() * 2) - 1);
            Check(BitConverter.Int32BitsToSingle(random.Next(least, most)));
            Check(random.Next(1_000_000) / 1000f);
        }
    }

    private static void Check(float value)
    {
        Span<byte> ours = stackalloc byte[ShortestFloat.MaxBytes],
            library = stackalloc byte[32];
        foreach (float signed in (ReadOnlySpan<float>)[value, -value])
        {
            int length = ShortestFloat.Write(signed, ours);
            Assert.True(Utf8Formatter.TryFormat(signed, library, out int expected));
            if (!ours[..length].SequenceEqual(library[..expected]))
                Assert.Equal(Encoding.ASCII.GetString(library[..expected]), Encoding.ASCII.GetString(ours[..length]));
        }
    }
}
