using System.Text;
using Parquet.Serialization;
using Sextant.Evaluation.Data;
using Sextant.Models.Hub;
using Sextant.Tests.Shared;
using Sextant.Tests.Shared.Models;

namespace Sextant.Evaluation.Tests.Data;

/// <summary>Data sets by name come through the hub's own protocol into the cache that models share.</summary>
public sealed class HubTasksTests : IDisposable
{
    private readonly TempFolder _cache = new();

    public void Dispose() => _cache.Dispose();

    [Fact]
    public async Task Similarity_task_in_JSON_Lines_is_downloaded_once_and_opens_offline()
    {
        TaskSource first;
        await using (
            HubServer server = await ServeAsync(
                (
                    "test.jsonl",
                    "{\"sentence1\":\"a\",\"sentence2\":\"b\",\"score\":1.5}\n{\"sentence1\":\"c\",\"sentence2\":\"d\",\"score\":3}\n"
                ),
                ("validation.jsonl", "{}\n"),
                ("README.md", "# about")
            )
        )
        {
            first = await OpenAsync(server, "mteb/stsbenchmark-sts");
            Assert.All(
                server.Requests.Where(r => !r.StartsWith("STORE", StringComparison.Ordinal)),
                r => Assert.Contains("datasets/mteb/stsbenchmark-sts", r, StringComparison.Ordinal)
            );
            Assert.DoesNotContain(server.Requests, r => r.Contains("validation", StringComparison.Ordinal));
        }

        TaskSource again = await HubTasks.OpenAsync(
            "mteb/stsbenchmark-sts",
            new HubOptions { CacheDirectory = _cache.Path, Offline = true },
            TestContext.Current.CancellationToken
        );

        Assert.Equal(("stsbenchmark", TaskKind.Sts), (first.Name, first.Kind));
        Assert.Equal(["a", "b", "c", "d"], first.Load().Documents.Order());
        Assert.Equal(first.Revision, again.Revision);
        Assert.True(Directory.Exists(_cache.File("datasets--mteb--stsbenchmark-sts/snapshots/" + HubServer.Commit)));
    }

    [Theory]
    [InlineData("qrels/test.tsv", "query-id\tcorpus-id\tscore\nq1\td1\t1\n")]
    [InlineData("qrels/test.jsonl", "{\"query-id\":\"q1\",\"corpus-id\":\"d1\",\"score\":1}\n")]
    public async Task Retrieval_has_corpus_queries_and_judgments(string file, string judgments)
    {
        await using HubServer server = await ServeAsync(
            (
                "corpus.jsonl",
                "{\"_id\":\"d1\",\"title\":\"Refunds\",\"text\":\"in five days\"}\n{\"_id\":\"d2\",\"title\":\"\",\"text\":\"parcels\"}\n"
            ),
            ("queries.jsonl", "{\"_id\":\"q1\",\"text\":\"money back\"}\n{\"_id\":\"q2\",\"text\":\"not judged\"}\n"),
            (file, judgments)
        );
        TaskSource source = await OpenAsync(server, "acme/shop@main");
        EvaluationTask task = source.Load();

        Assert.Equal(("shop", TaskKind.Retrieval), (source.Name, source.Kind));
        Assert.Equal(["Refunds in five days", "parcels"], task.Documents);
        Assert.Equal(["money back"], task.Queries);
    }

    [Fact]
    public async Task Parquet_parts_are_read_in_order()
    {
        await using HubServer server = await ServeAsync();
        server.Files["data/train-00000-of-00001.parquet"] = await ParquetAsync(
            new Row { Text = "good", Label = 1 },
            new Row { Text = "bad", Label = 0 }
        );
        server.Files["data/test-00001-of-00002.parquet"] = await ParquetAsync(new Row { Text = "awful", Label = 0 });
        server.Files["data/test-00000-of-00002.parquet"] = await ParquetAsync(new Row { Text = "fine", Label = 1 });
        TaskSource source = await OpenAsync(server, "acme/mood");

        Assert.Equal((TaskKind.Classification, 3), (source.Kind, source.Files.Count));
        Assert.Equal(["awful", "bad", "fine", "good"], source.Load().Documents.Order());
    }

