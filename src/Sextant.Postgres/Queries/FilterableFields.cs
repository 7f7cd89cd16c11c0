using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Sextant.Postgres.Queries;

/// <summary>
/// Metadata in the form in which the column <c>fields</c> keeps them for filters: jsonb compares numbers in unbounded precision, and
/// filters compare them as every other store does.
/// </summary>
internal static class FilterableFields
{
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 256 };
    private static readonly JsonReaderOptions Deep = new() { MaxDepth = 256 };

    public static string Create(string metadata) => NeedsChange(metadata) ? Rewrite(metadata) : metadata;

    private static bool NeedsChange(string metadata)
    {
        if (metadata == "{}")
            return false;
        Utf8JsonReader reader = new(Encoding.UTF8.GetBytes(metadata), Deep);
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.Number ? !reader.TryGetInt64(out _) : reader.ValueIsEscaped && HoldsNul(ref reader))
                return true;
        }

        return false;
    }

    private static string Rewrite(string metadata)
    {
        ArrayBufferWriter<byte> buffer = new(metadata.Length);
        using (Utf8JsonWriter writer = new(buffer, Relaxed))
        {
            Utf8JsonReader reader = new(Encoding.UTF8.GetBytes(metadata), Deep);
            while (reader.Read())
                Copy(ref reader, writer);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Copy(ref Utf8JsonReader reader, Utf8JsonWriter writer)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                writer.WriteStartObject();
                break;
            case JsonTokenType.EndObject:
                writer.WriteEndObject();
                break;
            case JsonTokenType.StartArray:
                writer.WriteStartArray();
                break;
            case JsonTokenType.EndArray:
                writer.WriteEndArray();
                break;
            case JsonTokenType.PropertyName:
                writer.WritePropertyName(WithoutNul(reader.GetString()!));
                break;
            case JsonTokenType.String:
                writer.WriteStringValue(WithoutNul(reader.GetString()!));
                break;
            case JsonTokenType.Number:
                writer.WriteRawValue(FilterNumber.Parse(Encoding.UTF8.GetString(reader.ValueSpan)).ToDecimal());
                break;
            default:
                writer.WriteRawValue(reader.ValueSpan);
                break;
        }
    }

    private static bool HoldsNul(ref Utf8JsonReader reader) => reader.GetString()!.Contains('\0', StringComparison.Ordinal);

    // jsonb rejects this character, which collections of earlier versions may hold; a filter cannot ask for it.
    private static string WithoutNul(string text) => text.Replace('\0', '\ufffd');
}
