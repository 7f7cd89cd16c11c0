using System.Text.Json.Nodes;
using CsCheck;
using Sextant.Tests.Shared;
using Sextant.Tests.Shared.Filters;
using Sextant.Tests.Shared.Search;

namespace Sextant.Postgres.Tests;

/// <summary>The same documents, filters and queries give the same results in a folder and in PostgreSQL.</summary>
public sealed class SameResultsTests(PostgresFixture server)
{
    private static readonly string[] Words =
    [
        "the",
        "The",
        "THE",
        "café",
        "cafe",
        "CAFÉ",
        "Straße",
        "STRASSE",
        "naïve",
        "Ångström",
        "ÅNGSTRÖM",
        "O'Neill",
        "e-mail",
        "C++",
        "3.14",
        "m²",
        "Ⅷ",
        "½",
        "İstanbul",
        "istanbul",
        "σοφός",
        "ΣΟΦΌΣ",
        "Привет",
        "привет",
        "今日の天気",
        "天気",
        "雨",
        "ｶﾞﾗｽ",
        "ガラス",
        "날씨가",
        "날씨",
        "สวัสดี",
        "iPhone15の電池",
        "iphone15",
        "שלום",
        "مرحبا",
        "हिन्दी",
        "ﬁne",
        "x1",
        "_y_",
        "👍",
        "a",
        "1",
        "٣",
    ];

    private static SemanticSearchEngineOptions Options => WordModel.Options() with { CollectionProviders = [new PostgresProvider()] };

    [Fact]
    public async Task Filters_find_the_same_documents()
    {
        using TempFolder folder = new();
        string name = server.Location($"test_same_{Guid.NewGuid():N}");
        await using SemanticSearchEngine local = await SemanticSearchEngine.OpenAsync(folder.File("c.sextant"), Options);
        await using SemanticSearchEngine database = await SemanticSearchEngine.OpenAsync(name, Options);
        List<Document> documents = [];
        FilterGen
            .Metadata.Array[150]
            .Sample(
                all => documents.AddRange(all.Select((m, i) => new Document("the text") { Id = $"{i}", Metadata = (JsonObject)m! })),
                iter: 1,
                threads: 1
            );
        await local.AddDocumentsAsync(documents);
        await database.AddDocumentsAsync(documents);
        int found = 0;

        FilterGen.Filter.Sample(
            filter =>
            {
                SearchOptions options = new() { Filter = filter, Exact = true };
                string[] expected = Ids(local, "the text", options);
                Assert.Equal(expected, Ids(database, "the text", options));
                found += expected.Length;
            },
            iter: 300,
            threads: 1,
            print: static filter => filter.ToString()
        );

        Assert.NotEqual(0, found);
        Assert.Empty((await database.Maintenance.VerifyAsync()).Problems);
    }

    [Fact]
    public async Task Words_find_the_same_documents_in_any_script()
    {
        using TempFolder folder = new();
        string name = server.Location($"test_same_{Guid.NewGuid():N}");
        await using SemanticSearchEngine local = await SemanticSearchEngine.OpenAsync(folder.File("c.sextant"), Options);
        await using SemanticSearchEngine database = await SemanticSearchEngine.OpenAsync(name, Options);
        List<Document> documents =
        [
            .. Words.Select((word, i) => new Document($"{word} {Words[(i * 7) % Words.Length]}") { Id = $"{i}" }),
            new(string.Join(' ', Enumerable.Range(0, 40_000).Select(i => $"w{i}")) + " lastword") { Id = "long" },
            new(new string('x', 3_000) + " end") { Id = "key" },
        ];
        await local.AddDocumentsAsync(documents);
        await database.AddDocumentsAsync(documents);
        SearchOptions options = new() { Mode = SearchMode.Keyword };

        foreach (
            string query in (string[])[.. Words, "w39999", "lastword", new string('x', 3_000), "天気 the", "気", "今日", "ガラス 雨", "นี่"]
        )
        {
            string[] expected = Ids(local, query, options);
            Assert.True(
                expected.Order(StringComparer.Ordinal).SequenceEqual(Ids(database, query, options).Order(StringComparer.Ordinal)),
                $"'{query[..Math.Min(query.Length, 20)]}': {string.Join(' ', expected)} in the folder, "
                    + $"{string.Join(' ', Ids(database, query, options))} in the database"
            );
        }
    }

    private static string[] Ids(SemanticSearchEngine engine, string query, SearchOptions options) =>
        [.. engine.SearchAsync(query, 200, options).GetAwaiter().GetResult().Select(hit => hit.Id)];
}
