// Ask questions about your documents: Sextant retrieves passages, and a chat model answers from them.
//   OPENAI_API_KEY=… dotnet run -c Release --project examples/RagChat -- [FILE-OR-FOLDER …]
// OPENAI_BASE_URL and OPENAI_MODEL select any other OpenAI-compatible service. Without a key, the retrieved passages are shown.
using System.ClientModel;
using Microsoft.Extensions.AI;
using RagChat;
using Sextant;
using Sextant.Sources;

string[] sources = args.Length > 0 ? args : [Path.Combine(AppContext.BaseDirectory, "faq.jsonl")];
string collection = Path.Combine(Path.GetTempPath(), $"rag-chat-{Environment.ProcessId}.sextant");
try
{
    await using SemanticSearchEngine documents = await SemanticSearchEngine.OpenAsync(collection);
    await new CollectionIndexer(documents).IndexAsync(sources);
    Console.WriteLine($"{await documents.CountAsync()} passages. Ask a question; an empty line ends the conversation.");

    using IChatClient? model = OpenModel();
    Conversation conversation = new(documents, model);
    while (Prompt() is { Length: > 0 } question)
    {
        await foreach (string part in conversation.AskAsync(question))
            Console.Write(part);
        Console.WriteLine();
    }
}
finally
{
    if (Directory.Exists(collection))
        Directory.Delete(collection, recursive: true);
}

static string? Prompt()
{
    Console.Write("> ");
    return Console.ReadLine();
}

static IChatClient? OpenModel()
{
    if (Environment.GetEnvironmentVariable("OPENAI_API_KEY") is not { Length: > 0 } key)
        return null;
    OpenAI.OpenAIClientOptions options = new();
    if (Environment.GetEnvironmentVariable("OPENAI_BASE_URL") is { Length: > 0 } address)
        options.Endpoint = new Uri(address);
    string name = Environment.GetEnvironmentVariable("OPENAI_MODEL") ?? "gpt-4o-mini";
    return new OpenAI.Chat.ChatClient(name, new ApiKeyCredential(key), options).AsIChatClient();
}
