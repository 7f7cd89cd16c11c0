using System.Text.Json.Nodes;
using Sextant.Search;
using Sextant.Tests.Shared;
using Sextant.Tests.Shared.Search;

namespace Sextant.Postgres.Tests;

public sealed class CollectionCopyTests(PostgresFixture server)
{
    // More than this takes its time with the server in WebAssembly.
    private static readonly int Documents = int.Parse(
        Environment.GetEnvironmentVariable("SEXTANT_TEST_DOCUMENTS") ?? "1500",
        System.Globalization.CultureInfo.InvariantCulture
    );

    private static readonly int Searches = Math.Min(500, Documents / 15);

    private static SemanticSearchEngineOptions Options => WordModel.Options() with { CollectionProviders = [new PostgresProvider()] };

    [Fact]
    public async Task Collection_copied_to_a_database_and_back_is_identical()
    {
        using TempFolder folder = new();
        string there = server.Location($"test_copy_{Guid.NewGuid():N}"),
            back = folder.File("back.sextant");
        await using SemanticSearchEngine original = await SemanticSearchEngine.OpenAsync(folder.File("c.sextant"), Options);
        await original.AddDocumentsAsync(
            Enumerable
                .Range(0, Documents)
                .Select(i => new Document($"word{i % 50} word{i % 37} item{i % 600}")
                {
                    Id = $"{(i * 7919) % Documents}",
                    Metadata = new() { ["z"] = i, ["a"] = i % 2 == 0 ? "é" : JsonNode.Parse("1.50") },
                    Source = $"/tmp/{i % 5}",
                })
        );

        CopyResult first = await original.Maintenance.CopyToAsync(there);
        CopyResult again = await original.Maintenance.CopyToAsync(there);
        await using SemanticSearchEngine database = await SemanticSearchEngine.OpenAsync(there, Options);
        CopyResult returned = await database.Maintenance.CopyToAsync(back);

        Assert.Equal((Documents, Documents, 0, 100), (first.Documents, first.Copied, first.AlreadyThere, first.Compared));
        Assert.Equal((Documents, 0, Documents), (again.Documents, again.Copied, again.AlreadyThere));
        Assert.Equal(Documents, returned.Copied);
        Assert.DoesNotContain("s3cret", first.Location);
        await using SemanticSearchEngine copy = await SemanticSearchEngine.OpenAsync(back, Options);
        Assert.Equal(await AllAsync(original), await AllAsync(copy));
        int nearest = 0,
            sameSet = 0;
        for (int i = 0; i < Searches; i++)
        {
            string query = $"word{i % 50} item{i * 5 % 600}";
            IReadOnlyList<SearchResult> truth = await TopAsync(original, query),
                there10 = await TopAsync(database, query);
            RequireSame(truth, there10);
            RequireSame(truth, await TopAsync(copy, query));
            sameSet += truth.Select(hit => hit.Id).ToHashSet().SetEquals(there10.Select(hit => hit.Id)) ? 1 : 0;
            nearest += (await database.SearchAsync(query, 10)).Count(hit => hit.Score >= truth[^1].Score - 1e-5f);
        }

        double recall = nearest / (10.0 * Searches);
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{Documents} documents, {Searches} searches, the same ten {sameSet}, recall through the index {recall}"
        );
        Assert.InRange(recall, 0.98, 1);
    }

    [Fact]
    public async Task Interrupted_copy_resumes()
    {
        using TempFolder folder = new();
        string there = server.Location($"test_copy_{Guid.NewGuid():N}");
        await using SemanticSearchEngine original = await SemanticSearchEngine.OpenAsync(folder.File("c.sextant"), Options);
        await original.AddDocumentsAsync(Enumerable.Range(0, Documents).Select(i => $"item{i}"));
        using CancellationTokenSource stop = new();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => original.Maintenance.CopyToAsync(there, new After(stop), stop.Token));
        CopyResult rest = await original.Maintenance.CopyToAsync(there);

        Assert.InRange(rest.AlreadyThere, 1, Documents - 1);
        Assert.Equal(Documents, rest.Copied + rest.AlreadyThere);
    }

    [Fact]
    public async Task Copy_into_a_collection_with_another_model_or_more_documents_is_rejected()
    {
        using TempFolder folder = new();
        await using SemanticSearchEngine original = await SemanticSearchEngine.OpenAsync(folder.File("c.sextant"), Options);
        await original.AddDocumentsAsync(["one", "two"]);
        string other = folder.File("other.sextant"),
            more = folder.File("more.sextant");
        await using (await SemanticSearchEngine.OpenAsync(other, WordModel.Options(WordModel.Create("others")))) { }
        await using (SemanticSearchEngine engine = await SemanticSearchEngine.OpenAsync(more, Options))
            await engine.AddDocumentsAsync(["three"]);

        Assert.Contains("others", (await Assert.ThrowsAsync<InputException>(() => original.Maintenance.CopyToAsync(other))).Message);
        Assert.Contains("3 documents", (await Assert.ThrowsAsync<SextantException>(() => original.Maintenance.CopyToAsync(more))).Message);
    }

    private static Task<IReadOnlyList<SearchResult>> TopAsync(SemanticSearchEngine engine, string query) =>
        engine.SearchAsync(query, 10, new() { Exact = true });

    // Two engines add up the same products in another order, so those whose scores are that close may change places, also over the end.
    private static void RequireSame(IReadOnlyList<SearchResult> expected, IReadOnlyList<SearchResult> actual)
    {
        const float Rounding = 1e-6f;
        Assert.Equal(expected.Count, actual.Count);
        for (int i = 0; i < expected.Count; i++)
            Assert.Equal(expected[i].Score, actual[i].Score, Rounding);
        Assert.All(
            expected.ExceptBy(actual.Select(hit => hit.Id), hit => hit.Id),
            missing => Assert.Equal(expected[^1].Score, missing.Score, Rounding)
        );
    }

    private static async Task<List<string>> AllAsync(SemanticSearchEngine engine)
    {
        List<string> all = [];
        await foreach (Document d in engine.ListAsync())
        {
            all.Add(
                $"{d.Id}|{d.Text}|{d.Metadata!.ToJsonString()}|{d.Source}|"
                    + $"{Convert.ToHexString(System.Runtime.InteropServices.MemoryMarshal.AsBytes(d.Vector!.Value.Span))}"
            );
        }

        return all;
    }

    private sealed class After(CancellationTokenSource stop) : IProgress<CopyProgress>
    {
        public void Report(CopyProgress value) => stop.Cancel();
    }
}
