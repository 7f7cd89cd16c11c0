using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Sextant.Server.Backups;
using Sextant.Server.Metrics;
using Sextant.Server.Tests.Keys;
using Sextant.Tests.Shared;

namespace Sextant.Server.Tests.Operation;

/// <summary>The metrics in Prometheus's text format, and the dashboard that shows them.</summary>
public sealed partial class MetricsTests
{
    private const string Requests = "http_server_request_duration_seconds",
        SearchRoute = "/v1/collections/{name}/search";

    [Fact]
    public async Task Dashboard_uses_only_metrics_and_labels_that_the_service_exposes()
    {
        using TempFolder backups = new();
        await using InProcessService service = await InProcessService.StartAsync(options =>
            (options.Backup, options.Rerankers) = ($"daily keep 1 to {backups.Path}", ["sextant-small"])
        );
        string key = await service.CreateKeyAsync("admin", "*=all");
        await RightsMatrixTests.WaitForKeysAsync(service);
        (await service.SendAsync(key, "PUT", "/v1/collections/docs")).EnsureSuccessStatusCode();
        JsonNode document = new JsonObject { ["text"] = "Refunds take a week." };
        (await service.SendAsync(key, "POST", "/v1/collections/docs/documents", document)).EnsureSuccessStatusCode();
        JsonNode search = new JsonObject { ["query"] = "money", ["rerank"] = "sextant-small" };
        (await service.SendAsync(key, "POST", "/v1/collections/docs/search", search)).EnsureSuccessStatusCode();
        // The file of an index is written when a collection closes.
        await File.WriteAllTextAsync(Path.Combine(service.Folder, "docs", "index.hnsw"), "x", TestContext.Current.CancellationToken);
        await service.Services.GetRequiredService<BackupJob>().RunAsync(TestContext.Current.CancellationToken);
        // The runtime reports the sizes of its heaps from the first collection on.
        GC.Collect();
        IReadOnlyList<Sample> scraped = PrometheusText.Read(await ReadAsync(await service.SendAsync(key, "GET", "/metrics")));

        JsonNode[] targets =
        [
            .. Dashboard()["panels"]!.AsArray().SelectMany(static panel => panel!["targets"]!.AsArray()).Select(static one => one!),
        ];
        Assert.True(targets.Length > 10);
        foreach (JsonNode target in targets)
        {
            string expression = (string)target["expr"]!;
            // Metrics are what remains without strings, ranges, functions, keywords and the lists of labels.
            string bare = Labels().Replace(Ranges().Replace(expression, ""), "");
            string[] metrics =
            [
                .. Word()
                    .Matches(bare)
                    .Select(static match => match.Value)
                    .Where(static word => word.Contains('_') && word != "histogram_quantile"),
            ];
            Assert.NotEmpty(metrics);
            Assert.All(metrics, metric => Assert.Contains(scraped, sample => sample.Name == metric));
            string[] labels =
            [
                .. Labels()
                    .Matches(expression)
                    .SelectMany(static list => Word().Matches(Strings().Replace(list.Value, "")))
                    .Select(static word => word.Value)
                    .Except(["by"]),
                .. Legend().Matches((string?)target["legendFormat"] ?? "").Select(static match => match.Groups["label"].Value),
            ];
            Assert.All(
                labels,
                label => Assert.Contains(scraped, sample => metrics.Contains(sample.Name) && sample.Labels.ContainsKey(label))
            );
        }
    }

    [Fact]
    public async Task Scrape_is_valid_and_counts_requests()
    {
        await using ServiceProcess service = await ServiceProcess.StartAsync();
        await service.CreateAsync("a");
        await service.AddAsync("a", new { id = "1", text = "a \"text\"" });
        for (int i = 0; i < 5; i++)
            (await service.PostAsync("/v1/collections/a/search", "{\"query\":\"text\"}")).EnsureSuccessStatusCode();
        using HttpResponseMessage response = await service.Http.GetAsync("/metrics", TestContext.Current.CancellationToken);
        IReadOnlyList<Sample> scraped = PrometheusText.Read(await ReadAsync(response));

        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        Sample count = Assert.Single(
            scraped,
            static sample => sample.Name == Requests + "_count" && sample.Labels.GetValueOrDefault("http_route") == SearchRoute
        );
        Assert.Equal(5, count.Value);
        Assert.Equal(
            [("sextant_collections_open", 1), ("sextant_model_queue", 0)],
            scraped
                .Where(static sample => sample.Name is "sextant_collections_open" or "sextant_model_queue")
                .Select(static sample => (sample.Name, sample.Value))
                .Order()
        );
    }

    [Fact]
    public async Task Metrics_need_a_key_with_the_right_to_monitor()
    {
        await using InProcessService service = await InProcessService.StartAsync();
        string monitor = await service.CreateKeyAsync("prometheus", "none=monitor"),
            reader = await service.CreateKeyAsync("reader", "*=read,write,manage");
        await RightsMatrixTests.WaitForKeysAsync(service);

        Assert.Equal(401, (await service.StatusAsync(null, "GET", "/metrics")).Status);
        Assert.Equal((403, "missing_right"), await service.StatusAsync(reader, "GET", "/metrics"));
        Assert.Equal(200, (await service.StatusAsync(monitor, "GET", "/metrics")).Status);
    }

    [Theory]
    [InlineData("http.server.request.duration", "s", false, "http_server_request_duration_seconds")]
    [InlineData("sextant.rerank.documents", "{document}", true, "sextant_rerank_documents_total")]
    [InlineData("sextant.index.size", "By", false, "sextant_index_size_bytes")]
    public void Names_follow_the_conventions_of_Prometheus(string name, string unit, bool isCounter, string expected) =>
        Assert.Equal(expected, PrometheusExporter.NameOf(name, unit, isCounter));

    private static JsonNode Dashboard() =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(Path.GetDirectoryName(ServiceProcess.Program)!, "../../../../docker/grafana.json")))!;

    private static async Task<string> ReadAsync(HttpResponseMessage response) =>
        await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

    [GeneratedRegex("[a-z][a-z0-9_]*", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Word();

    [GeneratedRegex(@"\[[^\]]*\]", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Ranges();

    [GeneratedRegex(@"by \([^)]*\)|\{[^}]*\}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Labels();

    [GeneratedRegex("\"[^\"]*\"", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Strings();

    [GeneratedRegex(@"\{\{(?<label>\w+)\}\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Legend();
}
