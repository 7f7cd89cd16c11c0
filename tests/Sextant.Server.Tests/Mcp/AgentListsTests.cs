using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Sextant.Server.Tests.Keys;

namespace Sextant.Server.Tests.Mcp;

/// <summary>Resources and long lists, by the protocol's own client.</summary>
public sealed class AgentListsTests
{
    private const int Collections = 105;

    [Fact]
    public async Task Lists_of_collections_have_pages_and_every_collection_once()
    {
        await using InProcessService service = await InProcessService.StartAsync();
        string[] names = [.. Enumerable.Range(0, Collections).Select(static i => $"c-{i:000}")];
        foreach (string name in names)
            (await service.SendAsync(null, "PUT", $"/v1/collections/{name}")).EnsureSuccessStatusCode();
        await using McpClient client = await ConnectAsync(service, key: null);

        ListResourcesResult first = await client.ListResourcesAsync(new ListResourcesRequestParams());
        IList<McpClientResource> resources = await client.ListResourcesAsync();
        List<string> listed = [];
        List<int> sizes = [];
        for (string? cursor = null; listed.Count == 0 || cursor is not null; )
        {
            CallToolResult page = await client.CallToolAsync("list_collections", new Dictionary<string, object?> { ["cursor"] = cursor });
            JsonNode content = JsonNode.Parse(page.StructuredContent!.Value.GetRawText())!;
            listed.AddRange(content["collections"]!.AsArray().Select(static one => (string)one!["name"]!));
            sizes.Add(content["collections"]!.AsArray().Count);
            cursor = (string?)content["next_cursor"];
        }

        Assert.Equal(100, first.Resources.Count);
        Assert.NotNull(first.NextCursor);
        Assert.Equal(names, resources.Select(static one => one.Name));
        Assert.Equal(names, listed);
        Assert.Equal([50, 50, 5], sizes);
    }

    [Fact]
    public async Task Resources_and_prompts_are_limited_to_readable_collections()
    {
        await using InProcessService service = await InProcessService.StartAsync();
        string admin = await service.CreateKeyAsync("admin", "*=all"),
            reader = await service.CreateKeyAsync("reader", "a=read");
        await RightsMatrixTests.WaitForKeysAsync(service);
        foreach (string name in (string[])["a", "b"])
        {
            (await service.SendAsync(admin, "PUT", $"/v1/collections/{name}")).EnsureSuccessStatusCode();
            JsonNode document = new JsonObject { ["id"] = "1", ["text"] = "a text" };
            (await service.SendAsync(admin, "POST", $"/v1/collections/{name}/documents", document)).EnsureSuccessStatusCode();
        }

        await using McpClient client = await ConnectAsync(service, reader);
        CompleteResult completed = await client.CompleteAsync(new PromptReference { Name = "answer" }, "collection", "");

        Assert.Equal(["a"], (await client.ListResourcesAsync()).Select(static one => one.Name));
        Assert.Equal(["a"], completed.Completion.Values);
        ReadResourceResult read = await client.ReadResourceAsync("sextant://collections/a/documents/1");
        Assert.Equal("a text", Assert.IsType<TextResourceContents>(Assert.Single(read.Contents)).Text);
        foreach (
            Func<Task> work in (Func<Task>[])
                [
                    async () => await client.ReadResourceAsync("sextant://collections/b"),
                    async () => await client.ReadResourceAsync("sextant://collections/b/documents/1"),
                    async () =>
                        await client.GetPromptAsync("answer", new Dictionary<string, object?> { ["collection"] = "b", ["question"] = "a" }),
                    async () => await client.GetPromptAsync("explore", new Dictionary<string, object?> { ["collection"] = "b" }),
                ]
        )
        {
            McpProtocolException error = await Assert.ThrowsAsync<McpProtocolException>(work);
            Assert.Contains("does not have the right 'read'", error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("resources/read", "{\"urI\":\"sextant://collections/a\"}", "'uri' is missing")]
    [InlineData("resources/read", "{\"uri\":null}", "'uri' is missing")]
    [InlineData("resources/list", "{\"cursor\":5}", "look at cursor")]
    [InlineData("prompts/get", "{}", "'name' is missing")]
    [InlineData("completion/complete", "{\"ref\":{\"type\":\"ref/prompt\",\"name\":\"answer\"}}", "'argument' is missing")]
    [InlineData("completion/complete", "{\"ref\":{\"type\":\"ref/prompt\",\"name\":\"answer\"},\"argument\":{}}", "argument")]
    public async Task Malformed_request_is_an_error_with_its_reason(string method, string parameters, string words)
    {
        await using InProcessService service = await InProcessService.StartAsync();
        JsonNode body = new JsonObject
        {
            ["jsonrpc"] = "2.0",
            ["id"] = 1,
            ["method"] = method,
            ["params"] = JsonNode.Parse(parameters),
        };
        using HttpResponseMessage response = await service.SendAsync(null, "POST", "/mcp", body);
        string text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Contains("-32602", text, StringComparison.Ordinal);
        Assert.Contains(words, text.Replace("\\u0027", "'", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    private static Task<McpClient> ConnectAsync(InProcessService service, string? key) =>
        McpClient.CreateAsync(
            new HttpClientTransport(
                new()
                {
                    Endpoint = new(service.Http.BaseAddress!, "/mcp"),
                    AdditionalHeaders = key is null ? null : new Dictionary<string, string> { ["Authorization"] = $"Bearer {key}" },
                }
            )
        );
}
