using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace Sextant.Server.Tests.Http;

/// <summary>Bodies that are not what they seem: half characters, compressed, too deep, of another charset.</summary>
public sealed class BodyTests(SharedService shared)
{
    private const string Documents = "/v1/collections/bodies/documents",
        Search = "/v1/collections/bodies/search",
        Json = "application/json";

    private readonly ServiceProcess _service = shared.Service;

    [Theory]
    [InlineData(Documents, """{"text":"a","metadata":{"\ud800":1}}""")]
    [InlineData(Documents, """{"text":"a","metadata":{"a":{"\udbff":[1]}}}""")]
    [InlineData(Documents, """{"text":"a","metadata":{"a":["b","\udc00"]}}""")]
    [InlineData(Documents, """[{"text":"a","metadata":{"a":"\ud800\ud800"}}]""")]
    [InlineData(Documents, """{"text":"a \uD800"}""")]
    [InlineData(Documents, """{"text":"a","id":"\udfff"}""")]
    [InlineData(Documents, """{"text":"a","\ud800":"b"}""")]
    [InlineData(Search, """{"query":"\ud800"}""")]
    [InlineData(Search, """{"query":"a","filter":"a = '\ud800'"}""")]
    [InlineData(Search, """{"id":"\ud800"}""")]
    [InlineData(Search, """{"\ud800":"a"}""")]
    [InlineData("/v1/embeddings", """{"model":"sextant-small","input":"\ud800"}""")]
    [InlineData("/v1/embeddings", """{"model":"sextant-small","input":["a","\ude00\ud83d"]}""")]
    [InlineData("/v1/embeddings", """{"model":"\ud800","input":"a"}""")]
    public async Task Lone_surrogate_is_a_400_with_the_reason(string path, string body)
    {
        await _service.CreateAsync("bodies");
        List<HttpContent> contents = [new StringContent(body, Encoding.UTF8, Json)];
        if (path == Documents && body[0] == '{')
            contents.Add(new StringContent(body, Encoding.UTF8, "application/x-ndjson"));
        foreach (HttpContent content in contents)
        {
            (int status, JsonNode error) = await _service.RefusedAsync(_service.Http.PostAsync(path, content));
            Assert.Equal(400, status);
            Assert.Contains("half of a surrogate pair", (string?)error["message"], StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("""{"text":"😀 whole","metadata":{"😀":"\ud83d\ude00"}}""")]
    [InlineData("""{"text":"replaced before it was sent: \ufffd","metadata":{"\ufffd":"\ufffd"}}""")]
    public async Task Surrogate_pairs_are_stored(string body)
    {
        await _service.CreateAsync("bodies");
        HttpResponseMessage answer = await _service.PostAsync(Documents, body);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Gzip_body_is_read()
    {
        await _service.CreateAsync("gzip");
        HttpResponseMessage array = await _service.Http.PostAsync(
            "/v1/collections/gzip/documents",
            Compressed("[{\"text\":\"one\"}]", Json)
        );
        HttpResponseMessage lines = await _service.Http.PostAsync(
            "/v1/collections/gzip/documents",
            Compressed("{\"text\":\"two\"}\n{\"text\":\"three\"}\n", "application/x-ndjson")
        );
        HttpResponseMessage found = await _service.Http.PostAsync(
            "/v1/collections/gzip/search",
            Compressed("{\"query\":\"two\",\"k\":1}", Json)
        );

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (array.StatusCode, lines.StatusCode));
        Assert.Equal("two", (string)(await found.Content.ReadFromJsonAsync<JsonNode>())!["results"]![0]!["text"]!);
    }

    [Fact]
    public async Task Truncated_compressed_body_stores_nothing()
    {
        await _service.CreateAsync("broken");
        byte[] whole = await Compressed(
                string.Concat(Enumerable.Range(0, 150).Select(i => $"{{\"text\":\"line {i * 7919 % 1000}\"}}\n")),
                "application/x-ndjson"
            )
            .ReadAsByteArrayAsync();
        for (int length = 0; length < whole.Length; length += length > whole.Length - 12 ? 1 : 97)
        {
            (int status, _) = await _service.RefusedAsync(
                _service.Http.PostAsync("/v1/collections/broken/documents", Content(whole[..length], "application/x-ndjson", "gzip"))
            );
            Assert.Equal((length, 400), (length, status));
        }

        byte[] changed = [.. whole];
        changed[^6] ^= 1;
        (int damaged, JsonNode error) = await _service.RefusedAsync(
            _service.Http.PostAsync("/v1/collections/broken/documents", Content(changed, "application/x-ndjson", "gzip"))
        );
        JsonNode described = (await _service.Http.GetFromJsonAsync<JsonNode>("/v1/collections/broken"))!;
        Assert.Equal((400, "damaged_body"), (damaged, (string?)error["code"]));
        Assert.Equal(0, (int)described["documents"]!);
    }

    [Theory]
    [InlineData(Documents)]
    [InlineData("/v1/embeddings")]
    public async Task Size_limit_applies_to_the_decompressed_body(string path)
    {
        await _service.CreateAsync("bodies");
        (int status, JsonNode error) = await _service.RefusedAsync(
            _service.Http.PostAsync(path, Compressed(new string(' ', 50_000_000), Json))
        );

        Assert.Equal((413, "body_too_large"), (status, (string?)error["code"]));
    }

    [Theory]
    [InlineData("br", Json)]
    [InlineData("gzip, gzip", Json)]
    [InlineData("", "application/json; charset=utf-16")]
    [InlineData("", "application/json; charset=nonsense")]
    [InlineData("", "text/plain")]
    [InlineData("", "")]
    public async Task Unsupported_encodings_are_a_415(string encoding, string type)
    {
        await _service.CreateAsync("bodies");
        foreach (string path in (string[])[Documents, Search, "/v1/embeddings", "/mcp"])
        {
            (int status, _) = await _service.RefusedAsync(_service.Http.PostAsync(path, Content("{}"u8.ToArray(), type, encoding)));
            Assert.Equal((path, 415), (path, status));
        }
    }

    [Fact]
    public async Task Too_deeply_nested_metadata_is_rejected_with_the_limit()
    {
        await _service.CreateAsync("deep");
        foreach (int depth in (int[])[65, 100, 127, 1_000, 100_000])
        {
            string metadata = string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + new string('}', depth);
            foreach (
                string body in (string[])
                    [$"{{\"text\":\"a\",\"metadata\":{metadata}}}", $"{{\"documents\":[{{\"text\":\"a\",\"metadata\":{metadata}}}]}}"]
            )
            {
                (int status, JsonNode error) = await _service.RefusedAsync(_service.PostAsync("/v1/collections/deep/documents", body));
                Assert.Equal((depth, 400), (depth, status));
                Assert.Matches("nested more than [0-9]+ (levels )?deep", (string?)error["message"]);
            }
        }
    }

    private static ByteArrayContent Compressed(string body, string type)
    {
        using MemoryStream compressed = new();
        using (GZipStream gzip = new(compressed, CompressionLevel.Fastest))
            gzip.Write(Encoding.UTF8.GetBytes(body));
        return Content(compressed.ToArray(), type, "gzip");
    }

    private static ByteArrayContent Content(byte[] body, string type, string encoding)
    {
        ByteArrayContent content = new(body);
        if (type.Length > 0)
            content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        if (encoding.Length > 0)
            content.Headers.TryAddWithoutValidation("Content-Encoding", encoding);
        return content;
    }
}
