using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sextant.Server.Api.Embeddings;

/// <summary>A vector in a response: numbers, or base64 of its little-endian float32 values.</summary>
/// <remarks>It is only described: <see cref="EmbeddingsWriter"/> writes it.</remarks>
[JsonConverter(typeof(Converter))]
internal readonly record struct EmbeddingVector
{
    /// <summary>Keeps the fields of the type out of its description.</summary>
    internal sealed class Converter : JsonConverter<EmbeddingVector>
    {
        public override EmbeddingVector Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, EmbeddingVector value, JsonSerializerOptions options) =>
            throw new NotSupportedException();
    }
}
