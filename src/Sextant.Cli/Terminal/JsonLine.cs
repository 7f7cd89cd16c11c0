using System.Text.Encodings.Web;
using System.Text.Json;

namespace Sextant.Cli.Terminal;

/// <summary>JSON objects, one a line, UTF-8, letters of every script as they are.</summary>
internal static class JsonLine
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

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
