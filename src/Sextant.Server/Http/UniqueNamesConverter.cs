using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Sextant.Server.Http;

/// <summary>Reads an object of the client's own; a name that occurs twice in it is an error of the request, not of the service.</summary>
internal sealed class UniqueNamesConverter : JsonConverter<JsonObject>
{
    public override JsonObject? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        try
        {
            return JsonMetadataServices.JsonObjectConverter.Read(ref reader, typeToConvert, options);
        }
        catch (ArgumentException)
        {
            // The library's own converter finds the second by adding it.
            throw JsonComplaint.Expects("each name only once");
        }
    }

    public override void Write(Utf8JsonWriter writer, JsonObject value, JsonSerializerOptions options) => value.WriteTo(writer, options);
}
