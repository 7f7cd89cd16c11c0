using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Sextant.Server.Tests.Keys;

/// <summary>Every key with every route and every collection.</summary>
public sealed class RightsMatrixTests
{
    private const string Public = "public",
        Key = "any key",
        Somewhere = "somewhere",
        Here = "here",
        HereWithFiles = "here, and files",
        Stores = "all stores";

    /// <summary>The right that each route needs, and where. A new route needs a line.</summary>
    private static readonly Dictionary<string, (string Right, string Where)> Rules = new(StringComparer.Ordinal)
    {
        ["GET /"] = ("", Public),
        ["GET /assets/{file}"] = ("", Public),
        ["GET /map/{file}"] = ("", Public),
        ["GET /healthz"] = ("", Public),
        ["GET /readyz"] = ("", Public),
        ["GET /openapi/{documentName}.json"] = ("", Public),
        ["GET /docs/{documentName?}"] = ("", Public),
        ["GET /docs/favicon.svg"] = ("", Public),
        ["GET /docs/scalar.js"] = ("", Public),
        ["GET /docs/scalar.aspnetcore.js"] = ("", Public),
        ["GET /metrics"] = ("monitor", Somewhere),
        ["GET /v1/status"] = ("monitor", Somewhere),
        ["POST /mcp"] = ("", Key),
        ["GET /v1/models"] = ("", Key),
        ["GET /v1/models/{**id}"] = ("", Key),
        ["GET /v1/rerankers"] = ("", Key),
        ["GET /v1/usage"] = ("", Key),
        ["POST /v1/embeddings"] = ("read", Somewhere),
        ["POST /v1/rerank"] = ("read", Somewhere),
        ["POST /v2/rerank"] = ("read", Somewhere),
        ["GET /v1/collections"] = ("read", Somewhere),
        ["GET /v1/collections/{name}"] = ("read", Here),
        ["PUT /v1/collections/{name}"] = ("manage", Here),
        ["DELETE /v1/collections/{name}"] = ("manage", Here),
        ["POST /v1/collections/{name}/verify"] = ("read", Here),
        ["POST /v1/collections/{name}/documents"] = ("write", Here),
        ["GET /v1/collections/{name}/documents/{**id}"] = ("read", Here),
        ["DELETE /v1/collections/{name}/documents/{**id}"] = ("write", Here),
        ["POST /v1/collections/{name}/index"] = ("write", Here),
        ["POST /v1/collections/{name}/index/preview"] = ("write", Here),
        ["GET /v1/collections/{name}/export"] = ("read", Here),
        ["POST /v1/collections/{name}/browse"] = ("read", Here),
        ["GET /v1/collections/{name}/fields"] = ("read", Here),
        ["GET /v1/collections/{name}/parts"] = ("read", Here),
        ["POST /v1/collections/{name}/similarities"] = ("read", Here),
        ["GET /v1/collections/{name}/map"] = ("read", Here),
        ["POST /v1/collections/{name}/facets"] = ("read", Here),
        ["PATCH /v1/collections/{name}/documents/{**id}"] = ("write", Here),
        ["GET /v1/collections/{name}/documents"] = ("read", Here),
        ["PATCH /v1/collections/{name}/documents"] = ("write", Here),
        ["DELETE /v1/collections/{name}/documents"] = ("write", Here),
        ["POST /v1/collections/{name}/search/batch"] = ("read", Here),
        ["POST /v1/search"] = ("read", Somewhere),
        ["POST /v1/collections/{name}/search"] = ("read", Here),
        ["POST /v1/files"] = ("write", Stores),
        ["GET /v1/files"] = ("read", Stores),
        ["GET /v1/files/{file_id}"] = ("read", Stores),
        ["GET /v1/files/{file_id}/content"] = ("read", Stores),
        ["DELETE /v1/files/{file_id}"] = ("write", Stores),
        ["POST /v1/vector_stores"] = ("manage", Stores),
        ["GET /v1/vector_stores"] = ("read", Somewhere),
        ["GET /v1/vector_stores/{vector_store_id}"] = ("read", Here),
        ["POST /v1/vector_stores/{vector_store_id}"] = ("manage", Here),
        ["DELETE /v1/vector_stores/{vector_store_id}"] = ("manage", Here),
        ["POST /v1/vector_stores/{vector_store_id}/search"] = ("read", Here),
        ["POST /v1/vector_stores/{vector_store_id}/files"] = ("write", HereWithFiles),
        ["GET /v1/vector_stores/{vector_store_id}/files"] = ("read", Here),
        ["GET /v1/vector_stores/{vector_store_id}/files/{file_id}"] = ("read", Here),
        ["POST /v1/vector_stores/{vector_store_id}/files/{file_id}"] = ("write", Here),
        ["DELETE /v1/vector_stores/{vector_store_id}/files/{file_id}"] = ("write", Here),
        ["GET /v1/vector_stores/{vector_store_id}/files/{file_id}/content"] = ("read", Here),
        ["POST /v1/vector_stores/{vector_store_id}/file_batches"] = ("write", HereWithFiles),
        ["GET /v1/vector_stores/{vector_store_id}/file_batches/{batch_id}"] = ("read", Here),
        ["POST /v1/vector_stores/{vector_store_id}/file_batches/{batch_id}/cancel"] = ("write", Here),
        ["GET /v1/vector_stores/{vector_store_id}/file_batches/{batch_id}/files"] = ("read", Here),
    };

