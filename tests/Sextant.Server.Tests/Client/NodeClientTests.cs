namespace Sextant.Server.Tests.Client;

/// <summary>Clients of others for JavaScript, by the scripts in npm/.</summary>
public sealed class NodeClientTests(SharedService shared)
{
    private static readonly string[] ToolChecks =
    [
        "tools are listed with schemas",
        "list_collections",
        "search",
        "search with everything",
        "search by meaning, words or both",
        "search ordered by a reranker",
        "notes say why nothing is found",
        "similar",
        "get_document",
        "list_documents page by page",
        "search continues at an offset",
        "resources are listed and read",
        "prompts contain the passages",
        "names of collections are completed",
        "errors say what is wrong",
    ];

    private readonly ServiceProcess _service = shared.Service;

    [Fact]
    public Task OpenAI_client_works_unchanged() =>
        NodeScript.HoldsAsync(
            _service,
            "openai",
            "openai.mjs",
            [$"{_service.Url}"],
            [
                "a text",
                "float and base64 are the same numbers",
                "a batch in its order",
                "tokens stand for their text",
                "fewer dimensions",
                "models",
                "errors",
            ]
        );

    [Fact]
    public Task LangChain_embeddings_work_unchanged() =>
        NodeScript.HoldsAsync(
            _service,
            "@langchain/openai",
            "langchain.mjs",
            [$"{_service.Url}"],
            [
                "a query",
                "documents in several requests keep their order",
                "fewer dimensions",
                "line breaks are as LangChain leaves them",
                "errors",
            ]
        );

    [Fact]
    public Task AI_SDK_works_unchanged() =>
        NodeScript.HoldsAsync(
            _service,
            "@ai-sdk/openai",
            "ai.mjs",
            [$"{_service.Url}"],
            ["a text", "many texts keep their order", "what is near in meaning is near", "fewer dimensions", "errors"]
        );

    [Fact]
    public async Task MCP_client_accepts_every_tool_over_HTTP()
    {
        await FillAsync(_service, "node-http");
        await NodeScript.HoldsAsync(_service, "@modelcontextprotocol/sdk", "mcp.mjs", ["node-http", $"{_service.Url}"], ToolChecks);
    }

    [Fact]
    public async Task MCP_client_accepts_every_tool_over_standard_input()
    {
        // The process that writes to a collection is its only writer until it ends.
        await using ServiceProcess service = await ServiceProcess.StartAsync();
        await FillAsync(service, "node-stdio");
        await service.StopAsync();
        string[] command =
        [
            "dotnet",
            ServiceProcess.Program,
            "mcp",
            "--allow-writes",
            "--collections",
            Path.Combine(service.Folder, "collections"),
        ];
        string[] checks = [.. ToolChecks, "documents are added and replaced"];
        await NodeScript.HoldsAsync(service, "@modelcontextprotocol/sdk", "mcp.mjs", ["node-stdio", .. command], checks);
    }

    private static async Task FillAsync(ServiceProcess service, string collection)
    {
        await service.CreateAsync(collection);
        await service.AddAsync(
            collection,
            new
            {
                id = "refund",
                text = "The purchase price is refunded in a week.",
                metadata = new
                {
                    topic = "money",
                    tags = new[] { "a", null },
                    nested = new { deep = new { n = 1.5 } },
                },
            },
            new
            {
                id = "hours/shop 1",
                text = "We open at nine.",
                metadata = new { topic = "hours" },
            },
            new { id = "bare", text = "A text alone." }
        );
    }
}
