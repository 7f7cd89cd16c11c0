using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sextant.Index.Interchange;
using Sextant.Search;
using Sextant.Sources.Formats;
using Sextant.Sources.Formats.Rows;

namespace Sextant.Sources.Transfer;

/// <summary>Documents as JSON Lines: <c>id</c>, <c>text</c>, <c>metadata</c> and, optionally, <c>embedding</c>.</summary>
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
                foreach (float value in document.Vector!.Value.Span)
                    json.WriteNumberValue(value);
                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        stream.WriteByte((byte)'\n');
    }

    /// <summary>Reads the documents of a file in order. All other fields are also metadata.</summary>
    /// <param name="path">The file.</param>
    /// <param name="withVectors">Whether each line must have a vector, all of the same length; otherwise vectors are not read.</param>
    /// <exception cref="InputException">A line is not such an object; the message names the line.</exception>
    public static IEnumerable<Document> Read(string path, bool withVectors)
    {
        using FileStream stream = InterchangeFile.Open(path);
        using StreamReader text = SourceEncoding.Open(stream);
        int dimensions = 0;
        foreach (TextLine line in TextRows.Lines(new(text)))
        {
            if (line.IsBlank)
                continue;
            JsonText row = JsonText.Parse(line);
            if (row.Fault is { } fault)
                throw Bad(path, line.Number, row.Cause is JsonException ? $"the row cannot be read: {fault}" : fault, row.Cause);
            if (row.Value is not JsonObject fields)
                throw Bad(path, line.Number, "the row is not a JSON object");
            Document document = Parse(path, line.Number, fields, withVectors);
            if (document.Vector is { Length: var length })
            {
                if (dimensions == 0)
                    dimensions = length;
                if (length != dimensions)
                {
                    throw Bad(
                        path,
                        line.Number,
                        string.Create(CultureInfo.InvariantCulture, $"the embedding has {length} values, the previous ones {dimensions}")
                    );
                }
            }

            yield return document;
        }
    }

    private static Document Parse(string path, int line, JsonObject row, bool withVectors)
    {
        (string? id, string? text, float[]? vector, JsonObject metadata) = (null, null, null, []);
        KeyValuePair<string, JsonNode?>[] fields = [.. row];
        row.Clear();
        foreach ((string name, JsonNode? value) in fields)
        {
            switch (name, value?.GetValueKind())
            {
                case ("id", JsonValueKind.String or JsonValueKind.Number):
                    id = value!.ToString();
                    break;
                case ("text", JsonValueKind.String):
                    text = value!.ToString();
                    break;
                case ("metadata", JsonValueKind.Object):
                    KeyValuePair<string, JsonNode?>[] facts = [.. value!.AsObject()];
                    value.AsObject().Clear();
                    foreach ((string fact, JsonNode? said) in facts)
                        metadata[fact] = said;
                    break;
                case ("embedding", _):
                    if (withVectors)
                        vector = Vector(path, line, value);
                    break;
                default:
                    metadata[name] = value;
                    break;
            }
        }

        if (MetadataDepth.IsExceededBy(metadata))
            throw Bad(path, line, $"the metadata is {MetadataDepth.Fault}");
        if (withVectors && vector is null)
        {
            throw Bad(
                path,
                line,
                "the row has no \"embedding\"; to embed its text, index the file",
                remedy: new Remedy(RemedyAction.IndexFile, path)
            );
        }

        if (id is not null && DocumentId.FindFault(id) is { } fault)
            throw Bad(path, line, fault);
        return new(text ?? "")
        {
            Id = id,
            Metadata = metadata,
            Vector = vector,
        };
    }

    private static float[] Vector(string path, int line, JsonNode? value)
    {
        if (value is not JsonArray { Count: >= 1 and <= VectorTable.MaxDimensions } items)
            throw Bad(path, line, "the embedding is not an array of numbers");
        float[] vector = new float[items.Count];
        for (int i = 0; i < vector.Length; i++)
        {
            if (items[i] is not JsonValue item || !item.TryGetValue(out vector[i]) || !float.IsFinite(vector[i]))
            {
                throw Bad(path, line, string.Create(CultureInfo.InvariantCulture, $"value {i + 1} of the embedding is not a float32"));
            }
        }

        return vector;
    }

    private static InputException Bad(string path, int line, string what, Exception? cause = null, Remedy? remedy = null) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{path}:{line}: {what}"), cause) { Remedies = remedy is null ? [] : [remedy] };
}
