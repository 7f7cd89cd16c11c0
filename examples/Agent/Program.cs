// An agent that answers from a collection: dotnet run --project examples/Agent -- "how do I get my money back"
// With OPENAI_API_KEY (and OPENAI_BASE_URL, OPENAI_MODEL) a model calls the tools and answers; without it, the tool's output is shown.
using System.ClientModel;
using System.Text.Json;
using Agent;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Sextant;
using Sextant.Sources;

string question = args is [string asked] ? asked : "how do I get my money back";
HostApplicationBuilder builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
builder.Services.AddSextant(options => (options.Collections, options.Collection) = (SextantPaths.CacheDirectory, "agent-example"));
builder.Services.AddSingleton<SearchPlugin>();
using IHost host = builder.Build();
await host.StartAsync();

SemanticSearchEngine documents = host.Services.GetRequiredService<SemanticSearchEngine>();
await new CollectionIndexer(documents).IndexAsync([Path.Combine(Root(), "examples", "faq.jsonl")]);
SearchPlugin plugin = host.Services.GetRequiredService<SearchPlugin>();

if (Environment.GetEnvironmentVariable("OPENAI_API_KEY") is { Length: > 0 } key)
{
    OpenAI.OpenAIClientOptions how = new();
    if (Environment.GetEnvironmentVariable("OPENAI_BASE_URL") is { Length: > 0 } address)
        how.Endpoint = new Uri(address);
    using IChatClient agent = new OpenAI.Chat.ChatClient(
        Environment.GetEnvironmentVariable("OPENAI_MODEL") ?? "gpt-4o-mini",
        new ApiKeyCredential(key),
        how
    )
        .AsIChatClient()
        .AsBuilder()
        .UseFunctionInvocation()
        .Build();
    ChatResponse answer = await agent.GetResponseAsync(
        [new(ChatRole.System, "Answer from what the tools find, and name the ids it came from."), new(ChatRole.User, question)],
        new() { Tools = plugin.Tools }
    );
    Console.WriteLine(answer.Text);
}
else
{
    AIFunction search = plugin.Tools.OfType<AIFunction>().First();
    object? found = await search.InvokeAsync(new(new Dictionary<string, object?> { ["query"] = question }));
    Console.WriteLine($"{search.Name}({JsonSerializer.Serialize(question)}):");
    foreach (JsonElement hit in ((JsonElement)found!).EnumerateArray())
        Console.WriteLine(JsonSerializer.Serialize(hit));
}

await host.StopAsync();

static string Root()
{
    DirectoryInfo? at = new(AppContext.BaseDirectory);
    while (at is not null && !File.Exists(Path.Combine(at.FullName, "Sextant.slnx")))
        at = at.Parent;
    return at?.FullName ?? throw new InputException("run the example inside of the repository, which has the texts that it searches");
}
