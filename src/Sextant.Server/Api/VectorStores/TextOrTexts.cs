using System.Text.Json;
using System.Text.Json.Serialization;
using Sextant.Server.Http;

namespace Sextant.Server.Api.VectorStores;

/// <summary>A string, or an array of strings.</summary>
[JsonConverter(typeof(Converter))]
internal sealed record TextOrTexts(IReadOnlyList<string> Texts)
{
    /// <summary>Reads both forms.</summary>
    internal sealed class Converter : JsonConverter<TextOrTexts>
    {
        private const string Forms = "a string, or an array of strings";

        public override TextOrTexts Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType == JsonTokenType.String)
                return new([reader.GetString()!]);
            if (reader.TokenType != JsonTokenType.StartArray)
                throw JsonComplaint.Expects(Forms);
            List<string> texts = [];
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                texts.Add(reader.TokenType == JsonTokenType.String ? reader.GetString()! : throw JsonComplaint.Expects(Forms));
            return new(texts);
        }

        public override void Write(Utf8JsonWriter writer, TextOrTexts value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, value.Texts, options);
    }
}