    [Fact]
    public async Task Parquet_with_text_lists_is_reranking_and_with_number_lists_labels()
    {
        await using HubServer server = await ServeAsync();
        server.Files["data/test-00000-of-00001.parquet"] = await ParquetAsync(
            new Ranked
            {
                Query = "a [b]",
                Positive = ["right", "also right"],
                Negative = [],
            },
            new Ranked
            {
                Query = "c",
                Positive = ["[other]"],
                Negative = ["wrong \"quoted\"", "right", "é"],
            }
        );
        EvaluationTask task = (await OpenAsync(server, "acme/ranks")).Load();

        Assert.Equal((TaskKind.Reranking, 2), (task.Kind, task.Queries.Count));
        Assert.Equal(["[other]", "also right", "right", "wrong \"quoted\"", "é"], task.Documents.Order(StringComparer.Ordinal));

        server.Files["data/test-00000-of-00001.parquet"] = await ParquetAsync(
            new Groups { Sentences = ["x", "y", "z"], Labels = [1, 2, 1] }
        );
        TaskSource groups = await OpenAsync(server, "acme/groups");
        Assert.Equal(TaskKind.Clustering, groups.Kind);
        Assert.Equal(["x", "y", "z"], groups.Load().Documents);
    }

    [Fact]
    public async Task Empty_and_inaccessible_data_sets_are_errors()
    {
        await using HubServer server = await ServeAsync(("README.md", "# about"), ("images.tar", "x"));
        InputException none = await Assert.ThrowsAsync<InputException>(() => OpenAsync(server, "acme/pictures"));
        InputException offline = await Assert.ThrowsAsync<InputException>(() =>
            HubTasks.OpenAsync(
                "acme/other",
                new HubOptions { CacheDirectory = _cache.Path, Offline = true },
                TestContext.Current.CancellationToken
            )
        );

        Assert.Contains("no supported files", none.Message, StringComparison.Ordinal);
        Assert.EndsWith("download it once while online", offline.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mteb/scifact", true)]
    [InlineData("mteb/scifact@v1.0", true)]
    [InlineData("scifact", false)]
    [InlineData("./folder", false)]
    [InlineData("/mteb/scifact", false)]
    [InlineData("a/b/c", false)]
    public void Data_set_name_is_an_owner_and_a_name(string name, bool isName) => Assert.Equal(isName, HubTasks.IsName(name));

    private Task<TaskSource> OpenAsync(HubServer server, string name) =>
        HubTasks.OpenAsync(
            name,
            new HubOptions { Endpoint = server.Address, CacheDirectory = _cache.Path },
            TestContext.Current.CancellationToken
        );

    private static async Task<HubServer> ServeAsync(params (string Name, string Content)[] files)
    {
        HubServer server = await new HubServer().StartAsync();
        foreach ((string name, string content) in files)
            server.Files[name] = Encoding.UTF8.GetBytes(content);
        return server;
    }

    private static async Task<byte[]> ParquetAsync<T>(params T[] rows)
    {
        using MemoryStream stream = new();
        await ParquetSerializer.SerializeAsync(rows, stream);
        return stream.ToArray();
    }

    private sealed class Row
    {
        [System.Text.Json.Serialization.JsonPropertyName("text")]
        public string Text { get; set; } = "";

        [System.Text.Json.Serialization.JsonPropertyName("label")]
        public int Label { get; set; }
    }

    private sealed class Ranked
    {
        [System.Text.Json.Serialization.JsonPropertyName("query")]
        public string Query { get; set; } = "";

        [System.Text.Json.Serialization.JsonPropertyName("positive")]
        public List<string> Positive { get; set; } = [];

        [System.Text.Json.Serialization.JsonPropertyName("negative")]
        public List<string> Negative { get; set; } = [];
    }

    private sealed class Groups
    {
        [System.Text.Json.Serialization.JsonPropertyName("sentences")]
        public List<string> Sentences { get; set; } = [];

        [System.Text.Json.Serialization.JsonPropertyName("labels")]
        public List<int> Labels { get; set; } = [];
    }
}
