using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Sextant.Hosted.Tests.Services;

/// <summary>Ollama's <c>/api/embed</c> with one model pulled.</summary>
public sealed class FakeOllama : FakeService
{
    public FakeOllama() => Dimensions = 768;

    protected override bool IsAuthorized(SeenRequest request) => true;

    protected override IResult Answer(SeenRequest request)
    {
        JsonObject body = request.Body;
        if (request.Path != "/api/embed")
            return Results.Text("404 page not found", statusCode: 404);
        if (UnknownField(body, "model", "input", "truncate", "dimensions", "options", "keep_alive") is { } unknown)
            return Error(400, $"unknown field {unknown}");
        string model = body["model"]!.GetValue<string>();
        if (model is not "tiny-embed")
            return Error(404, $"model \"{model}\" not found, try pulling it first");
        string[] texts = [.. body["input"]!.AsArray().Select(static t => t!.GetValue<string>())];
        return Results.Json(
            new JsonObject
            {
                ["model"] = model,
                ["embeddings"] = new JsonArray([
                    .. VectorsOf(texts, Dimensions).Select(vector => new JsonArray([.. vector.Select(static v => (JsonNode)v)])),
                ]),
                ["total_duration"] = 14143917,
                ["load_duration"] = 1019500,
                ["prompt_eval_count"] = texts.Sum(static text => text.Split(' ').Length),
            }
        );
    }

    protected override IResult Error(int status, string message, string code = "") =>
        Results.Json(new JsonObject { ["error"] = message }, statusCode: status);
}
