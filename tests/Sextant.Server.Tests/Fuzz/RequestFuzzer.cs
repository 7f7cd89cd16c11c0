using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;

namespace Sextant.Server.Tests.Fuzz;

/// <summary>
/// Makes requests from the service's own description of its interface: right ones, and ones in which a method, an address, a header, a
/// field or
/// bytes of the body are not what they should be. The same seed makes the same requests.
/// </summary>
internal sealed class RequestFuzzer
{
    private const string Collection = "fuzz";
    private const int LongBody = 20_000;

    private static readonly string[] Values =
    [
        "null",
        "true",
        "0",
        "-1",
        "-0.0",
        "1e999",
        "-1e999",
        "1e-999",
        "1.5",
        "99999999999999999999",
        "2147483647",
        "2147483648",
        "NaN",
        "Infinity",
        "\"NaN\"",
        "\"\"",
        "\"x\"",
        "\" \"",
        "\"\\u0000\"",
        "\"\\ud800\"",
        "\"\\udc00x\"",
        "\"\\ufffe\"",
        "\"\\ud83d\\ude00\"",
        "\"..\"",
        "\"a\\u0000\"",
        "\"../../etc/passwd\"",
        "\"a = 'b\"",
        "\"a contains \"",
        "\"a = 1 and (b = 2\"",
        "\"sextant-small\"",
        "\"base64\"",
        "\"fuzz\"",
        "\"1\"",
        "[]",
        "[[]]",
        "[null]",
        "[1,\"a\"]",
        "[1e39]",
        "[[[1]]]",
        "[0.1,0.2]",
        "[100255]",
        "[\"\"]",
        "[\"a\",\"\\ud800\"]",
        "{}",
        "{\"a\":{}}",
        "{\"a\":1,\"a\":2}",
        "{\"\\ud800\":1}",
        "{\"a\":\"\\ud800\"}",
        "{\"\":null}",
        "{\"a\":1e999}",
        "{\"a\":[1,[2,{\"b\":null}]]}",
    ];

    private static readonly string[] Names =
    [
        Collection,
        "none",
        "documents",
        "%00",
        "..%2f..",
        "%ff%fe",
        "a%2Fb",
        "%F0%9F%98%80",
        new('a', 300),
        new('a', 9_000),
        "'",
        "%25",
        "%0d%0aX-Evil:1",
        ".",
        "..",
        "%2e%2e",
        "",
        "a//b",
        "a b",
        "a;b=c",
        "1",
        "é",
    ];

    private static readonly string[] Methods = ["GET", "HEAD", "OPTIONS", "PUT", "POST", "DELETE", "PATCH", "TRACE", "get", "NONSENSE"];

    private static readonly string[] Types =
    [
        "application/json",
        "application/json",
        "application/json",
        "application/x-ndjson",
        "application/jsonl",
        "application/json; charset=utf-16",
        "application/json; charset=nonsense",
        "application/json; charset=\"utf-8\"",
        "text/plain",
        "multipart/form-data; boundary=x",
        "application/x-www-form-urlencoded",
        "nonsense",
        "application/vnd.api+json",
        "",
    ];

    private static readonly string[] Queries =
    [
        "?vector=maybe&vectors=%",
        "?vector=true",
        "?vectors=1e9",
        "?vector=true&vector=false",
        "?",
        "?=",
        "?%00",
        "?a[]=1",
        "?vector=%ff",
        "?k=-1#x",
        "?" + new string('q', 500),
    ];

    private static readonly string[] Accepts =
    [
        "application/json, text/event-stream",
        "*/*",
        "text/event-stream",
        "nonsense",
        "application/json;q=nonsense",
    ];

