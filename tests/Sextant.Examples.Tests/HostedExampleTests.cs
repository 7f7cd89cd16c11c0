using System.Text.Json.Nodes;
using Sextant.Hosted.Tests.Services;
using Sextant.Tests.Shared;

namespace Sextant.Examples.Tests;

/// <summary>The examples that can use a hosted model, with servers on loopback in its place.</summary>
public sealed class HostedExampleTests : IDisposable
{
    private readonly Example _example = new();

    public void Dispose() => _example.Dispose();

    [Fact]
    public async Task Chat_model_answers_from_retrieved_passages_and_remembers_the_conversation()
    {
        await using FakeChat chat = new()
        {
            Script = static messages => messages.Count == 2 ? "Within 30 days of delivery [refunds-01]." : "Five working days.",
        };
        _example.Environment["OPENAI_API_KEY"] = chat.Key;
        _example.Environment["OPENAI_BASE_URL"] = new Uri(chat.Address, "/v1").ToString();
        _example.Environment["OPENAI_MODEL"] = "scripted";

        CommandResult result = await _example.RunAsync("RagChat", [], "how do I get my money back\nand how long does it take\n\n");

        Assert.Contains("> Within 30 days of delivery [refunds-01].\n> Five working days.\n", result.Output, StringComparison.Ordinal);
        SeenRequest[] requests = [.. chat.Requests];
        Assert.Equal(["scripted", "scripted"], requests.Select(static request => request.Body["model"]!.GetValue<string>()));
        Assert.Contains("[refunds-01] How do I claim a refund?", Last(requests[0]), StringComparison.Ordinal);
        Assert.EndsWith("Question: how do I get my money back", Last(requests[0]), StringComparison.Ordinal);
        // The second request repeats question and answer, not the passages of the first.
        JsonArray history = requests[1].Body["messages"]!.AsArray();
        Assert.Equal(["system", "user", "assistant", "user"], history.Select(static message => message!["role"]!.GetValue<string>()));
        Assert.Equal("how do I get my money back", Text(history[1]!));
    }

    [Fact]
    public async Task Without_a_key_a_chat_shows_the_passages()
    {
        CommandResult result = await _example.RunAsync("RagChat", [], "how do I get my money back\n\n");

        Assert.StartsWith("279 passages.", result.Output, StringComparison.Ordinal);
        Assert.Contains("> [refunds-01] How do I claim a refund?\nWithin 30 days", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Support_tuning_improves_the_built_in_model_offline()
    {
        CommandResult result = await _example.RunAsync("SupportTuning", ["sextant-small", "out"]);

        Assert.StartsWith("sextant-small: adapter trained on 224 pairs\n", result.Output, StringComparison.Ordinal);
        Assert.True(RecallAtOne(result.Lines[2]) > RecallAtOne(result.Lines[1]), result.Output);
        Assert.StartsWith("base   0.633  Which payment methods", result.Lines[3], StringComparison.Ordinal);
        Assert.EndsWith("My payment was declined.", result.Lines[4], StringComparison.Ordinal);
        Assert.EndsWith("0 requests, 0 tokens, $0\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Support_tuning_pays_a_hosted_model_once_for_each_text()
    {
        await using FakeOpenAI service = new();
        _example.Environment["OPENAI_API_KEY"] = service.Key;
        _example.Environment["OPENAI_BASE_URL"] = new Uri(service.Address, "/v1").ToString();

        CommandResult result = await _example.RunAsync("SupportTuning", ["openai:text-embedding-3-small", "out"]);

        Assert.StartsWith("openai:text-embedding-3-small: adapter trained on 224 pairs\n", result.Output, StringComparison.Ordinal);
        Assert.Equal(service.Paid.Distinct().Count(), service.Paid.Count);
        Assert.EndsWith(
            $"{service.Requests.Count} requests, {service.Paid.Sum(static text => text.Split(' ').Length)} tokens, $0.000",
            result.Output[..(result.Output.IndexOf('$') + 6)],
            StringComparison.Ordinal
        );
    }

    private static double RecallAtOne(string line) =>
        double.Parse(line.Split("recall@1 ")[1].Split(',')[0], System.Globalization.CultureInfo.InvariantCulture);

    private static string Last(SeenRequest request) => Text(request.Body["messages"]!.AsArray()[^1]!);

    private static string Text(JsonNode message) =>
        message["content"] is JsonArray parts
            ? string.Concat(parts.Select(static part => part!["text"]!.GetValue<string>()))
            : message["content"]!.GetValue<string>();
}
