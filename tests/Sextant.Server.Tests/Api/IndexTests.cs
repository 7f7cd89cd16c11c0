using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace Sextant.Server.Tests.Api;

/// <summary>A file that is previewed and indexed by the rules of <c>sextant index</c>.</summary>
public sealed class IndexTests(SharedService shared)
{
    private const string Table = "id,text,year,topic\na,The car does not start,2020,cars\nb,A cake of apples,2021,food\n";

    private readonly ServiceProcess _service = shared.Service;

    [Fact]
    public async Task Preview_shows_columns_and_first_texts_and_stores_nothing()
    {
        await CreateAsync("preview-table");

        JsonNode preview = await PreviewAsync("preview-table", "rows.csv", Table);

        Assert.Equal(
            ["id:id:", "text:text:", "year:metadata:number", "topic:metadata:text"],
            preview["columns"]!.AsArray().Select(one => $"{one!["name"]}:{one["role"]}:{one["type"]}")
        );
        Assert.Equal(2, (int)preview["texts"]!);
        Assert.Equal("The car does not start", (string?)preview["samples"]![0]!["text"]);
        Assert.Equal(2020, (int)preview["samples"]![0]!["metadata"]!["year"]!);
        Assert.Null(preview["problem"]);
        Assert.Equal(0, await CountAsync("preview-table"));
    }

    [Fact]
    public async Task Table_without_a_text_column_is_not_indexed_until_one_is_chosen()
    {
        await CreateAsync("no-text");
        const string Numbers = "number,size\n1,2\n3,4\n";

        JsonNode preview = await PreviewAsync("no-text", "numbers.csv", Numbers);
        using HttpResponseMessage refused = await SendAsync("no-text/index?file=numbers.csv", Numbers);
        JsonNode chosen = await PreviewAsync("no-text", "numbers.csv", Numbers, "&text_field=size");

        Assert.Contains("no field looks like the text", (string?)preview["problem"], StringComparison.Ordinal);
        Assert.Equal(["number", "size"], preview["columns"]!.AsArray().Select(one => (string?)one!["name"]));
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Equal(0, await CountAsync("no-text"));
        Assert.Null(chosen["problem"]);
        Assert.Equal("text", (string?)chosen["columns"]![1]!["role"]);
    }

    [Fact]
    public async Task Indexing_reports_progress_and_what_it_skipped()
    {
        await CreateAsync("index-rows");

        JsonNode[] lines = await IndexAsync("index-rows", "rows.jsonl", "{\"text\":\"fine\"}\n{broken\n{\"text\":\"also fine\"}\n");

        Assert.True((bool)lines[^2]["all_read"]!);
        Assert.Equal(2, (int)lines[^2]["indexed"]!);
        JsonNode report = lines[^1];
        Assert.Equal(2, (int)report["added"]!);
        Assert.Equal(1, (int)report["skipped_count"]!);
        Assert.Equal(2, (int)report["skipped"]![0]!["line"]!);
        Assert.Contains("JSON", (string?)report["skipped"]![0]!["reason"], StringComparison.Ordinal);
        Assert.Equal(2, await CountAsync("index-rows"));
    }

    [Fact]
    public async Task File_sent_again_replaces_its_texts_and_removes_those_it_no_longer_has()
    {
        await CreateAsync("index-again");
        await IndexAsync("index-again", "rows.csv", Table);

        JsonNode same = (await IndexAsync("index-again", "rows.csv", Table))[^1];
        JsonNode less = (await IndexAsync("index-again", "rows.csv", Table[..Table.IndexOf("b,", StringComparison.Ordinal)]))[^1];

        Assert.Equal(2, (int)same["unchanged"]!);
        Assert.Equal(1, (int)less["removed"]!);
        Assert.Equal(1, await CountAsync("index-again"));
    }

    [Theory]
    [InlineData("page.html", "<html><body><h1>Refunds</h1><p>Money comes back in five days.</p></body></html>")]
    [InlineData("notes.md", "# Refunds\n\nMoney comes back in five days.\n")]
    [InlineData("notes.txt", "Money comes back in five days.\n")]
    [InlineData("rows.tsv", "text\ttopic\nMoney comes back in five days.\trefunds\n")]
    public async Task Formats_that_index_reads_are_accepted(string file, string content)
    {
        string name = $"format-{file.Replace('.', '-')}";
        await CreateAsync(name);

        JsonNode report = (await IndexAsync(name, file, content))[^1];

        Assert.Equal(1, (int)report["added"]!);
        using HttpResponseMessage found = await _service.Http.PostAsJsonAsync(
            $"/v1/collections/{name}/search",
            new { query = "refund" },
            TestContext.Current.CancellationToken
        );
        Assert.Contains(
            "five days",
            await found.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("index/preview?file=a%2Fb.txt")]
    [InlineData("index/preview?file=..%5Ca.txt")]
    [InlineData("index/preview?file=")]
    [InlineData("index/preview")]
    [InlineData("index/preview?file=a.zip")]
    [InlineData("index?file=a.zip")]
    public async Task Name_that_is_no_file_of_a_known_format_is_rejected(string path)
    {
        await CreateAsync("index-names");

        using HttpResponseMessage refused = await SendAsync($"index-names/{path}", "text");

        string said = await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.DoesNotContain("sextant-upload", said, StringComparison.Ordinal);
    }

    private async Task CreateAsync(string name)
    {
        using HttpResponseMessage made = await _service.Http.PutAsJsonAsync(
            $"/v1/collections/{name}",
            new { },
            TestContext.Current.CancellationToken
        );
        made.EnsureSuccessStatusCode();
    }

    private Task<HttpResponseMessage> SendAsync(string path, string content) =>
        _service.Http.PostAsync(
            $"/v1/collections/{path}",
            new ByteArrayContent(Encoding.UTF8.GetBytes(content)),
            TestContext.Current.CancellationToken
        );

    private async Task<JsonNode> PreviewAsync(string name, string file, string content, string more = "")
    {
        using HttpResponseMessage answer = await SendAsync($"{name}/index/preview?file={file}{more}", content);
        string said = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, said);
        return JsonNode.Parse(said)!;
    }

    private async Task<JsonNode[]> IndexAsync(string name, string file, string content)
    {
        using HttpResponseMessage answer = await SendAsync($"{name}/index?file={file}", content);
        string said = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, said);
        return [.. said.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
    }

    private async Task<long> CountAsync(string name) =>
        (long)
            (await _service.Http.GetFromJsonAsync<JsonNode>($"/v1/collections/{name}", TestContext.Current.CancellationToken))![
                "documents"
            ]!;
}
