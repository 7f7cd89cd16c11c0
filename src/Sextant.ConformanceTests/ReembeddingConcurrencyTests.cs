using Sextant.Numerics;
using Sextant.Tests.Shared.Stores;

namespace Sextant.ConformanceTests;

/// <summary>Searches and writes while a collection is moved to another model.</summary>
/// <param name="store">The store under test; disposed after the test.</param>
public abstract class ReembeddingConcurrencyTests(TestedStore store) : StoreTests(store)
{
    [Fact]
    public async Task Old_vectors_serve_until_all_new_ones_are_stored_and_then_open_engines_switch()
    {
        int asked = 0;
        SemanticSearchEngine? reader = null;
        NamedModels models = new(async name =>
        {
            // In the middle of the move the reader searches as before.
            if (name != NamedModels.Short || reader is null || Interlocked.Increment(ref asked) != 2)
                return;
            Assert.Equal(NamedModels.First, reader.Model.Name);
            Assert.Equal("5", (await reader.SearchAsync("word5 number5", 1))[0].Id);
            Assert.Equal(NamedModels.Short, (await reader.GetInfoAsync()).NextModel);
        });
        await using SemanticSearchEngine engine = await Reembedding.FillAsync(OpenAsync, models);
        await using (reader = await OpenAsync(models.Options()))
        {
            Assert.Equal("7", (await reader.SearchAsync("word7 number7", 1))[0].Id);

            await engine.Maintenance.ReembedAsync(models.Options(NamedModels.Short));

            Assert.InRange(asked, 2, int.MaxValue);
            foreach (SearchMode mode in Enum.GetValues<SearchMode>())
            {
                SearchResult hit = (await reader.SearchAsync("word7 number7", 1, new() { Mode = mode, Explain = true }))[0];
                Assert.Equal(("7", 1f), (hit.Id, MathF.Round(hit.Stages!.Semantic!.Score, 4)));
            }

            Assert.Equal(NamedModels.Short, reader.Model.Name);
            Assert.Equal(5, (await reader.SearchSimilarAsync("9", 5)).Count);
            Assert.Equal("9", (await reader.SearchAsync(NamedModels.Unit(NamedModels.Short, "word9 number9"), 1))[0].Id);
            await Assert.ThrowsAsync<InputException>(() => reader.SearchAsync(NamedModels.Unit(NamedModels.First, "word9 number9"), 1));
        }
    }

    [Fact]
    public async Task Writes_during_reembedding_are_included()
    {
        int asked = 0;
        SemanticSearchEngine? writer = null;
        NamedModels models = new(async name =>
        {
            if (name != NamedModels.Second || writer is null || writer.Model.Name == name)
                return;
            int n = Interlocked.Increment(ref asked);
            if (n > 6)
                return;
            // Before, within and after the batch that is being embedded.
            await writer.AddDocumentsAsync([
                new Document($"added number{n} later") { Id = $"new{n}" },
                new Document($"changed number{n}") { Id = $"{n * 100}" },
            ]);
            await writer.AddDocumentsAsync([
                new Document($"word{n % 40} number{n}")
                {
                    Id = $"{n}",
                    Metadata = new() { ["n"] = -1 },
                },
            ]);
            await writer.DeleteAsync([$"{(n * 100) + 1}", $"new{n - 1}"]);
        });
        await using SemanticSearchEngine engine = await Reembedding.FillAsync(OpenAsync, models);
        await engine.DisposeAsync();
        await using (writer = await OpenAsync(models.Options()))
        await using (SemanticSearchEngine mover = await OpenAsync(models.Options()))
        {
            await writer.AddDocumentsAsync([new Document("the writer holds the collection") { Id = "writer" }]);

            await mover.Maintenance.ReembedAsync(models.Options(NamedModels.Second));

            Assert.InRange(asked, 3, int.MaxValue);
            List<Document> there = await Reembedding.AllAsync(mover);
            await Reembedding.CheckAsync(mover, NamedModels.Second, there);
            Assert.Contains(there, d => d.Text.StartsWith("changed", StringComparison.Ordinal));
            Assert.DoesNotContain(there, d => d.Id == "101");

            // The writer embeds with the new model from now on.
            await writer.AddDocumentsAsync([new Document("word3 later") { Id = "after" }]);
            Assert.True(await writer.DeleteAsync("5"));
            await Reembedding.CheckAsync(writer, NamedModels.Second, await Reembedding.AllAsync(writer));
            Assert.Equal("after", (await mover.SearchAsync("word3 later", 1))[0].Id);
        }

        await using SemanticSearchEngine again = await OpenAsync(models.Options());
        await Reembedding.CheckAsync(again, NamedModels.Second, await Reembedding.AllAsync(again));
    }

