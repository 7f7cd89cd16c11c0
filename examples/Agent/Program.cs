// An agent that answers from a collection: dotnet run --project examples/Agent -- "how do I get my money back" "how long does it take"
// With OPENAI_API_KEY (and OPENAI_BASE_URL, OPENAI_MODEL) a model calls the tools and answers; without it, a script does.
using System.ClientModel;
using System.Text.Json;
using Agent;
using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Sextant;
using Sextant.Sources;

string[] questions = args is [] ? ["how do I get my money back"] : args;
HostApplicationBuilder builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
builder.Services.AddSextant(options => (options.Collections, options.Collection) = (SextantPaths.CacheDirectory, "agent-example"));
builder.Services.AddSingleton<SearchPlugin>();
using IHost host = builder.Build();
await host.StartAsync();

SemanticSearchEngine documents = host.Services.GetRequiredService<SemanticSearchEngine>();
await new CollectionIndexer(documents).IndexAsync([Path.Combine(Root(), "examples", "faq.jsonl")]);

using IChatClient model = CreateModel();
AIAgent agent = new ChatClientAgent(
    model,
    instructions: "Answer from what the tools find, and name the ids it came from.",
    name: "support",
    tools: host.Services.GetRequiredService<SearchPlugin>().Tools
);

// A session remembers the conversation, so that later questions can refer to earlier ones.
AgentSession session = await agent.CreateSessionAsync();
foreach (string question in questions)
{
    AgentResponse answer = await agent.RunAsync(question, session);
    foreach (FunctionCallContent call in answer.Messages.SelectMany(static message => message.Contents).OfType<FunctionCallContent>())
        Console.WriteLine($"{call.Name} {JsonSerializer.Serialize(call.Arguments)}");
    Console.WriteLine(answer.Text);
}

await host.StopAsync();

static IChatClient CreateModel()
{
    if (Environment.GetEnvironmentVariable("OPENAI_API_KEY") is not { Length: > 0 } key)
        return new ScriptedChatClient();
    OpenAI.OpenAIClientOptions options = new();
    if (Environment.GetEnvironmentVariable("OPENAI_BASE_URL") is { Length: > 0 } address)
        options.Endpoint = new Uri(address);
    string name = Environment.GetEnvironmentVariable("OPENAI_MODEL") ?? "gpt-4o-mini";
    return new OpenAI.Chat.ChatClient(name, new ApiKeyCredential(key), options).AsIChatClient();
}

static string Root()
{
    DirectoryInfo? at = new(AppContext.BaseDirectory);
    while (at is not null && !File.Exists(Path.Combine(at.FullName, "Sextant.slnx")))
        at = at.Parent;
    return at?.FullName ?? throw new InputException("run the example inside of the repository, which has the texts that it searches");
}