    /// <summary>Bodies that are right, to be changed a little. Ids come again, so that the collection stays small.</summary>
    private static readonly (string Path, string Body)[] Right =
    [
        (
            $"/v1/collections/{Collection}/documents",
            """{"documents":[{"id":"1","text":"one text","metadata":{"lang":"en","n":1,"tags":["a"]}},{"id":"2","text":"two texts"}]}"""
        ),
        (
            $"/v1/collections/{Collection}/documents",
            """[{"id":"3","text":"a \"quoted\" text\n","metadata":{"a":{"b":{"c":[1,2,{"d":null}]}}}}]"""
        ),
        ($"/v1/collections/{Collection}/documents", "{\"id\":\"4\",\"text\":\"line one\"}\n{\"id\":\"5\",\"text\":\"line two\"}\n"),
        (
            $"/v1/collections/{Collection}/search",
            """{"query":"one","k":3,"offset":0,"filter":"lang = 'en' and n >= 1","hybrid":true,"min_score":-1}"""
        ),
        (
            $"/v1/collections/{Collection}/search",
            """{"query":"one","mode":"keyword","filter":"m = 1","rerank":"sextant-small","candidates":3,"explain":true}"""
        ),
        ($"/v1/collections/{Collection}/search", """{"id":"1","k":2}"""),
        (
            "/v1/embeddings",
            """{"model":"sextant-small","input":["one","two"],"encoding_format":"float","dimensions":8,"input_type":"query","user":"u"}"""
        ),
        ("/v1/embeddings", """{"model":"sextant-small","input":[[15339,1917],[15339]]}"""),
        (
            "/mcp",
            """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":"""
                + """{},"clientInfo":{"name":"f","version":"1"}}}"""
        ),
        ("/mcp", """{"jsonrpc":"2.0","id":2,"method":"tools/list","params":{}}"""),
        (
            "/mcp",
            """{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"search","arguments":"""
                + """{"collection":"fuzz","query":"one","k":2,"filter":"n = 1","hybrid":true}}}"""
        ),
        (
            "/mcp",
            """{"jsonrpc":"2.0","id":4,"method":"tools/call","params":{"name":"get_document","arguments":{"collection":"fuzz","id":"1"}}}"""
        ),
        (
            "/mcp",
            """{"jsonrpc":"2.0","id":5,"method":"tools/call","params":{"name":"similar","arguments":"""
                + """{"collection":"fuzz","id":"1","k":1}}}"""
        ),
        ("/mcp", """{"jsonrpc":"2.0","id":6,"method":"tools/call","params":{"name":"list_collections","arguments":{}}}"""),
        ("/mcp", """{"jsonrpc":"2.0","id":7,"method":"resources/list","params":{"cursor":"ZnV6eg"}}"""),
        ("/mcp", """{"jsonrpc":"2.0","id":8,"method":"resources/read","params":{"uri":"sextant://collections/fuzz/documents/1"}}"""),
        ("/mcp", """{"jsonrpc":"2.0","id":9,"method":"prompts/list","params":{}}"""),
        (
            "/mcp",
            """{"jsonrpc":"2.0","id":10,"method":"prompts/get","params":"""
                + """{"name":"answer","arguments":{"collection":"fuzz","question":"one"}}}"""
        ),
        ("/mcp", """{"jsonrpc":"2.0","id":11,"method":"prompts/get","params":{"name":"explore","arguments":{"collection":"fuzz"}}}"""),
        (
            "/mcp",
            """{"jsonrpc":"2.0","id":12,"method":"completion/complete","params":"""
                + """{"ref":{"type":"ref/prompt","name":"answer"},"argument":{"name":"collection","value":"f"}}}"""
        ),
        (
            "/mcp",
            """{"jsonrpc":"2.0","id":13,"method":"tools/call","params":"""
                + """{"name":"list_documents","arguments":{"collection":"fuzz","limit":2,"filter":"n = 1"}}}"""
        ),
        ("/mcp", """{"jsonrpc":"2.0","id":14,"method":"resources/templates/list","params":{}}"""),
    ];

    private readonly Random _random;
    private readonly (string Method, string Path, string[] Fields)[] _routes;

    public RequestFuzzer(int seed, JsonNode description)
    {
        _random = new(seed);
        _routes = [.. Routes(description)];
    }

    public int Routed => _routes.Length;

    /// <summary>The next request.</summary>
    public FuzzRequest Next()
    {
        (string method, string path, byte[]? body) = _random.Next(2) == 0 ? Described() : Changed();
        List<(string, string)> headers = [];
        if (_random.Next(10) == 0)
            method = Pick(Methods);
        // The collection that all search in is to stay.
        if (
            method == "DELETE"
            && path is $"/v1/collections/{Collection}" or "/v1/collections/documents/.." or $"/v1/collections/{Collection}/"
        )
        {
            path += "x";
        }

        if (_random.Next(8) == 0)
            path += Pick(Queries);
        if (body is not null)
        {
            bool compressed = _random.Next(8) == 0;
            if (compressed)
                body = Compressed(body);
            string type =
                _random.Next(3) == 0 ? Pick(Types)
                : body.AsSpan().IndexOf("}\n{"u8) >= 0 ? "application/x-ndjson"
                : "application/json";
            if (type.Length > 0)
                headers.Add(("Content-Type", type));
            if (compressed || _random.Next(20) == 0)
                headers.Add(("Content-Encoding", _random.Next(5) == 0 ? "br" : "gzip"));
        }

        headers.Add(("Accept", _random.Next(6) == 0 ? Pick(Accepts) : Accepts[0]));
        if (_random.Next(10) == 0)
        {
            headers.Add(
                (
                    "Idempotency-Key",
                    _random.Next(4).ToString(CultureInfo.InvariantCulture) + (_random.Next(9) == 0 ? new string('k', 300) : "")
                )
            );
        }

        if (_random.Next(12) == 0)
            headers.Add(("If-None-Match", Pick(["*", "\"x\"", "W/\"x\"", "nonsense,,", "\""])));
        if (_random.Next(20) == 0)
            headers.Add(("Origin", Pick(["null", "http://evil.example", "nonsense", "http://localhost"])));
        if (_random.Next(20) == 0)
            headers.Add(("Authorization", Pick(["Bearer", "Basic eDp5", "Bearer a b"])));
        if (_random.Next(30) == 0)
            headers.Add(("Mcp-Session-Id", "nonsense"));
        if (_random.Next(30) == 0)
            headers.Add(("MCP-Protocol-Version", Pick(["1999-01-01", "2025-06-18", "x"])));
        return new(method, path, headers, body);
    }

