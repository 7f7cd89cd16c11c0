using Sextant.Numerics;

namespace Sextant.ConformanceTests;

/// <summary>Readers and writers at the same time.</summary>
/// <param name="store">The store under test; disposed after the test.</param>
public abstract class ConcurrencyTests(TestedStore store) : StoreTests(store)
{
    [Fact]
    public async Task Readers_never_see_a_partially_written_document()
    {
        const int Documents = 40,
            Rounds = 25;
        await using SemanticSearchEngine engine = await OpenAsync();
        await WriteRoundAsync(0);

        Task writing = Task.Run(async () =>
        {
            for (int round = 1; round <= Rounds; round++)
            {
                await WriteRoundAsync(round);
                await engine.DeleteAsync([$"{round % Documents}", $"{(round * 7) % Documents}"]);
            }
        });
        int rows = 0;
        do
        {
            await foreach (Document document in engine.ListAsync())
                RequireWhole(document);
            if (await engine.GetAsync($"{rows % Documents}") is { } one)
                RequireWhole(one);
            foreach (SearchResult hit in await engine.SearchAsync("document", 5))
                Assert.Equal(hit.Text.Split(' ')[2], $"round{hit.Metadata["round"]}");
        } while (!writing.IsCompleted);
        await writing;
        Assert.NotEqual(0, rows);

        Task WriteRoundAsync(int round) =>
            engine.AddDocumentsAsync(
                Enumerable
                    .Range(0, Documents)
                    .Select(i => new Document($"document number{i} round{round}")
                    {
                        Id = $"{i}",
                        Metadata = new() { ["round"] = round },
                    })
            );

        void RequireWhole(Document document)
        {
            rows++;
            Assert.Equal(document.Text.Split(' ')[2], $"round{document.Metadata!["round"]}");
            Assert.Equal(1f, VectorMath.Dot(Unit(document.Text), document.Vector!.Value.Span), 5);
        }
    }

    [Fact]
    public async Task Concurrent_writers_lose_no_document()
    {
        await using SemanticSearchEngine engine = await OpenAsync();
        await Task.WhenAll(
            Enumerable
                .Range(0, 6)
                .Select(writer =>
                    Task.Run(async () =>
                    {
                        for (int batch = 0; batch < 4; batch++)
                        {
                            await engine.AddDocumentsAsync(
                                Enumerable
                                    .Range(0, 5)
                                    .Select(i => new Document($"writer{writer} batch{batch} item{i}") { Id = $"{writer}-{batch}-{i}" })
                                    .Append(
                                        new Document($"shared by{writer} batch{batch}")
                                        {
                                            Id = "shared",
                                            Metadata = new() { ["by"] = writer },
                                        }
                                    )
                            );
                            await engine.SearchAsync($"writer{writer}", 3);
                        }

                        await engine.DeleteAsync($"{writer}-0-0");
                    })
                )
        );

        Assert.Equal((6 * 4 * 5) - 6 + 1, await engine.CountAsync());
        List<string> ids = await ListIdsAsync(engine);
        Assert.Equal(ids.Distinct().Count(), ids.Count);
        Assert.Equal(6 * 4 * 5 - 6 + 1, (await engine.SearchAsync("item1", 200, new() { Exact = true })).Count);
        Assert.StartsWith("shared by", (await engine.GetAsync("shared"))!.Text);
        Assert.Empty((await engine.Maintenance.VerifyAsync()).Problems);
    }
}
