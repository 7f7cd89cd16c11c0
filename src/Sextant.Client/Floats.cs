using System.Buffers.Binary;
using System.Globalization;

namespace Sextant.Client;

/// <summary>Numbers as the service writes them: base64 of little-endian float32 values.</summary>
internal static class Floats
{
    /// <summary>Reads them.</summary>
    /// <param name="written">The base64.</param>
    /// <param name="count">How many there must be; any number when <see langword="null"/>.</param>
    public static float[] FromBase64(string written, int? count = null)
    {
        byte[] bytes;
        try
        {
            bytes = Convert.FromBase64String(written);
        }
        catch (FormatException e)
        {
            throw new SextantClientException("The service sent invalid base64.", e);
        }

        if (bytes.Length % sizeof(float) != 0 || (count is { } all && bytes.Length != all * sizeof(float)))
        {
            throw new SextantClientException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The service sent {bytes.Length} bytes of numbers, which does not match the expected length."
                )
            );
        }

        float[] values = new float[bytes.Length / sizeof(float)];
        for (int i = 0; i < values.Length; i++)
            values[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(i * sizeof(float)));
        return values;
    }
}
