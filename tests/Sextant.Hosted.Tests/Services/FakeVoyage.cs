using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Sextant.Hosted.Tests.Services;

/// <summary>Voyage's <c>/v1/embeddings</c>: 1,000 texts, and a limit on tokens (one a word here).</summary>
public sealed class FakeVoyage : FakeService
{
    public FakeVoyage() => Dimensions = 1024;

    public int MaxTokens { get; set; } = 320_000;

    protected override IResult Answer(SeenRequest request)
    {
        JsonObject body = request.Body;
        if (request.Path != "/v1/embeddings")
            return Error(404, "Not Found");
        if (
            UnknownField(body, "input", "model", "input_type", "truncation", "output_dimension", "output_dtype", "encoding_format") is
            { } unknown
        )
        {
            return Error(400, $"Argument '{unknown}' is not supported by our API");
        }

        if (body["input_type"]?.GetValue<string>() is not (null or "query" or "document"))
            return Error(422, "input_type must be query or document");
        if (body["output_dimension"]?.GetValue<int>() is { } asked and not (2048 or 1024 or 512 or 256))
            return Error(400, $"Value '{asked}' supplied for argument 'output_dimension' is not valid");
        string[] texts = [.. body["input"]!.AsArray().Select(static t => t!.GetValue<string>())];
        if (texts.Length > 1000)
            return Error(400, "The batch size limit is 1000. Your batch size is over it.");
        int tokens = texts.Sum(static text => text.Split(' ').Length);
        if (tokens > MaxTokens)
        {
            return Error(
                400,
                $"The max allowed tokens per submitted batch is {MaxTokens}. Your batch has {tokens} tokens after truncation."
            );
        }

        int dimensions = body["output_dimension"]?.GetValue<int>() ?? Dimensions;
        bool base64 = body["encoding_format"]?.GetValue<string>() == "base64";
        JsonNode[] data =
        [
            .. VectorsOf(texts, dimensions)
                .Select(
                    (vector, index) =>
                        new JsonObject
                        {
                            ["object"] = "embedding",
                            ["index"] = index,
                            ["embedding"] = base64
                                ? Convert.ToBase64String(MemoryMarshal.AsBytes<float>(vector))
                                : new JsonArray([.. vector.Select(static v => (JsonNode)v)]),
                        }
                ),
        ];
        if (Shuffled)
            Array.Reverse(data);
        return Results.Json(
            new JsonObject
            {
                ["object"] = "list",
                ["data"] = new JsonArray(data),
                ["model"] = body["model"]!.GetValue<string>(),
                ["usage"] = new JsonObject { ["total_tokens"] = tokens },
            }
        );
    }

    protected override IResult Error(int status, string message, string code = "") =>
        Results.Json(new JsonObject { ["detail"] = message }, statusCode: status);
}
