using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Sextant.Hosted.Tests.Services;

/// <summary>OpenAI's <c>/v1/embeddings</c>, as its OpenAPI description has it.</summary>
public class FakeOpenAI : FakeService
{
    private const int MaxInputs = 2048,
        MaxRequestTokens = 300_000;

    /// <summary>Counts tokens: one a word.</summary>
    public Func<string, int> Tokens { get; set; } = static text => text.Split(' ').Length;

    /// <summary>Always returns its own dimensions.</summary>
    public bool IgnoresDimensions { get; set; }

    /// <summary>The most texts of one request.</summary>
    public int MaxTexts { get; set; } = MaxInputs;

    /// <summary>The most tokens of one request.</summary>
    public int MaxTokens { get; set; } = MaxRequestTokens;

    /// <summary>The path that it serves.</summary>
    public string Route { get; set; } = "/v1/embeddings";

    protected override IResult Answer(SeenRequest request)
    {
        JsonObject body = request.Body;
        if (request.Path != Route)
            return Error(404, $"Unknown request URL: POST {request.Path}", "unknown_url");
        if (UnknownField(body, "input", "model", "encoding_format", "dimensions", "user") is { } unknown)
            return Error(400, $"Unrecognized request argument supplied: {unknown}");
        if (body["model"]?.GetValue<string>() is not { Length: > 0 } model)
            return Error(400, "you must provide a model parameter");
        if (body["input"] is not JsonArray input || input.Count == 0 || input.Any(t => t!.GetValue<string>().Length == 0))
            return Error(400, "'$.input' is invalid. Please check the API reference");
        if (input.Count > MaxTexts)
        {
            return Error(
                400,
                $"'$.input' is invalid: array too long. Expected an array with maximum length {MaxTexts}, but got {input.Count}",
                "array_above_max_length"
            );
        }

        string[] texts = [.. input.Select(static t => t!.GetValue<string>())];
        int tokens = texts.Sum(Tokens);
        if (tokens > MaxTokens)
            return Error(400, $"Requested {tokens} tokens, max {MaxTokens} tokens per request", "max_tokens_per_request");
        int? asked = body["dimensions"]?.GetValue<int>();
        if (asked < 1 || (asked is not null && model.Contains("ada", StringComparison.Ordinal)))
            return Error(400, "This model does not support specifying dimensions.");

        foreach (string text in texts)
            Paid.Enqueue(text);
        bool base64 = body["encoding_format"]?.GetValue<string>() == "base64";
        JsonNode[] data =
        [
            .. VectorsOf(texts, IgnoresDimensions ? Dimensions : asked ?? Dimensions)
                .Select((vector, index) => Item(vector, index, base64)),
        ];
        if (Shuffled)
            Array.Reverse(data);
        return Results.Json(
            new JsonObject
            {
                ["object"] = "list",
                ["model"] = model,
                ["data"] = new JsonArray(data),
                ["usage"] = new JsonObject { ["prompt_tokens"] = tokens, ["total_tokens"] = tokens },
            }
        );
    }

    protected override IResult Error(int status, string message, string code = "") =>
        Results.Json(
            new JsonObject
            {
                ["error"] = new JsonObject
                {
                    ["message"] = message,
                    ["type"] = code.Length > 0 ? code : "invalid_request_error",
                    ["param"] = null,
                    ["code"] = code.Length > 0 ? code : null,
                },
            },
            statusCode: status
        );

    private static JsonObject Item(float[] vector, int index, bool base64) =>
        new()
        {
            ["object"] = "embedding",
            ["index"] = index,
            ["embedding"] = base64
                ? Convert.ToBase64String(MemoryMarshal.AsBytes<float>(vector))
                : new JsonArray([.. vector.Select(static v => (JsonNode)v)]),
        };
}