    /// <summary>What each key may do: a right, and the names or beginnings of names that it is for.</summary>
    private static readonly (string Name, string[] Grants)[] KeysOfTest =
    [
        ("read-a", ["a=read"]),
        ("write-a", ["a=write"]),
        ("manage-a", ["a=manage"]),
        ("mixed", ["a=read,write", "b*=manage"]),
        ("read-all", ["*=read"]),
        ("write-all", ["*=write"]),
        ("manage-all", ["*=manage"]),
        ("monitor", ["*=monitor"]),
        ("stores", ["vs_*=read,write,manage"]),
        ("one-store", ["vs_1=read,write,manage"]),
        ("admin", ["*=all"]),
    ];

    private static readonly string[] Collections = ["a", "b", "vs_1", "vs_2"];

    [Fact]
    public async Task Every_route_has_a_rule_here()
    {
        await using InProcessService service = await InProcessService.StartAsync();

        string[] routes = [.. RoutesOf(service)];
        Assert.True(
            Rules.Keys.ToHashSet(StringComparer.Ordinal).SetEquals(routes),
            $"without a rule: {string.Join(", ", routes.Except(Rules.Keys))}; "
                + $"without a route: {string.Join(", ", Rules.Keys.Except(routes))}"
        );
    }

    [Fact]
    public async Task Every_key_reaches_exactly_what_it_has_rights_for()
    {
        await using InProcessService service = await InProcessService.StartAsync();
        Dictionary<string, string> secrets = new(StringComparer.Ordinal);
        foreach ((string name, string[] grants) in KeysOfTest)
            secrets[name] = await service.CreateKeyAsync(name, grants);
        await WaitForKeysAsync(service);
        List<string> wrong = [];
        int requests = 0;
        foreach (string route in RoutesOf(service))
        {
            (string right, string where) = Rules[route];
            foreach (string collection in Collections)
            {
                (string method, string path) = Address(route, collection);
                foreach (string? key in (string?[])[null, "an-unknown-key-0123456789", .. secrets.Values])
                {
                    (string Name, string[] Grants) known = KeysOfTest.FirstOrDefault(one => secrets[one.Name] == key);
                    string expected =
                        where == Public ? "allowed"
                        : known.Grants is null ? "401"
                        : IsAllowed(known.Grants, right, where, collection) ? "allowed"
                        : "403";
                    (int status, string? code) = await service.StatusAsync(key, method, path, method == "POST" ? new JsonObject() : null);
                    string actual =
                        status == 401 ? "401"
                        : code == "missing_right" ? "403"
                        : "allowed";
                    requests++;
                    if (actual != expected)
                        wrong.Add($"{known.Name ?? key ?? "no key"} {method} {path}: {expected} expected, {status} {code}");
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(requests > 2000, $"{requests} requests");
    }

    [Fact]
    public async Task Lists_show_only_what_a_key_may_read()
    {
        await using InProcessService service = await InProcessService.StartAsync();
        string admin = await service.CreateKeyAsync("admin", "*=all"),
            reader = await service.CreateKeyAsync("reader", "a=read", "b=write");
        await WaitForKeysAsync(service);
        foreach (string name in (string[])["a", "b"])
            (await service.SendAsync(admin, "PUT", $"/v1/collections/{name}")).EnsureSuccessStatusCode();
        (await service.SendAsync(admin, "POST", "/v1/vector_stores", new JsonObject())).EnsureSuccessStatusCode();

        Assert.Equal(3, (await ListAsync(admin, "/v1/collections")).Count);
        Assert.Equal("a", (string?)Assert.Single(await ListAsync(reader, "/v1/collections"))!["name"]);
        Assert.Single(await ListAsync(admin, "/v1/vector_stores"));
        Assert.Empty(await ListAsync(reader, "/v1/vector_stores"));

        async Task<JsonArray> ListAsync(string key, string path) =>
            (await (await service.SendAsync(key, "GET", path)).Content.ReadFromJsonAsync<JsonNode>())!["data"]!.AsArray();
    }

    [Fact]
    public async Task File_is_attached_only_by_a_key_that_may_read_files()
    {
        await using InProcessService service = await InProcessService.StartAsync();
        string admin = await service.CreateKeyAsync("admin", "*=all");
        await WaitForKeysAsync(service);
        JsonNode store = (
            await (await service.SendAsync(admin, "POST", "/v1/vector_stores", new JsonObject())).Content.ReadFromJsonAsync<JsonNode>()
        )!;
        string id = (string)store["id"]!;
        string narrow = await service.CreateKeyAsync("narrow", $"{id}=read,write");
        await WaitForKeysAsync(service);
        foreach (string path in (string[])[$"/v1/vector_stores/{id}/files", $"/v1/vector_stores/{id}/file_batches"])
        {
            JsonNode body = path.EndsWith("files", StringComparison.Ordinal)
                ? new JsonObject { ["file_id"] = "file-1" }
                : new JsonObject { ["file_ids"] = new JsonArray("file-1") };
            Assert.Equal((403, "missing_right"), await service.StatusAsync(narrow, "POST", path, body.DeepClone()));
            Assert.Equal((404, "file_not_found"), await service.StatusAsync(admin, "POST", path, body.DeepClone()));
        }
    }

    /// <summary>Waits until the service has read the file of keys, as it does once a second.</summary>
    internal static async Task WaitForKeysAsync(InProcessService service)
    {
        string probe = await service.CreateKeyAsync($"probe-{Guid.NewGuid():N}", "none=read");
        while (
            (await service.StatusAsync(probe, "GET", "/v1/models")).Status != 200
            || (await service.StatusAsync(null, "GET", "/v1/models")).Status != 401
        )
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    // Written apart from the code of the service, so that it does not repeat its mistakes.
    private static bool IsAllowed(string[] grants, string right, string where, string collection) =>
        where == Key
        || where == HereWithFiles && IsAllowed(grants, right, Here, collection) && IsAllowed(grants, "read", Stores, collection)
        || grants
            .Select(static grant => grant.Split('='))
            .Any(grant =>
                (grant[1] == "all" || grant[1].Split(',').Contains(right))
                && where switch
                {
                    Somewhere => true,
                    HereWithFiles => false,
                    Stores => grant[0] is "*" or "vs_*",
                    _ => grant[0] == collection || (grant[0][^1] == '*' && collection.StartsWith(grant[0][..^1], StringComparison.Ordinal)),
                }
            );

    private static (string Method, string Path) Address(string route, string collection)
    {
        string[] parts = route.Split(' ');
        string path = parts[1]
            .Replace("{name}", collection, StringComparison.Ordinal)
            .Replace("{vector_store_id}", collection, StringComparison.Ordinal)
            .Replace("{documentName}", "v1", StringComparison.Ordinal)
            .Replace("{documentName?}", "v1", StringComparison.Ordinal);
        foreach (string parameter in (string[])["{**id}", "{file_id}", "{batch_id}", "{file}"])
            path = path.Replace(parameter, "x", StringComparison.Ordinal);
        return (parts[0], path);
    }

    private static IEnumerable<string> RoutesOf(InProcessService service) =>
        service
            .Routes.SelectMany(static route =>
                (route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]).Select(method =>
                    $"{method} /{route.RoutePattern.RawText!.Trim('/')}"
                )
            )
            .Distinct(StringComparer.Ordinal);
}
