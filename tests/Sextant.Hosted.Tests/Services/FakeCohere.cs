using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Sextant.Hosted.Tests.Services;

/// <summary>Cohere's <c>/v2/embed</c>: 96 texts, an input type that must be given, answers grouped by type.</summary>
public sealed class FakeCohere : FakeService
{
    public FakeCohere() => Dimensions = 1024;

    /// <summary>Always returns plain numbers.</summary>
    public bool OnlyFloat { get; set; }

    protected override IResult Answer(SeenRequest request)
    {
        JsonObject body = request.Body;
        if (request.Path != "/v2/embed")
            return Error(404, "not found");
        if (
            UnknownField(
                body,
                "model",
                "input_type",
                "texts",
                "images",
                "inputs",
                "max_tokens",
                "output_dimension",
                "embedding_types",
                "truncate",
                "priority"
            ) is
            { } unknown
        )
        {
            return Error(400, $"unknown field: parameter '{unknown}' is not a valid field");
        }

        if (body["input_type"]?.GetValue<string>() is not ("search_document" or "search_query" or "classification" or "clustering"))
            return Error(400, "valid input_type must be provided with the provided model");
        if (body["output_dimension"] is not null && !body["model"]!.GetValue<string>().Contains("v4", StringComparison.Ordinal))
            return Error(400, "output_dimension is not supported for this model");
        string[] texts = [.. body["texts"]!.AsArray().Select(static t => t!.GetValue<string>())];
        if (texts.Length > 96)
            return Error(400, $"total number of texts must be at most 96 - received {texts.Length}");

        int dimensions = body["output_dimension"]?.GetValue<int>() ?? Dimensions;
        string type = OnlyFloat ? "float" : body["embedding_types"]!.AsArray().Single()!.GetValue<string>();
        float[][] vectors = VectorsOf(texts, dimensions);
        JsonNode[] shown =
            type == "base64"
                ? [.. vectors.Select(static vector => (JsonNode)Convert.ToBase64String(MemoryMarshal.AsBytes<float>(vector)))]
                : [.. vectors.Select(static vector => new JsonArray([.. vector.Select(static v => (JsonNode)v)]))];
        return Results.Json(
            new JsonObject
            {
                ["id"] = "da6e531f",
                ["response_type"] = "embeddings_by_type",
                ["embeddings"] = new JsonObject { [type] = new JsonArray(shown) },
                ["texts"] = new JsonArray([.. texts.Select(static text => (JsonNode)text)]),
                ["meta"] = new JsonObject
                {
                    ["api_version"] = new JsonObject { ["version"] = "2" },
                    ["billed_units"] = new JsonObject { ["input_tokens"] = texts.Sum(static text => text.Split(' ').Length) },
                },
            }
        );
    }

    protected override IResult Error(int status, string message, string code = "") =>
        Results.Json(new JsonObject { ["id"] = "e5", ["message"] = message }, statusCode: status);
}