    private (string Method, string Path, byte[]? Body) Described()
    {
        (string method, string path, string[] fields) = _routes[_random.Next(_routes.Length)];
        path = path.Replace(
                "{name}",
                _random.Next(2) == 0 && path != "/v1/collections/{name}" ? Collection : Names[_random.Next(1, Names.Length)],
                StringComparison.Ordinal
            )
            .Replace("{id}", Pick(Names), StringComparison.Ordinal);
        byte[]? body = method is "GET" or "DELETE" && _random.Next(10) > 0 ? null : Encoding.UTF8.GetBytes(Fields(fields));
        return (method, path, body is not null && _random.Next(4) == 0 ? Mutated(body) : body);
    }

    private (string Method, string Path, byte[]? Body) Changed()
    {
        (string path, string right) = Right[_random.Next(Right.Length)];
        string body = right;
        if (_random.Next(3) == 0 && body.IndexOf(':', StringComparison.Ordinal) > 0)
        {
            // One value is replaced, at any depth.
            int[] colons = [.. body.Select((c, i) => (c, i)).Where(pair => pair.c == ':').Select(pair => pair.i)];
            int at = colons[_random.Next(colons.Length)] + 1;
            int end = body.IndexOfAny([',', '}', ']'], at);
            body = body[..at] + Pick(Values) + body[Math.Max(at, end)..];
        }
        else if (_random.Next(12) == 0)
        {
            int depth = Pick([50, 61, 64, 65, 126, 129, 1_000, LongBody]);
            string nested = string.Concat(Enumerable.Repeat(_random.Next(2) == 0 ? "{\"a\":" : "[", depth));
            string closed =
                _random.Next(3) == 0 ? "" : string.Concat(nested.Where(c => c is '{' or '[').Reverse().Select(c => c == '{' ? '}' : ']'));
            body = body.Replace("\"1\"", nested + "1" + closed, StringComparison.Ordinal)
                .Replace("null", nested + "1" + closed, StringComparison.Ordinal);
        }

        byte[] bytes = Encoding.UTF8.GetBytes(body);
        return ("POST", path, _random.Next(2) == 0 ? Mutated(bytes) : bytes);
    }

    private string Fields(string[] fields)
    {
        if (fields.Length == 0)
            return _random.Next(3) == 0 ? Pick(Values) : "";
        IEnumerable<string> members = fields.Where(_ => _random.Next(3) > 0).Select(field => $"\"{field}\":{Pick(Values)}");
        if (_random.Next(10) == 0)
            members = members.Append("\"extra\":1");
        if (_random.Next(20) == 0)
            members = members.Append("\"\\ud800\":1");
        return _random.Next(8) == 0 ? Pick(Values) : $"{{{string.Join(',', members)}}}";
    }

    // What happens to bytes on the way, and what fuzzers do to them.
    private byte[] Mutated(byte[] body)
    {
        List<byte> bytes = [.. body];
        for (int times = _random.Next(1, 4); times > 0 && bytes.Count > 0; times--)
        {
            int at = _random.Next(bytes.Count);
            switch (_random.Next(6))
            {
                case 0:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                case 1:
                    bytes[at] ^= (byte)(1 << _random.Next(8));
                    break;
                case 2:
                    bytes.InsertRange(at, Encoding.UTF8.GetBytes(Pick(Values)));
                    break;
                case 3:
                    bytes.RemoveRange(at, Math.Min(_random.Next(1, 8), bytes.Count - at));
                    break;
                case 4:
                    bytes.Insert(at, Pick<byte>([0x00, 0xff, 0xc0, 0x80, 0xed, (byte)'"', (byte)'\\', (byte)'\n', (byte)'{', (byte)'}']));
                    break;
                default:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(_random.Next(1, 30), bytes.Count - at)));
                    break;
            }
        }

        return [.. bytes];
    }

    private byte[] Compressed(byte[] body)
    {
        using MemoryStream compressed = new();
        using (GZipStream gzip = new(compressed, CompressionLevel.Fastest))
            gzip.Write(body);
        byte[] bytes = compressed.ToArray();
        return _random.Next(2) == 0 ? bytes : Mutated(bytes);
    }

    private T Pick<T>(T[] from) => from[_random.Next(from.Length)];

    private static IEnumerable<(string Method, string Path, string[] Fields)> Routes(JsonNode description)
    {
        foreach ((string path, JsonNode? methods) in description["paths"]!.AsObject())
        {
            foreach ((string method, JsonNode? operation) in methods!.AsObject())
            {
                string? schema = (string?)operation!["requestBody"]?["content"]?["application/json"]?["schema"]?["$ref"];
                JsonNode? properties = schema is null ? null : description["components"]!["schemas"]![schema.Split('/')[^1]]!["properties"];
                yield return (method.ToUpperInvariant(), path, [.. properties?.AsObject().Select(pair => pair.Key) ?? []]);
            }
        }
    }
}
