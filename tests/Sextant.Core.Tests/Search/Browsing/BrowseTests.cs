using System.Globalization;
using System.Text.Json.Nodes;
using Sextant.Search.Browsing;
using Sextant.Search.Storage;
using Sextant.Tests.Shared;
using Sextant.Tests.Shared.Search;

namespace Sextant.Core.Tests.Search.Browsing;

/// <summary>Documents listed without a query.</summary>
public sealed class BrowseTests : IDisposable
{
    private static readonly string[] Values =
    [
        "\"a\"",
        "\"b\"",
        "\"B\"",
        "\"ä 中 😀\"",
        "\"\"",
        "1",
        "-3",
        "2.5",
        "9007199254740993",
        "9007199254740992",
        "true",
        "false",
        "null",
        "{\"b\":1}",
        "[]",
        "[\"a\",2]",
    ];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Order_of_the_database_is_the_one_of_stores_that_read_everything()
    {
        await using SemanticSearchEngine engine = await SemanticSearchEngine.OpenAsync(_folder.File("c"), WordModel.Options());
        Random random = new(7);
        await engine.AddDocumentsAsync(
            Enumerable
                .Range(0, 200)
                .Select(i => new Document(string.Create(CultureInfo.InvariantCulture, $"text {i}"))
                {
                    Id = string.Create(CultureInfo.InvariantCulture, $"d{i}"),
                    Metadata = (JsonObject)
                        JsonNode.Parse(
                            random.Next(10) == 0 ? "{}" : $$"""{"x":{{Values[random.Next(Values.Length)]}},"n":{{random.Next(3)}}}"""
                        )!,
                })
        );

        foreach (string? field in (string?[])[null, "x", "n", "none"])
        {
            foreach (bool ascending in (bool[])[true, false])
            {
                BrowseOptions options = new()
                {
                    OrderBy = field,
                    IsAscending = ascending,
                    Offset = 5,
                    Count = 150,
                    Filter = "n != 2",
                };
                BrowseOrder expected = new(options);
                await foreach (IReadOnlyList<StoredDocument> batch in engine.Store.ListAsync(64, TestContext.Current.CancellationToken))
                {
                    foreach (StoredDocument document in batch)
                        expected.Add(document);
                }

                BrowseResult actual = await engine.BrowseAsync(options, TestContext.Current.CancellationToken);

                BrowseResult all = expected.Read();
                Assert.Equal(all.Total, actual.Total);
                Assert.True(all.Total is > 50 and < 200);
                Assert.Equal(all.Documents.Select(one => one.Id), actual.Documents.Select(one => one.Id));
                Assert.All(actual.Documents, one => Assert.Null(one.Vector));
            }
        }
    }

    [Fact]
    public async Task Counts_must_not_be_negative()
    {
        await using SemanticSearchEngine engine = await SemanticSearchEngine.OpenAsync(_folder.File("c"), WordModel.Options());

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => engine.BrowseAsync(new() { Count = -1 }));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => engine.BrowseAsync(new() { Offset = -1 }));
    }
}
