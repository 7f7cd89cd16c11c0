using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sextant.Cli.Terminal;

/// <summary>JSON objects, one per line, UTF-8, with letters of every script unescaped.</summary>
internal static class JsonLine
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A value for display: a text verbatim, anything else as JSON with the letters of every script unescaped.</summary>
    public static string Show(JsonNode? value) =>
        value is null ? "null"
        : value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>()
        : WithoutEscapedPairs(value.ToJsonString(Readable));

    // The writer escapes characters of two UTF-16 units, such as emoji, regardless of its encoder.
    private static string WithoutEscapedPairs(string json)
    {
        StringBuilder text = new(json.Length);
        for (int at = 0; at < json.Length; at++)
        {
            text.Append(json[at]);
            if (json[at] != '\\')
                continue;
            if (
                at + 5 < json.Length
                && json[at + 1] == 'u'
                && ushort.TryParse(json.AsSpan(at + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort unit)
                && char.IsSurrogate((char)unit)
            )
            {
                text[^1] = (char)unit;
                at += 5;
            }
            else if (at + 1 < json.Length)
            {
                text.Append(json[++at]);
            }
        }

        return text.ToString();
    }

    /// <summary>Writes one object; <paramref name="properties"/> writes its properties.</summary>
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
