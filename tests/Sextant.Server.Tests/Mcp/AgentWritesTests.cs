using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Sextant.Server.Keys;
using Sextant.Tests.Shared;

namespace Sextant.Server.Tests.Mcp;

/// <summary>The tool that changes collections needs the flag of the operator and a key that may write.</summary>
public sealed class AgentWritesTests
{
    private const string Tool = "add_documents";

    [Fact]
    public async Task Key_that_may_write_adds_documents_and_the_audit_log_names_it()
    {
        using TempFolder folder = new();
        ApiKeyFile keys = new(folder.File("collections/" + ApiKeyFile.DefaultName));
        string writer = await keys.CreateAsync(new("importer", [KeyGrant.Parse("docs=read,write,manage")])),
            reader = await keys.CreateAsync(new("website", [KeyGrant.Parse("*=read")]));
        await using ServiceProcess service = await ServiceProcess.StartAsync(
            folder.Path,
            new Dictionary<string, string> { ["SEXTANT_ALLOW_AGENT_WRITES"] = "true" }
        );
        service.UseKey(writer);
        await service.CreateAsync("docs");
        await using McpClient writing = await ConnectAsync(service, writer),
            reading = await ConnectAsync(service, reader);

        CallToolResult added = await AddAsync(writing, "docs", Document("refund", "The purchase price is refunded."), Document(null, "a"));
        CallToolResult rejected = await AddAsync(reading, "docs", Document("refund", "Nothing is refunded."));
        CallToolResult elsewhere = await AddAsync(writing, "other", Document(null, "a"));
        CallToolResult read = await reading.CallToolAsync(
            "get_document",
            new Dictionary<string, object?> { ["collection"] = "docs", ["id"] = "refund" }
        );
        string[] offered = [.. (await writing.ListToolsAsync()).Select(static tool => tool.Name)],
            offeredToReader = [.. (await reading.ListToolsAsync()).Select(static tool => tool.Name)];
        await service.StopAsync();

        Assert.Equal(2, added.StructuredContent!.Value.GetProperty("added").GetInt32());
        Assert.Contains("does not have the right 'write'", Text(rejected), StringComparison.Ordinal);
        Assert.Contains("does not have the right 'write'", Text(elsewhere), StringComparison.Ordinal);
        Assert.Contains("The purchase price is refunded.", Text(read), StringComparison.Ordinal);
        Assert.Contains(Tool, offered);
        Assert.Equal(offered.Except([Tool]), offeredToReader);
        Assert.Contains("importer MCP add_documents docs done", service.Log, StringComparison.Ordinal);
        Assert.Contains("website MCP add_documents docs rejected", service.Log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public async Task Tool_is_missing_without_the_flag_and_in_a_read_only_service(bool allowed, bool readOnly)
    {
        await using InProcessService service = await InProcessService.StartAsync(options =>
            (options.AllowAgentWrites, options.ReadOnly) = (allowed, readOnly)
        );
        await using McpClient client = await McpClient.CreateAsync(
            new HttpClientTransport(new() { Endpoint = new(service.Http.BaseAddress!, "/mcp") }),
            cancellationToken: TestContext.Current.CancellationToken
        );

        Assert.DoesNotContain(await client.ListToolsAsync(), static tool => tool.Name == Tool);
        await Assert.ThrowsAsync<McpProtocolException>(() => AddAsync(client, "docs", Document(null, "a")));
    }

    private static Task<McpClient> ConnectAsync(ServiceProcess service, string key) =>
        McpClient.CreateAsync(
            new HttpClientTransport(
                new()
                {
                    Endpoint = new(service.Url, "/mcp"),
                    AdditionalHeaders = new Dictionary<string, string> { ["Authorization"] = $"Bearer {key}" },
                }
            )
        );

    private static async Task<CallToolResult> AddAsync(McpClient client, string collection, params object[] documents) =>
        await client.CallToolAsync(Tool, new Dictionary<string, object?> { ["collection"] = collection, ["documents"] = documents });

    private static object Document(string? id, string text) => id is null ? new { text } : new { id, text };

    private static string Text(CallToolResult result) =>
        string.Concat(result.Content.OfType<TextContentBlock>().Select(static block => block.Text));
}
