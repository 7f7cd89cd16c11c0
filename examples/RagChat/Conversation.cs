using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Sextant;

namespace RagChat;

/// <summary>A conversation whose every answer is grounded in passages that were retrieved for the question.</summary>
internal sealed class Conversation(SemanticSearchEngine documents, IChatClient? model)
{
    private const int Passages = 4;
    private const string Instructions =
        "Answer from the passages only, in at most three sentences, and name the ids that you used in brackets, like [refunds-01]. "
        + "If the passages do not answer the question, say so.";

    private readonly List<ChatMessage> _history = [new(ChatRole.System, Instructions)];

    /// <summary>Retrieves passages and streams the answer of the model; without a model, the passages themselves.</summary>
    public async IAsyncEnumerable<string> AskAsync(string question, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        IReadOnlyList<SearchResult> hits = await documents.SearchAsync(
            question,
            Passages,
            new() { Mode = SearchMode.Hybrid },
            cancellationToken
        );
        string passages = string.Join("\n\n", hits.Select(hit => $"[{hit.Id}] {hit.Text}"));
        if (model is null)
        {
            yield return passages;
            yield break;
        }

        // The history keeps questions and answers. Passages go with one request only, so the prompt does not grow with them.
        ChatMessage grounded = new(ChatRole.User, $"Passages:\n\n{passages}\n\nQuestion: {question}");
        string answer = "";
        await foreach (
            ChatResponseUpdate update in model.GetStreamingResponseAsync([.. _history, grounded], cancellationToken: cancellationToken)
        )
        {
            answer += update.Text;
            yield return update.Text;
        }

        _history.Add(new(ChatRole.User, question));
        _history.Add(new(ChatRole.Assistant, answer));
    }
}
