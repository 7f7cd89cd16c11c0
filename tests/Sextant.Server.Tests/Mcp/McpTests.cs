using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Sextant.Server.Tests.Mcp;

/// <summary>The tools, by the protocol's own client.</summary>
public sealed class McpTests(SharedService shared)
{
    [Fact]
    public async Task Agent_lists_searches_reads_and_finds_similar_over_standard_input()
    {
        await FillAsync("agent");
        await using McpClient client = await McpClient.CreateAsync(
            new StdioClientTransport(
                new()
                {
                    Name = "sextant",
                    Command = "dotnet",
                    Arguments = [ServiceProcess.Program, "mcp", "--collections", Path.Combine(shared.Service.Folder, "collections")],
                }
            )
        );
        await UseAsync(client, "agent");
    }

    [Fact]
    public async Task Same_tools_are_served_over_HTTP()
    {
        await FillAsync("remote");
        await using McpClient client = await McpClient.CreateAsync(
            new HttpClientTransport(new() { Endpoint = new(shared.Service.Url, "/mcp") })
        );
        await UseAsync(client, "remote");
    }

    private static async Task UseAsync(McpClient client, string collection)
    {
        IList<McpClientTool> tools = await client.ListToolsAsync();
        CallToolResult list = await client.CallToolAsync("list_collections", new Dictionary<string, object?>());
        CallToolResult found = await client.CallToolAsync(
            "search",
            new Dictionary<string, object?>
            {
                ["collection"] = collection,
                ["query"] = "money back",
                ["k"] = 1,
            }
        );
        CallToolResult read = await client.CallToolAsync(
            "get_document",
            new Dictionary<string, object?> { ["collection"] = collection, ["id"] = "refund" }
        );
        CallToolResult like = await client.CallToolAsync(
            "similar",
            new Dictionary<string, object?> { ["collection"] = collection, ["id"] = "refund" }
        );
        CallToolResult words = await client.CallToolAsync(
            "search",
            new Dictionary<string, object?>
            {
                ["collection"] = collection,
                ["query"] = "money nine",
                ["mode"] = "keyword",
            }
        );
        CallToolResult none = await client.CallToolAsync(
            "search",
            new Dictionary<string, object?> { ["collection"] = "nowhere", ["query"] = "a" }
        );

        Assert.Equal(
            ["get_document", "list_collections", "list_documents", "search", "similar"],
            tools.Select(tool => tool.Name).Order(StringComparer.Ordinal)
        );
        Assert.Contains(collection, Text(list), StringComparison.Ordinal);
        Assert.Contains("purchase price", Text(found), StringComparison.Ordinal);
        Assert.Contains("We open at nine", Text(words), StringComparison.Ordinal);
        Assert.DoesNotContain("purchase price", Text(words), StringComparison.Ordinal);
        Assert.Contains("\"refund\"", Text(read), StringComparison.Ordinal);
        Assert.DoesNotContain("purchase price", Text(like), StringComparison.Ordinal);
        Assert.True(none.IsError);
        Assert.Contains("nowhere", Text(none), StringComparison.Ordinal);
    }

    private async Task FillAsync(string collection)
    {
        await shared.Service.CreateAsync(collection);
        await shared.Service.AddAsync(
            collection,
            new { id = "refund", text = "The purchase price is refunded in a week." },
            new { id = "hours", text = "We open at nine." }
        );
    }

    private static string Text(CallToolResult result) =>
        string.Concat(result.Content.OfType<TextContentBlock>().Select(block => block.Text));
}
