using System.Runtime.InteropServices;
using System.Text.Json;

namespace Sextant.Hosted.Services;

/// <summary>Reads vectors from JSON.</summary>
internal static class JsonVectors
{
    /// <summary>A vector: base64 of little-endian float32, or an array of numbers.</summary>
    public static ReadOnlyMemory<float> Vector(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.String)
        {
            return element.Deserialize<float[]>();
        }

        byte[] bytes = element.GetBytesFromBase64();
        return bytes.Length % sizeof(float) == 0
            ? MemoryMarshal.Cast<byte, float>(bytes).ToArray()
            : throw new FormatException("a vector's base64 is not a whole number of float32 values");
    }
}
