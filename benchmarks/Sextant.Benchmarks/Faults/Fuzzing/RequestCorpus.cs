namespace Sextant.Benchmarks.Faults.Fuzzing;

/// <summary>A valid request: its body is mutated, or its query string where the method has no body.</summary>
internal sealed record ValidRequest(string Method, string Path, string Content)
{
    public const string Boundary = "boundary";

    public bool HasBody => Method is "POST" or "PATCH";

    public string ContentType => Path == "/v1/files" ? $"multipart/form-data; boundary={Boundary}" : "application/json";
}

/// <summary>Valid requests to all routes that take more than a name.</summary>
internal static class RequestCorpus
{
    /// <summary>What stands for the id of a vector store.</summary>
    public const string Store = "STORE";

    /// <summary>What stands for the cursor of a second page.</summary>
    public const string Cursor = "CURSOR";

    private const string Collection = "/v1/collections/fuzz",
        Documents = Collection + "/documents",
        Search = Collection + "/search",
        Part = "--" + ValidRequest.Boundary;

    public static readonly ValidRequest[] Requests =
    [
        Post("/v1/embeddings", """{"model":"sextant-small","input":["a","b"],"dimensions":64,"encoding_format":"base64","user":"u"}"""),
        Post("/v1/embeddings", """{"model":"sextant-small","input":[[101,7592,102]]}"""),
        Post("/v1/rerank", """{"model":"sextant-small","query":"a","documents":["b",{"text":"c"}],"top_n":1,"return_documents":true}"""),
        Post(Documents, """{"documents":[{"id":"1","text":"a text","metadata":{"year":2020,"tags":["a"]}},{"text":"b"}]}"""),
        Post(Documents, """{"documents":[{"id":"2","text":"c","vector":[0.1,0.2]}]}"""),
        new("GET", Documents, $"limit=2&filter=year >= 2020&vector=true&cursor={Cursor}"),
        new("PATCH", $"{Documents}/1", """{"metadata":{"year":2021,"tags":null,"a":{"b":[1]}},"if":"year >= 2020"}"""),
        new("PATCH", Documents, """{"filter":"year >= 2020","ids":["1","2"],"metadata":{"seen":true},"dry_run":false}"""),
        new("DELETE", Documents, "filter=year < 2000&id=1&id=2&dry_run=true"),
        Post(
            Search,
            """{"query":"a text","k":3,"offset":0,"filter":"year >= 2020 and tags contains 'a'","mode":"hybrid","min_score":0.1}"""
        ),
        Post(Search, """{"id":"1","k":2}"""),
        Post(Search, """{"vector":[0.1,0.2,0.3],"k":2}"""),
        Post(Search, """{"positive":["1"],"negative":["2"],"group_by":"year","group_size":2,"facets":["tags"],"facet_limit":3}"""),
        Post(Search, """{"query":"a","rerank":"sextant-small","candidates":5,"explain":true}"""),
        Post($"{Search}/batch", """{"searches":[{"query":"a","k":2},{"id":"1","group_by":"source"}]}"""),
        Post($"{Collection}/facets", """{"facets":["year","tags"],"facet_limit":2,"filter":"exists year"}"""),
        Post("/v1/search", """{"collections":["fuzz","other"],"query":"a","k":3,"filter":"year = 2020","explain":true}"""),
        Post("/v1/vector_stores", """{"name":"n","file_ids":[],"expires_after":{"anchor":"last_active_at","days":1},"metadata":{}}"""),
        Post($"/v1/vector_stores/{Store}", """{"name":"m","metadata":{"a":"b"},"expires_after":null}"""),
        Post(
            $"/v1/vector_stores/{Store}/search",
            """{"query":["a","b"],"filters":{"type":"and","filters":[{"type":"eq","key":"year","value":2020}]},"max_num_results":3,"""
                + "\"ranking_options\":"
                + """{"ranker":"auto","score_threshold":0.1},"rewrite_query":false}"""
        ),
        Post(
            $"/v1/vector_stores/{Store}/files",
            """{"file_id":"file-0","attributes":{"a":1},"chunking_strategy":"""
                + """{"type":"static","static":{"max_chunk_size_tokens":100,"chunk_overlap_tokens":10}}}"""
        ),
        Post($"/v1/vector_stores/{Store}/file_batches", """{"file_ids":["file-0"],"attributes":{"a":true}}"""),
        new("GET", "/v1/vector_stores", "limit=2&order=asc&after=vs_0"),
        new("GET", "/v1/files", "limit=2&order=desc&purpose=assistants&after=file-0"),
        Post(
            "/v1/files",
            $"{Part}\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nassistants\r\n"
                + $"{Part}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\ntext\r\n{Part}--\r\n"
        ),
        Post(
            "/mcp",
            """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"search","arguments":"""
                + """{"collection":"fuzz","query":"a","k":2}}}"""
        ),
        Post(
            "/mcp",
            """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":"""
                + """{},"clientInfo":{"name":"c","version":"1"}}}"""
        ),
    ];

    private static ValidRequest Post(string path, string body) => new("POST", path, body);
}
