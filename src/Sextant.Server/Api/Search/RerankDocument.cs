using System.Text.Json;
using System.Text.Json.Serialization;
using Sextant.Server.Http;

namespace Sextant.Server.Api.Search;

/// <summary>A text to rerank: a string, or an object with a <c>text</c>, as which it is returned.</summary>
[JsonConverter(typeof(Converter))]
internal sealed record RerankDocument(string Text)
{
    /// <summary>Reads both forms. Other properties of an object belong to the client and are ignored.</summary>
    internal sealed class Converter : JsonConverter<RerankDocument>
    {
        private const string Forms = "a string, or an object with a string 'text'";

        public override RerankDocument Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType == JsonTokenType.String)
                return new(reader.GetString()!);
            if (reader.TokenType != JsonTokenType.StartObject)
                throw JsonComplaint.Expects(Forms);
            using JsonDocument document = JsonDocument.ParseValue(ref reader);
            return document.RootElement.TryGetProperty("text", out JsonElement text) && text.ValueKind == JsonValueKind.String
                ? new(text.GetString()!)
                : throw JsonComplaint.Expects(Forms);
        }

        public override void Write(Utf8JsonWriter writer, RerankDocument value, JsonSerializerOptions options)
        {
            writer.WriteStartObject();
            writer.WriteString("text", value.Text);
            writer.WriteEndObject();
        }
    }
}
