using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Agent;

/// <summary>
/// A model that follows a script, so that the example runs without one: it searches for each question, and answers with the best text that
/// the tool returned.
/// </summary>
internal sealed class ScriptedChatClient : IChatClient
{
    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ChatMessage last = messages.Last();
        AIContent next = last.Contents.OfType<FunctionResultContent>().FirstOrDefault() is { } result
            ? new TextContent(Answer(result))
            : new FunctionCallContent($"call-{messages.Count()}", "search", new Dictionary<string, object?> { ["query"] = last.Text });
        return Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, [next])));
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        foreach (ChatResponseUpdate update in (await GetResponseAsync(messages, options, cancellationToken)).ToChatResponseUpdates())
            yield return update;
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose() { }

    private static string Answer(FunctionResultContent result)
    {
        JsonElement best = ((JsonElement)result.Result!).EnumerateArray().First();
        string text = best.GetProperty("text").GetString()!;
        return $"{text[(text.IndexOf('\n') + 1)..]} [{best.GetProperty("id").GetString()}]";
    }
}