    [Fact]
    public async Task Second_reembedding_at_the_same_time_is_rejected()
    {
        SemanticSearchEngine? other = null;
        bool refused = false;
        NamedModels models = new();
        models = new(async name =>
        {
            if (name == NamedModels.Second && other is not null && !refused)
            {
                await Assert.ThrowsAsync<CollectionBusyException>(() => other.Maintenance.ReembedAsync(models.Options(NamedModels.Second)));
                refused = true;
            }
        });
        await using SemanticSearchEngine engine = await Reembedding.FillAsync(OpenAsync, models);
        await using (other = await OpenAsync(models.Options()))
            await engine.Maintenance.ReembedAsync(models.Options(NamedModels.Second));

        Assert.True(refused);
    }

    [Fact]
    public async Task Searches_and_writes_during_reembedding_never_mix_vectors_of_two_models()
    {
        const string Query = "word7 number7";
        NamedModels models = new();
        await using SemanticSearchEngine engine = await Reembedding.FillAsync(OpenAsync, models);
        await engine.DisposeAsync();
        await using SemanticSearchEngine mover = await OpenAsync(models.Options()),
            writer = await OpenAsync(models.Options());
        using CancellationTokenSource over = new();
        Task[] users = [WriteAsync(0), SearchAsync(SearchMode.Semantic), SearchAsync(SearchMode.Hybrid)];
        foreach (string model in (string[])[NamedModels.Short, NamedModels.Second, NamedModels.First])
        {
            await mover.Maintenance.ReembedAsync(models.Options(model));
            await mover.Maintenance.RestorePreviousModelAsync();
            await mover.Maintenance.RestorePreviousModelAsync();
            await mover.Maintenance.DropPreviousModelAsync();
        }

        await over.CancelAsync();
        await Task.WhenAll(users);
        await Reembedding.CheckAsync(writer, NamedModels.First, await Reembedding.AllAsync(mover));
        await Reembedding.CheckAsync(mover, NamedModels.First, await Reembedding.AllAsync(mover));

        async Task WriteAsync(int seed)
        {
            Random random = new(seed);
            while (!over.IsCancellationRequested)
            {
                int n = random.Next(Reembedding.Documents);
                if (random.Next(4) == 0)
                {
                    await writer.DeleteAsync($"{n}", CancellationToken.None);
                }
                else
                {
                    await writer.AddDocumentsAsync(
                        [new Document($"word{n % 40} number{n} again{random.Next(100)}") { Id = $"{n}" }],
                        CancellationToken.None
                    );
                }
            }
        }

        static float Cosine(string model, string text) => VectorMath.Dot(NamedModels.Unit(model, Query), NamedModels.Unit(model, text));

        async Task SearchAsync(SearchMode mode)
        {
            await Task.Yield();
            while (!over.IsCancellationRequested)
            {
                IReadOnlyList<SearchResult> hits = await writer.SearchAsync(Query, 20, new() { Mode = mode }, CancellationToken.None);
                // Query and documents use the same model, except for a document that changed at that moment.
                Assert.Contains(
                    (string[])[NamedModels.First, NamedModels.Second, NamedModels.Short],
                    model => hits.Count(hit => MathF.Abs(hit.Score - Cosine(model, hit.Text)) < 1e-3f) >= hits.Count - 4
                );
            }
        }
    }
}
