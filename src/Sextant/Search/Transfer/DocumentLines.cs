using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sextant.Interchange;
using Sextant.Text;
using Sextant.Text.Formats;

namespace Sextant.Search;

/// <summary>Documents as JSON Lines: <c>id</c>, <c>text</c>, <c>metadata</c> and, where wanted, <c>embedding</c>.</summary>
internal static class DocumentLines
{
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes one document as a line.</summary>
    public static void Write(Stream stream, Document document, bool withVector)
    {
        using (Utf8JsonWriter json = new(stream, Relaxed))
        {
            json.WriteStartObject();
            json.WriteString("id", document.Id);
            json.WriteString("text", document.Text);
            json.WritePropertyName("metadata");
            (document.Metadata ?? []).WriteTo(json);
            if (withVector)
            {
                json.WriteStartArray("embedding");
                foreach (float value in document.Vector!.Value.Span) json.WriteNumberValue(value);
                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        stream.WriteByte((byte)'\n');
    }

    /// <summary>Reads the documents of a file in their order. Fields besides those four are metadata too.</summary>
    /// <param name="path">The file.</param>
    /// <param name="withVectors">Whether each line must have a vector, all of one length; others are not looked for.</param>
    /// <exception cref="InputException">A line is not such an object; the message names it.</exception>
    public static IEnumerable<Document> Read(string path, bool withVectors)
    {
        using FileStream stream = InterchangeFile.Open(path);
        using StreamReader text = SourceEncoding.Open(stream);
        int dimensions = 0;
        foreach (TextLine line in TextRows.Lines(new(text)))
        {
            if (line.IsBlank) continue;
            if (line.Fault is { } fault) throw Bad(path, line.Number, fault);
            Document document = Parse(path, line, withVectors);
            if (document.Vector is { Length: var length })
            {
                if (dimensions == 0) dimensions = length;
                if (length != dimensions)
                    throw Bad(path, line.Number, string.Create(CultureInfo.InvariantCulture, $"the embedding has {length} values, those before it {dimensions}"));
            }

            yield return document;
        }
    }

    private static Document Parse(string path, TextLine line, bool withVectors)
    {
        try
        {
            if (Surrogates.MayBeEscapedIn(line.Text) && Surrogates.AreIn(JsonNode.Parse(line.Text, documentOptions: MetadataDepth.Lenient)))
                throw Bad(path, line.Number, $"the row holds {Surrogates.Description}; write whole characters");
            using JsonDocument row = JsonDocument.Parse(line.Text, MetadataDepth.Lenient);
            if (row.RootElement.ValueKind != JsonValueKind.Object) throw Bad(path, line.Number, "the row is not a JSON object");
            return Parse(path, line.Number, row.RootElement, withVectors);
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException)
        {
            throw Bad(path, line.Number, $"the row cannot be read ({e.Message.ReplaceLineEndings(" ")})", e);
        }
    }

    private static Document Parse(string path, int line, JsonElement row, bool withVectors)
    {
        (string? id, string? text, float[]? vector, JsonObject metadata) = (null, null, null, []);
        foreach (JsonProperty field in row.EnumerateObject())
        {
            switch (field.Name)
            {
                case "id" when field.Value.ValueKind is JsonValueKind.String or JsonValueKind.Number:
                    id = field.Value.ToString();
                    break;
                case "text" when field.Value.ValueKind == JsonValueKind.String:
                    text = field.Value.GetString();
                    break;
                case "metadata" when field.Value.ValueKind == JsonValueKind.Object:
                    foreach (JsonProperty fact in field.Value.EnumerateObject()) metadata[fact.Name] = JsonNode.Parse(fact.Value.GetRawText(), documentOptions: MetadataDepth.Lenient);
                    break;
                case "embedding":
                    if (withVectors) vector = Vector(path, line, field.Value);
                    break;
                default:
                    metadata[field.Name] = JsonNode.Parse(field.Value.GetRawText(), documentOptions: MetadataDepth.Lenient);
                    break;
            }
        }

        if (MetadataDepth.IsExceededBy(metadata)) throw Bad(path, line, $"the metadata are {MetadataDepth.Fault}");
        if (withVectors && vector is null)
            throw Bad(path, line, "the row has no \"embedding\"; to have its text embedded use: sextant index");
        if (id is not null && DocumentId.Fault(id) is { } fault) throw Bad(path, line, DocumentId.Complaint(id, fault));
        return new(text ?? "") { Id = id, Metadata = metadata, Vector = vector };
    }

    private static float[] Vector(string path, int line, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() is < 1 or > VectorTable.MaxDimensions)
            throw Bad(path, line, "the embedding is not an array of numbers");
        float[] vector = new float[value.GetArrayLength()];
        int at = 0;
        foreach (JsonElement item in value.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Number || !item.TryGetSingle(out float number) || !float.IsFinite(number))
                throw Bad(path, line, string.Create(CultureInfo.InvariantCulture, $"value {at + 1} of the embedding is not a number that fits"));
            vector[at++] = number;
        }

        return vector;
    }

    private static InputException Bad(string path, int line, string what, Exception? cause = null) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{path}:{line}: {what}"), cause);
}
