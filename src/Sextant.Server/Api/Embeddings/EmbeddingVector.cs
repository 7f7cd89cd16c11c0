using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sextant.Server.Api.Embeddings;

/// <summary>A vector in an answer: numbers, or base64 of its little-endian float32 values.</summary>
/// <param name="Values">The vector.</param>
/// <param name="AsBase64">Whether it is written as base64.</param>
[JsonConverter(typeof(Converter))]
internal readonly record struct EmbeddingVector(ReadOnlyMemory<float> Values, bool AsBase64)
{
    /// <summary>Writes either form; the service itself reads neither.</summary>
    internal sealed class Converter : JsonConverter<EmbeddingVector>
    {
        public override EmbeddingVector Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException("Vectors in this form are only written.");

        public override void Write(Utf8JsonWriter writer, EmbeddingVector value, JsonSerializerOptions options)
        {
            if (value.AsBase64)
            {
                writer.WriteBase64StringValue(Bytes(value.Values.Span));
                return;
            }

            writer.WriteStartArray();
            foreach (float number in value.Values.Span)
                writer.WriteNumberValue(number);
            writer.WriteEndArray();
        }

        private static ReadOnlySpan<byte> Bytes(ReadOnlySpan<float> values)
        {
            if (BitConverter.IsLittleEndian)
                return MemoryMarshal.AsBytes(values);
            byte[] bytes = new byte[values.Length * sizeof(float)];
            for (int i = 0; i < values.Length; i++)
                BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), values[i]);
            return bytes;
        }
    }
}
