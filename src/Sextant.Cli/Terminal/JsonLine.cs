using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sextant.Cli.Terminal;

/// <summary>JSON objects, one a line, UTF-8, letters of every script as they are.</summary>
internal static class JsonLine
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A value as a person reads it: a text as it is, anything else as JSON with the letters of every script as they are.</summary>
    public static string Show(JsonNode? value) => value is null
        ? "null"
        : value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString(Readable);

    /// <summary>Writes one object; <paramref name="properties"/> writes what is inside the braces.</summary>
    public static void Write(Stream stream, Action<Utf8JsonWriter> properties)
    {
        using (var json = new Utf8JsonWriter(stream, Options))
        {
            json.WriteStartObject();
            properties(json);
            json.WriteEndObject();
        }
        stream.WriteByte((byte)'\n');
    }
}
