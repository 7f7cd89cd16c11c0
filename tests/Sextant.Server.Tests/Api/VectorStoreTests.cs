using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Sextant.Server.Tests.Client;

namespace Sextant.Server.Tests.Api;

/// <summary>OpenAI's files and vector stores: by its own clients, after a crash, with a key that only reads.</summary>
public sealed class VectorStoreTests
{
    private const string Writer = "writer-0123456789abcdef";
    private const string Reader = "reader-0123456789abcdef";
    private const int Paragraphs = 3_000;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OpenAI_client_for_JavaScript_works_unchanged()
    {
        await using ServiceProcess service = await ServiceProcess.StartAsync();
        await NodeScript.HoldsAsync(
            service,
            "openai",
            "vector-stores.mjs",
            [$"{service.Url}"],
            [
                "files are uploaded, listed and read",
                "a store is made with files",
                "a file is attached with attributes and waited for",
                "a batch counts what is done and what failed",
                "search finds parts, and filters by attributes",
                "attributes change without another reading",
                "errors",
                "what is deleted is not found",
            ]
        );
    }

    [Fact]
    public async Task Files_survive_a_crash_while_they_are_read_and_no_part_is_doubled()
    {
        string folder = Directory.CreateTempSubdirectory("sextant-vs-").FullName;
        try
        {
            string store,
                file;
            await using (ServiceProcess service = await ServiceProcess.StartAsync(folder))
            {
                file = await UploadAsync(service, "long.txt", Lines(Paragraphs));
                store = (string)(await SendAsync(service, HttpMethod.Post, "/v1/vector_stores", new { file_ids = new[] { file } }))["id"]!;
                while ((int)await CountAsync(service, store) == 0)
                    await Task.Delay(1, Stop);
                service.Kill();
            }

            await using ServiceProcess again = await ServiceProcess.StartAsync(folder);
            JsonNode state = await WaitAsync(again, store, file);

            Assert.Equal("completed", (string?)state["status"]);
            Assert.Equal(Lines(Paragraphs), await again.Http.GetStringAsync($"/v1/files/{file}/content", Stop));
            JsonArray parts = (await GetAsync(again, $"/v1/vector_stores/{store}/files/{file}/content"))["data"]!.AsArray();
            Assert.Equal(parts.Count, await CountAsync(again, store));
            string text = string.Concat(parts.Select(part => (string)part!["text"]!));
            Assert.All(Enumerable.Range(0, Paragraphs), i => Assert.Contains($"Paragraph {i} ", text, StringComparison.Ordinal));
            Assert.Equal(1, (int)(await GetAsync(again, $"/v1/vector_stores/{store}"))["file_counts"]!["completed"]!);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Cancelled_batch_leaves_no_parts()
    {
        await using ServiceProcess service = await ServiceProcess.StartAsync();
        string first = await UploadAsync(service, "first.txt", Lines(Paragraphs)),
            second = await UploadAsync(service, "second.txt", Lines(10));
        string store = (string)(await SendAsync(service, HttpMethod.Post, "/v1/vector_stores", new { }))["id"]!;
        string path = $"/v1/vector_stores/{store}/file_batches";
        JsonNode batch = await SendAsync(service, HttpMethod.Post, path, new { file_ids = new[] { first, second } });
        JsonNode cancelled = await SendAsync(service, HttpMethod.Post, $"{path}/{(string)batch["id"]!}/cancel", new { });

        Assert.Equal("cancelled", (string?)cancelled["status"]);
        Assert.Equal(0, (int)cancelled["file_counts"]!["in_progress"]!);
        int completed = (int)cancelled["file_counts"]!["completed"]!;
        Assert.Equal(completed == 0 ? 0 : 10, await CountAsync(service, store) > 0 ? 10 : 0);
    }

    [Fact]
    public async Task Damaged_description_is_logged_and_the_other_files_and_stores_are_served()
    {
        string folder = Directory.CreateTempSubdirectory("sextant-vs-").FullName;
        try
        {
            string damaged,
                whole,
                damagedStore,
                store;
            await using (ServiceProcess service = await ServiceProcess.StartAsync(folder))
            {
                (damaged, whole) = (await UploadAsync(service, "a.txt", "text"), await UploadAsync(service, "b.txt", "text"));
                damagedStore = (string)(await SendAsync(service, HttpMethod.Post, "/v1/vector_stores", new { }))["id"]!;
                store = (string)(await SendAsync(service, HttpMethod.Post, "/v1/vector_stores", new { }))["id"]!;
                await service.StopAsync();
            }

            string files = Path.Combine(folder, "collections");
            await File.WriteAllTextAsync(Path.Combine(files, ".files", damaged, "file.json"), "{", Stop);
            await File.WriteAllTextAsync(Path.Combine(files, ".vector_stores", damagedStore, "store.json"), "null", Stop);
            await using ServiceProcess later = await ServiceProcess.StartAsync(folder);

            Assert.Equal([whole], Ids(await GetAsync(later, "/v1/files")));
            Assert.Equal([store], Ids(await GetAsync(later, "/v1/vector_stores")));
            string[] lines = [.. later.Log.Split('\n').Where(static line => line.Contains("cannot be read", StringComparison.Ordinal))];
            Assert.Equal(2, lines.Length);
            Assert.Contains(lines, line => line.Contains(damaged, StringComparison.Ordinal));
            Assert.Contains(lines, line => line.Contains(damagedStore, StringComparison.Ordinal));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        static IEnumerable<string> Ids(JsonNode list) => list["data"]!.AsArray().Select(static one => (string)one!["id"]!);
    }

    [Fact]
    public async Task Store_expires_some_days_after_its_last_use()
    {
        string folder = Directory.CreateTempSubdirectory("sextant-vs-").FullName;
        try
        {
            string store;
            await using (ServiceProcess service = await ServiceProcess.StartAsync(folder))
            {
                JsonNode made = await SendAsync(
                    service,
                    HttpMethod.Post,
                    "/v1/vector_stores",
                    new { expires_after = new { anchor = "last_active_at", days = 1 } }
                );
                store = (string)made["id"]!;
                Assert.Equal("completed", (string?)made["status"]);
                await service.StopAsync();
            }

            string file = Path.Combine(folder, "collections", ".vector_stores", store, "store.json");
            JsonNode state = JsonNode.Parse(await File.ReadAllTextAsync(file, Stop))!;
            state["last_active_at"] = (long)state["last_active_at"]! - 86_400;
            await File.WriteAllTextAsync(file, state.ToJsonString(), Stop);
            await using ServiceProcess later = await ServiceProcess.StartAsync(folder);

            Assert.Equal("expired", (string?)(await GetAsync(later, $"/v1/vector_stores/{store}"))["status"]);
            (int status, JsonNode error) = await later.RefusedAsync(
                later.PostAsync($"/v1/vector_stores/{store}/search", """{"query":"a"}""")
            );
            Assert.Equal((400, "vector_store_expired"), (status, (string?)error["code"]));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Key_that_reads_may_search_and_change_nothing()
    {
        await using ServiceProcess service = await ServiceProcess.StartAsync(
            settings: new Dictionary<string, string> { ["SEXTANT_API_KEYS"] = $"{Writer},{Reader}:read" }
        );
        service.UseKey(Writer);
        string file = await UploadAsync(service, "a.txt", "We open at nine.");
        string store = (string)(await SendAsync(service, HttpMethod.Post, "/v1/vector_stores", new { file_ids = new[] { file } }))["id"]!;
        await WaitAsync(service, store, file);
        service.UseKey(Reader);
        (HttpMethod Method, string Path, bool MayRead)[] routes =
        [
            (HttpMethod.Get, "/v1/files", true),
            (HttpMethod.Get, $"/v1/files/{file}", true),
            (HttpMethod.Get, $"/v1/files/{file}/content", true),
            (HttpMethod.Get, "/v1/vector_stores", true),
            (HttpMethod.Get, $"/v1/vector_stores/{store}", true),
            (HttpMethod.Get, $"/v1/vector_stores/{store}/files", true),
            (HttpMethod.Get, $"/v1/vector_stores/{store}/files/{file}", true),
            (HttpMethod.Get, $"/v1/vector_stores/{store}/files/{file}/content", true),
            (HttpMethod.Post, $"/v1/vector_stores/{store}/search", true),
            (HttpMethod.Post, "/v1/files", false),
            (HttpMethod.Delete, $"/v1/files/{file}", false),
            (HttpMethod.Post, "/v1/vector_stores", false),
            (HttpMethod.Post, $"/v1/vector_stores/{store}", false),
            (HttpMethod.Delete, $"/v1/vector_stores/{store}", false),
            (HttpMethod.Post, $"/v1/vector_stores/{store}/files", false),
            (HttpMethod.Post, $"/v1/vector_stores/{store}/files/{file}", false),
            (HttpMethod.Delete, $"/v1/vector_stores/{store}/files/{file}", false),
            (HttpMethod.Post, $"/v1/vector_stores/{store}/file_batches", false),
            (HttpMethod.Post, $"/v1/vector_stores/{store}/file_batches/vsfb_a/cancel", false),
        ];
        foreach ((HttpMethod method, string path, bool mayRead) in routes)
        {
            using HttpRequestMessage request = new(method, path);
            if (method == HttpMethod.Post)
            {
                request.Content =
                    path == "/v1/files"
                        ? new MultipartFormDataContent { { new StringContent("assistants"), "purpose" } }
                        : JsonContent.Create(new { query = "opening hours" });
            }

            HttpResponseMessage answer = await service.Http.SendAsync(request, Stop);
            Assert.Equal((path, mayRead ? 200 : 403), (path, (int)answer.StatusCode));
        }
    }

    [Theory]
    [InlineData("""{"type":"eq","value":1}""", "filters.key")]
    [InlineData("""{"key":"a","value":1}""", "filters.type")]
    [InlineData("""{"type":"eq","key":"a","value":null}""", "filters.value")]
    [InlineData("""{"type":"gt","key":"a","value":true}""", "filters.value")]
    [InlineData("""{"type":"in","key":"a","value":[]}""", "filters.value")]
    [InlineData("""{"type":"and","filters":[]}""", "filters.filters")]
    [InlineData(
        """{"type":"and","filters":[{"type":"eq","key":"a","value":1},{"type":"x","key":"a","value":1}]}""",
        "filters.filters[1].type"
    )]
    [InlineData("""{"type":"eq","key":"a","value":1,"more":2}""", "filters.more")]
    [InlineData("""{"type":"eq","type":"ne","key":"a","value":1}""", "filters")]
    public async Task Invalid_filters_name_their_part(string filter, string param)
    {
        await using ServiceProcess service = await ServiceProcess.StartAsync();
        string store = (string)(await SendAsync(service, HttpMethod.Post, "/v1/vector_stores", new { }))["id"]!;
        (int status, JsonNode error) = await service.RefusedAsync(
            service.PostAsync($"/v1/vector_stores/{store}/search", $$"""{"query":"a","filters":{{filter}}}""")
        );

        Assert.Equal((400, param), (status, (string?)error["param"]));
    }

    [Theory]
    [InlineData("../../escaped.txt", "escaped.txt")]
    [InlineData("a.tar.gz", "a.tar.gz")]
    [InlineData("Größe 世界.md", "Größe 世界.md")]
    public async Task Names_of_files_are_kept_and_lead_nowhere(string given, string kept)
    {
        await using ServiceProcess service = await ServiceProcess.StartAsync();
        string file = await UploadAsync(service, given, "text");

        Assert.Equal(kept, (string?)(await GetAsync(service, $"/v1/files/{file}"))["filename"]);
        Assert.Equal("text", await service.Http.GetStringAsync($"/v1/files/{file}/content", Stop));
        Assert.Empty(Directory.EnumerateFiles(service.Folder, "*escaped*", SearchOption.AllDirectories));
    }

    private static string Lines(int count) =>
        string.Concat(Enumerable.Range(0, count).Select(i => $"Paragraph {i} says that parcel {i * 7} leaves on day {i % 365}.\n\n"));

    private static async Task<string> UploadAsync(ServiceProcess service, string name, string text)
    {
        using MultipartFormDataContent form = new() { { new StringContent("assistants"), "purpose" } };
        ByteArrayContent content = new(Encoding.UTF8.GetBytes(text));
        content.Headers.ContentDisposition = new ContentDispositionHeaderValue("form-data") { Name = "file", FileNameStar = name };
        form.Add(content);
        HttpResponseMessage answer = await service.Http.PostAsync("/v1/files", form, Stop);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (string)(await answer.Content.ReadFromJsonAsync<JsonNode>(Stop))!["id"]!;
    }

    private static async Task<JsonNode> SendAsync(ServiceProcess service, HttpMethod method, string path, object body)
    {
        using HttpRequestMessage request = new(method, path) { Content = JsonContent.Create(body) };
        HttpResponseMessage answer = await service.Http.SendAsync(request, Stop);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Stop));
        return (await answer.Content.ReadFromJsonAsync<JsonNode>(Stop))!;
    }

    private static async Task<JsonNode> GetAsync(ServiceProcess service, string path) =>
        (await service.Http.GetFromJsonAsync<JsonNode>(path, Stop))!;

    private static async Task<JsonNode> WaitAsync(ServiceProcess service, string store, string file)
    {
        while (true)
        {
            JsonNode state = await GetAsync(service, $"/v1/vector_stores/{store}/files/{file}");
            if ((string?)state["status"] != "in_progress")
                return state;
            await Task.Delay(20, Stop);
        }
    }

    private static async Task<long> CountAsync(ServiceProcess service, string store) =>
        (long)(await GetAsync(service, $"/v1/collections/{store}"))["documents"]!;
}
