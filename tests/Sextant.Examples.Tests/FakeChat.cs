using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Sextant.Hosted.Tests.Services;

namespace Sextant.Examples.Tests;

/// <summary>OpenAI's <c>/v1/chat/completions</c>, streamed: a model that follows a script and shows what it was asked.</summary>
public sealed class FakeChat : FakeService
{
    /// <summary>What it answers to a request.</summary>
    public required Func<JsonArray, string> Script { get; init; }

    protected override IResult Answer(SeenRequest request)
    {
        if (request.Path != "/v1/chat/completions" || request.Body["stream"]?.GetValue<bool>() != true)
            return Error(404, "only streamed chat completions are scripted");
        // Word by word, as a model does.
        IEnumerable<string> parts = Script(request.Body["messages"]!.AsArray())
            .Split(' ')
            .Select(static (word, index) => index == 0 ? word : " " + word);
        string events = string.Concat(parts.Select(part => $"data: {Chunk(request.Body["model"]!.GetValue<string>(), part)}\n\n"));
        return Results.Text(events + "data: [DONE]\n\n", "text/event-stream");
    }

    protected override IResult Error(int status, string message, string code = "") =>
        Results.Json(
            new JsonObject
            {
                ["error"] = new JsonObject { ["message"] = message, ["type"] = "invalid_request_error" },
            },
            statusCode: status
        );

    private static string Chunk(string model, string content) =>
        JsonSerializer.Serialize(
            new
            {
                id = "chatcmpl-1",
                @object = "chat.completion.chunk",
                created = 1_750_000_000,
                model,
                choices = new[]
                {
                    new
                    {
                        index = 0,
                        delta = new { role = "assistant", content },
                        finish_reason = (string?)null,
                    },
                },
            }
        );
}
