using System.Text.Json;
using Sextant.Hosted.Tests.Services;
using Sextant.Tests.Shared;

namespace Sextant.Hosted.Tests;

/// <summary>The built command against a server on loopback.</summary>
public sealed class CommandTests : IAsyncLifetime
{
    private const string Model = "openai:text-embedding-3-small";

    private readonly FakeOpenAI _server = new();
    private readonly SextantCommand _command = new();

    public ValueTask InitializeAsync()
    {
        _command.Environment["OPENAI_API_KEY"] = _server.Key;
        _command.Environment["OPENAI_BASE_URL"] = new Uri(_server.Address, "/v1").ToString();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        _command.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Embed_prints_the_services_vectors_and_their_cost()
    {
        CommandResult result = await _command.RunAsync("embed", "--model", "openai:text-embedding-3-small", "hello world");

        Assert.Equal(0, result.ExitCode);
        float[] vector = JsonSerializer
            .Deserialize<JsonElement>(Assert.Single(result.Lines))
            .GetProperty("embedding")
            .Deserialize<float[]>()!;
        Assert.Equal(FakeService.VectorOf("hello world", 1536), vector);
        Assert.Equal("used 1 request, 2 tokens, $0.00000004\n", result.Error);
    }

    [Fact]
    public async Task Paid_vectors_are_not_requested_again()
    {
        await _command.RunAsync("embed", "--model", "openai:text-embedding-3-small", "hello world");
        CommandResult again = await _command.RunAsync("embed", "--model", "openai:text-embedding-3-small", "hello world");

        Assert.Equal((0, ""), (again.ExitCode, again.Error));
        Assert.Single(_server.Requests);
    }

    [Fact]
    public async Task Cost_estimate_needs_no_key_and_sends_no_request()
    {
        _command.Environment["OPENAI_API_KEY"] = "";
        string source = _command.Write("a.jsonl", "{\"text\":\"hello world\"}\n{\"text\":\"tiktoken is great!\"}\n");

        CommandResult result = await _command.RunAsync("cost", source, "--model", "openai:text-embedding-3-large", "--json");

        Assert.Equal(
            """{"model":"openai:text-embedding-3-large","texts":2,"tokens":8,"requests":1,"usd":0.00000104,"exact":true}""",
            Assert.Single(result.Lines)
        );
        Assert.Empty(_server.Requests);
    }

    [Theory]
    [InlineData("azure:text-embedding-3-small", "1536", "$0.02 per million tokens")]
    [InlineData("voyage:voyage-large-2", "1536", "$0.12 per million tokens")]
    [InlineData("ollama:nomic-embed-text:latest", "768", "Apache-2.0")]
    [InlineData("ollama:qwen3-embedding:0.6b", "1024", "Instruct: Given a web search query")]
    [InlineData("http://127.0.0.1:1#bge-m3", "1024", "MIT")]
    public async Task Known_model_is_described_without_a_key_or_a_request(string name, string dimensions, string says)
    {
        CommandResult shown = await _command.RunAsync("models", "show", name);

        Assert.True(shown.ExitCode == 0, shown.Error);
        Assert.Equal($"name            {name}", shown.Lines[0]);
        Assert.Contains($"dimensions      {dimensions}", shown.Lines);
        Assert.Contains(says, shown.Output, StringComparison.Ordinal);
        Assert.Empty(_server.Requests);
    }

    [Fact]
    public async Task Custom_deployment_gets_dimensions_from_the_server_and_the_rest_from_the_users_catalog()
    {
        await using Provider azure = Provider.Start("azure");
        foreach ((string variable, string value) in azure.Variables)
            _command.Environment[variable] = value;
        string source = _command.Write("a.jsonl", "{\"text\":\"hello world\"}\n");

        CommandResult asked = await _command.RunAsync("models", "show", azure.Model, "--json");
        CommandResult unknown = await _command.RunAsync("cost", source, "--model", azure.Model, "--json");
        _command.Environment["SEXTANT_CATALOG"] = _command.Write(
            "mine.json",
            """{"version":1,"as_of":"2026-11-26","models":[{"name":"azure:my-embeddings","dimensions":640,"usd_per_million_tokens":2}]}"""
        );
        CommandResult known = await _command.RunAsync("cost", source, "--model", azure.Model, "--json");

        Assert.Contains("\"dimensions\":640", asked.Output, StringComparison.Ordinal);
        Assert.Contains("\"usd\":null", unknown.Output, StringComparison.Ordinal);
        Assert.Contains("\"usd\":0.000004", known.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_with_other_dimensions_than_the_collection_is_rejected_with_both_numbers()
    {
        await using Provider own = Provider.Start("http");
        string source = _command.Write("a.jsonl", "{\"id\":\"1\",\"text\":\"one\"}\n");
        _command.Environment["SEXTANT_COMPATIBLE_API_KEY"] = own.Server.Key;
        await _command.RunAsync("index", source, "--to", "c.sextant", "--model", own.Model);
        own.Server.Dimensions = 97;

        CommandResult refused = await _command.RunAsync("search", "c.sextant", "two");

        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("c.sextant has vectors of 96 dimensions of ", refused.Error, StringComparison.Ordinal);
        Assert.Contains(", not of 97: this name now refers to another model", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_over_the_cost_limit_sends_nothing()
    {
        CommandResult result = await _command.RunAsync("embed", "hello world", "--model", Model, "--max-cost", "0.00000001");

        Assert.Equal(2, result.ExitCode);
        Assert.EndsWith("nothing was sent\n", result.Error, StringComparison.Ordinal);
        Assert.Empty(_server.Requests);
    }

    [Fact]
    public async Task Long_text_is_rejected_truncated_or_chunked_by_option()
    {
        string text = string.Join(' ', Enumerable.Repeat("word", 9000));
        string source = _command.Write("long.jsonl", JsonSerializer.Serialize(new { text }));

        CommandResult refused = await _command.RunAsync("embed", "--input", source, "--model", Model);
        CommandResult cut = await _command.RunAsync("embed", "--input", source, "--model", Model, "--overflow", "truncate");

        Assert.Equal((2, 0), (refused.ExitCode, cut.ExitCode));
        Assert.Contains("has 9000 tokens", refused.Error, StringComparison.Ordinal);
        Assert.Contains("and were truncated", cut.Error, StringComparison.Ordinal);
        Assert.Equal(8192, Assert.Single(_server.Paid).Split(' ').Length);
    }

    public static TheoryData<string, string> Troubles =>
        new()
        {
            { "stopped", "no server is listening" },
            { "refusing", "check OPENAI_API_KEY" },
            { "limiting", "the rate limit is reached: run it again in 300 s" },
            { "lying", "returned a vector of 8 dimensions, not 1536" },
        };

    [Theory]
    [MemberData(nameof(Troubles))]
    public async Task Service_failure_is_a_one_line_error_and_changes_nothing(string trouble, string says)
    {
        string source = _command.Write("a.jsonl", "{\"id\":\"1\",\"text\":\"one\"}\n");
        await _command.RunAsync("index", source, "--to", "c.sextant", "--model", Model, "--no-cache");
        string before = (await _command.RunAsync("collection", "info", "c.sextant", "--json")).Output;
        _command.Write("a.jsonl", "{\"id\":\"1\",\"text\":\"changed\"}\n{\"id\":\"2\",\"text\":\"new\"}\n");
        _server.Dimensions = trouble == "lying" ? 8 : 1536;
        _server.Always = _ =>
            trouble switch
            {
                "refusing" => new Fault(401, "{\"error\":{\"message\":\"Incorrect API key provided\"}}"),
                "limiting" => new Fault(429, "{\"error\":{\"message\":\"Rate limit reached\"}}", new() { ["Retry-After"] = "300" }),
                _ => null,
            };
        if (trouble == "stopped")
            await _server.DisposeAsync();

        CommandResult failed = await _command.RunAsync("index", source, "--to", "c.sextant");
        CommandResult fresh = await _command.RunAsync("index", source, "--to", "new.sextant", "--model", Model);

        Assert.Equal((1, 1), (failed.ExitCode, fresh.ExitCode));
        Assert.Contains(says, failed.Error, StringComparison.Ordinal);
        Assert.Equal(1, failed.Error.Count(c => c == '\n'));
        Assert.Equal(before, (await _command.RunAsync("collection", "info", "c.sextant", "--json")).Output);
        Assert.False(Directory.Exists(Path.Combine(_command.Folder, "new.sextant")));
    }

    [Theory]
    [InlineData("openai")]
    [InlineData("azure")]
    [InlineData("voyage")]
    [InlineData("cohere")]
    [InlineData("ollama")]
    [InlineData("http")]
    public async Task Every_model_string_embeds_and_indexes_and_an_unreachable_server_changes_nothing(string name)
    {
        await using Provider provider = Provider.Start(name);
        foreach ((string variable, string value) in provider.Variables)
            _command.Environment[variable] = value;
        string source = _command.Write("a.jsonl", "{\"id\":\"1\",\"text\":\"one\"}\n");

        CommandResult embedded = await _command.RunAsync("embed", "--model", provider.Model, "hello world");
        CommandResult indexed = await _command.RunAsync("index", source, "--to", "c.sextant", "--model", provider.Model, "--json");
        string before = (await _command.RunAsync("collection", "info", "c.sextant", "--json")).Output;
        await provider.DisposeAsync();
        _command.Write("a.jsonl", "{\"id\":\"1\",\"text\":\"changed\"}\n{\"id\":\"2\",\"text\":\"new\"}\n");
        CommandResult failed = await _command.RunAsync("index", source, "--to", "c.sextant");
        string after = (await _command.RunAsync("collection", "info", "c.sextant", "--json")).Output;

        Assert.Equal((0, 0, 1), (embedded.ExitCode, indexed.ExitCode, failed.ExitCode));
        float[] vector = JsonSerializer
            .Deserialize<JsonElement>(Assert.Single(embedded.Lines))
            .GetProperty("embedding")
            .Deserialize<float[]>()!;
        Assert.Equal(FakeService.VectorOf("hello world", provider.Server.Dimensions), vector);
        Assert.Contains("\"added\":1,", Assert.Single(indexed.Lines), StringComparison.Ordinal);
        Assert.Contains(
            $"{provider.Model}: cannot reach {provider.Server.Address.Authority} (no server is listening)",
            failed.Error,
            StringComparison.Ordinal
        );
        Assert.Equal(1, failed.Error.Count(c => c == '\n'));
        Assert.Equal(before, after);
    }

    [Theory]
    [InlineData("cohere", "relevance", ", $0.002\n")]
    [InlineData("voyage", "relevance", ", $0.00")]
    [InlineData("jina", "relevance", ", $0.00")]
    [InlineData("tei", "probability", "")]
    public async Task Hosted_reranker_orders_a_search_and_its_cost_is_printed(string service, string kind, string cost)
    {
        await using var server = FakeReranker.Start(service, _command.Environment);
        string[] texts = ["refunds take five days", "we ship on mondays", "money back within a month", "our office is in Lyon"];
        string source = _command.Write("a.txt", string.Join('\n', texts));

        CommandResult found = await _command.RunAsync("search", source, "refunds", "--rerank", server.Model, "--json");

        Assert.True(found.ExitCode == 0, found.Error);
        Assert.Contains($"\"score_kind\":\"{kind}\"", found.Output, StringComparison.Ordinal);
        int[] places =
        [
            .. texts
                .OrderByDescending(static text => FakeReranker.ScoreOf("refunds", text))
                .Select(text => found.Output.IndexOf(text, StringComparison.Ordinal)),
        ];
        Assert.Equal(places.Order(), places);
        Assert.DoesNotContain(-1, places);
        Assert.Contains("used 1 request, ", found.Error, StringComparison.Ordinal);
        Assert.Contains(cost, found.Error, StringComparison.Ordinal);
        Assert.Single(server.Scored);
    }

    [Fact]
    public async Task Reranking_over_the_cost_limit_sends_nothing()
    {
        await using var server = FakeReranker.Start("cohere", _command.Environment);
        string source = _command.Write("a.txt", "one\ntwo\n");

        CommandResult result = await _command.RunAsync("search", source, "query", "--rerank", server.Model, "--max-cost", "0.001");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("$0.002", result.Error, StringComparison.Ordinal);
        Assert.Equal(1, result.Error.Count(static c => c == '\n'));
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Reranker_as_a_collections_model_is_rejected_with_the_reason()
    {
        await using var server = FakeReranker.Start("cohere", _command.Environment);
        string source = _command.Write("a.txt", "one\n");

        CommandResult result = await _command.RunAsync("index", source, "--to", "c.sextant", "--model", server.Model);

        Assert.Equal(
            (2, "sextant: cohere:rerank-v3.5 is a reranker, not an embedding model; use it to rerank search results\n"),
            (result.ExitCode, result.Error)
        );
        Assert.False(Directory.Exists(Path.Combine(_command.Folder, "c.sextant")));
    }

    [Fact]
    public async Task Repeated_run_after_a_crash_pays_only_for_the_rest()
    {
        _command.Environment["COHERE_API_KEY"] = "co-key";
        await using var cohere = new FakeCohere { Key = "co-key" };
        _command.Environment["COHERE_BASE_URL"] = cohere.Address.ToString();
        string source = _command.Write("many.txt", string.Join('\n', Enumerable.Range(0, 960).Select(i => $"line {i}")));
        cohere.Always = _ => cohere.Requests.Count > 9 ? new Fault(400, "{\"message\":\"no\"}") : null;

        CommandResult died = await _command.RunAsync("embed", "--input", source, "--model", "cohere:embed-english-v3.0");
        cohere.Always = _ => null;
        cohere.Requests.Clear();
        CommandResult again = await _command.RunAsync("embed", "--input", source, "--model", "cohere:embed-english-v3.0");

        Assert.Equal((1, 0), (died.ExitCode, again.ExitCode));
        Assert.Equal(960, again.Lines.Length);
        Assert.Equal(96, cohere.Requests.Sum(r => r.Body["texts"]!.AsArray().Count));
    }

    [Fact]
    public async Task Adapter_trains_from_the_cache_and_its_queries_search_the_index()
    {
        string[] texts = [.. Enumerable.Range(0, 24).Select(i => $"answer number {i}")];
        _command.Write("pairs.csv", "question,answer\n" + string.Concat(texts.Select((text, i) => $"what is {i}?,{text}\n")));
        string[] train = ["train", "pairs.csv", "--model", Model, "--adapter", "linear", "--query-only", "--validation", "0.25"];

        CommandResult dear = await _command.RunAsync([.. train, "-o", "dear", "--max-cost", "0.0000001"]);
        Assert.Equal((2, 0), (dear.ExitCode, _server.Requests.Count));
        Assert.EndsWith("nothing was sent\n", dear.Error, StringComparison.Ordinal);

        CommandResult trained = await _command.RunAsync([.. train, "-o", "tuned", "--max-cost", "1"]);
        Assert.True(trained.ExitCode == 0, trained.Error);
        // Each text was paid for once, and training again needs no service.
        Assert.Equal((48, 48), (_server.Paid.Count, _server.Paid.Distinct().Count()));
        CommandResult again = await _command.RunAsync([.. train, "-o", "again", "--offline"]);
        Assert.True(again.ExitCode == 0, again.Error);
        Assert.Equal(Adapter("tuned"), Adapter("again"));

        await _command.RunAsync("index", "pairs.csv", "--text", "answer", "--to", "docs.sextant", "--model", Model);
        CommandResult found = await _command.RunAsync("search", "docs.sextant", "what is 7?", "--model", "./tuned", "-k", "1", "--json");
        CommandResult embedded = await _command.RunAsync("embed", "what is 7?", "--query", "--model", "./tuned");
        Assert.True(found.ExitCode == 0 && embedded.ExitCode == 0, found.Error + embedded.Error);
        // The question goes through the adapter, and the answers are as the service gave them.
        float[] question = JsonSerializer
            .Deserialize<JsonElement>(Assert.Single(embedded.Lines))
            .GetProperty("embedding")
            .Deserialize<float[]>()!;
        string nearest = texts.MaxBy(text => FakeService.VectorOf(text, question.Length).Zip(question, static (a, b) => a * b).Sum())!;
        Assert.Contains($"\"{nearest}\"", found.Output, StringComparison.Ordinal);
        Assert.Equal(48, _server.Paid.Count);
    }

    private byte[] Adapter(string folder) => File.ReadAllBytes(Path.Combine(_command.Folder, folder, "adapter.safetensors"));
}
