using System.Text.Encodings.Web;
using System.Text.Json;

namespace Sextant.Cli.Terminal;

/// <summary>Writes JSON objects, one a line, UTF-8, letters of every script as they are.</summary>
internal sealed class JsonLineWriter(Stream stream)
{
    private readonly Utf8JsonWriter _json = new(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>Writes one object; <paramref name="properties"/> writes what is inside the braces.</summary>
    public void Write(Action<Utf8JsonWriter> properties)
    {
        _json.Reset();
        _json.WriteStartObject();
        properties(_json);
        _json.WriteEndObject();
        _json.Flush();
        stream.WriteByte((byte)'\n');
    }
}
