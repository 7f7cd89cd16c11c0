using Sextant.Search;

namespace Sextant.Tests.Shared.Stores;

/// <summary>What moving a collection to another model promises, wherever the collection lives.</summary>
public abstract class ReembedContract
{
    private const int Documents = 700;

    private readonly string _name = $"test_{Guid.NewGuid():N}";

    /// <summary>Opens the collection of this name with <paramref name="options"/>; the same name is the same collection.</summary>
    protected abstract Task<SemanticSearchEngine> OpenAsync(string name, SemanticSearchEngineOptions options);

    [Theory]
    [InlineData(NamedModels.Second)]
    [InlineData(NamedModels.Short)]
    public async Task Reembedding_replaces_all_vectors_and_nothing_else(string model)
    {
        NamedModels models = new();
        await using SemanticSearchEngine engine = await FilledAsync(models);
        List<Document> before = await AllAsync(engine);

        ReembeddingResult result = await engine.Maintenance.ReembedAsync(models.Options(model));

        Assert.Equal(
            (NamedModels.First, model, Documents, Documents, 0L),
            (result.From.Name, result.To.Name, result.Documents, result.Embedded, result.Kept)
        );
        await CheckAsync(engine, model, before);
        await using SemanticSearchEngine again = await OpenAsync(_name, models.Options());
        await CheckAsync(again, model, before);
        CollectionInfo info = await again.GetInfoAsync();
        Assert.Equal((model, NamedModels.First, null), (info.Model.Name, info.PreviousModel, info.NextModel));
        Assert.Contains(
            NamedModels.First,
            (await Assert.ThrowsAsync<InputException>(() => OpenAsync(_name, models.Options(NamedModels.First)))).Message
        );
    }

    [Fact]
    public async Task Old_vectors_serve_until_reembedding_completes_and_open_engines_switch_immediately()
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
        await using SemanticSearchEngine engine = await FilledAsync(models);
        await using (reader = await OpenAsync(_name, models.Options()))
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
    public async Task Documents_written_during_reembedding_are_reembedded()
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
        await using SemanticSearchEngine engine = await FilledAsync(models);
        await engine.DisposeAsync();
        await using (writer = await OpenAsync(_name, models.Options()))
        await using (SemanticSearchEngine mover = await OpenAsync(_name, models.Options()))
        {
            await writer.AddDocumentsAsync([new Document("the writer holds the collection") { Id = "writer" }]);

            await mover.Maintenance.ReembedAsync(models.Options(NamedModels.Second));

            Assert.InRange(asked, 3, int.MaxValue);
            List<Document> there = await AllAsync(mover);
            await CheckAsync(mover, NamedModels.Second, there);
            Assert.Contains(there, d => d.Text.StartsWith("changed", StringComparison.Ordinal));
            Assert.DoesNotContain(there, d => d.Id == "101");

            // The writer embeds with the new model from now on.
            await writer.AddDocumentsAsync([new Document("word3 afterwards") { Id = "after" }]);
            Assert.True(await writer.DeleteAsync("5"));
            await CheckAsync(writer, NamedModels.Second, await AllAsync(writer));
            Assert.Equal("after", (await mover.SearchAsync("word3 afterwards", 1))[0].Id);
        }

        await using SemanticSearchEngine again = await OpenAsync(_name, models.Options());
        await CheckAsync(again, NamedModels.Second, await AllAsync(again));
    }

    [Fact]
    public async Task Failed_reembedding_resumes_and_changes_nothing_until_it_completes()
    {
        bool fails = true;
        int asked = 0;
        NamedModels models = new(name =>
            name == NamedModels.Second && Interlocked.Increment(ref asked) == 3 && fails
                ? throw new SextantException("the model is out of order")
                : Task.CompletedTask
        );
        await using SemanticSearchEngine engine = await FilledAsync(models);
        List<Document> before = await AllAsync(engine);

        await Assert.ThrowsAsync<SextantException>(() => engine.Maintenance.ReembedAsync(models.Options(NamedModels.Second)));

        await CheckAsync(engine, NamedModels.First, before);
        Assert.Equal(NamedModels.Second, (await engine.GetInfoAsync()).NextModel);
        Assert.Equal([RemedyAction.AbandonReembedding], await RefusedAsync(engine, models, NamedModels.Short));
        int pending = 0;
        await foreach (string _ in engine.Maintenance.ListTextsToReembedAsync())
            pending++;
        Assert.InRange(pending, 1, Documents - 1);
        fails = false;
        ReembeddingResult rest = await engine.Maintenance.ReembedAsync(models.Options(NamedModels.Second));
        Assert.Equal((pending, Documents - pending), (rest.Embedded, rest.Kept));
        await CheckAsync(engine, NamedModels.Second, before);
    }

    private static async Task<IEnumerable<RemedyAction>> RefusedAsync(SemanticSearchEngine engine, NamedModels models, string model) =>
        (await Assert.ThrowsAsync<InputException>(() => engine.Maintenance.ReembedAsync(models.Options(model)))).Remedies.Select(remedy =>
            remedy.Action
        );

    [Fact]
    public async Task Reverting_embeds_only_later_documents_and_restores_the_old_vectors()
    {
        NamedModels models = new();
        await using SemanticSearchEngine engine = await FilledAsync(models);
        Dictionary<string, float[]> before = (await AllAsync(engine)).ToDictionary(d => d.Id!, d => d.Vector!.Value.ToArray());
        await engine.Maintenance.ReembedAsync(models.Options(NamedModels.Short));
        await engine.AddDocumentsAsync([new Document("added since") { Id = "added" }, new Document("changed since") { Id = "8" }]);
        await engine.DeleteAsync(["11", "12"]);
        List<Document> now = await AllAsync(engine);
        Assert.DoesNotContain(now, d => d.Id == "11");
        int asked = models[NamedModels.First].Asked.Count();
        Assert.Equal([RemedyAction.RollBackModel], await RefusedAsync(engine, models, NamedModels.First));
        Assert.Equal([RemedyAction.DropPreviousModel, RemedyAction.RollBackModel], await RefusedAsync(engine, models, NamedModels.Second));

        ReembeddingResult back = await engine.Maintenance.RestorePreviousModelAsync();

        Assert.Equal((NamedModels.Short, NamedModels.First, 2L, now.Count - 2L), (back.From.Name, back.To.Name, back.Embedded, back.Kept));
        Assert.Equal(["added since", "changed since"], models[NamedModels.First].Asked.Skip(asked).Order(StringComparer.Ordinal));
        await CheckAsync(engine, NamedModels.First, now);
        Assert.All(await AllAsync(engine), d => Assert.True(d.Id is "8" or "added" || d.Vector!.Value.Span.SequenceEqual(before[d.Id!])));
        Assert.Equal(NamedModels.Short, (await engine.GetInfoAsync()).PreviousModel);
        await engine.Maintenance.RestorePreviousModelAsync();
        await CheckAsync(engine, NamedModels.Short, now);
    }

    [Fact]
    public async Task Old_and_unfinished_new_vectors_are_kept_until_dropped()
    {
        bool fails = true;
        NamedModels models = new(name =>
            name == NamedModels.Second && fails ? throw new SextantException("out of order") : Task.CompletedTask
        );
        await using SemanticSearchEngine engine = await FilledAsync(models);
        List<Document> before = await AllAsync(engine);
        await Assert.ThrowsAsync<InputException>(() => engine.Maintenance.DropPreviousModelAsync());
        await Assert.ThrowsAsync<InputException>(() => engine.Maintenance.AbandonReembeddingAsync());
        await Assert.ThrowsAsync<InputException>(() => engine.Maintenance.RestorePreviousModelAsync());
        Assert.Contains(
            "already",
            (await Assert.ThrowsAsync<InputException>(() => engine.Maintenance.ReembedAsync(models.Options(NamedModels.First)))).Message
        );
        await Assert.ThrowsAsync<SextantException>(() => engine.Maintenance.ReembedAsync(models.Options(NamedModels.Second)));

        await engine.Maintenance.AbandonReembeddingAsync();
        await engine.Maintenance.ReembedAsync(models.Options(NamedModels.Short));
        await engine.Maintenance.DropPreviousModelAsync();
        await engine.Maintenance.CompactAsync();
        fails = false;
        await engine.Maintenance.ReembedAsync(models.Options(NamedModels.Second));

        await CheckAsync(engine, NamedModels.Second, before);
        Assert.Equal((NamedModels.Short, null), ((await engine.GetInfoAsync()).PreviousModel, (await engine.GetInfoAsync()).NextModel));
    }

    [Fact]
    public async Task Concurrent_reembedding_is_rejected()
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
        await using SemanticSearchEngine engine = await FilledAsync(models);
        await using (other = await OpenAsync(_name, models.Options()))
            await engine.Maintenance.ReembedAsync(models.Options(NamedModels.Second));

        Assert.True(refused);
    }

    [Fact]
    public async Task Searches_and_writes_during_reembedding_never_mix_vectors()
    {
        const string Query = "word7 number7";
        NamedModels models = new();
        await using SemanticSearchEngine engine = await FilledAsync(models);
        await engine.DisposeAsync();
        await using SemanticSearchEngine mover = await OpenAsync(_name, models.Options()),
            writer = await OpenAsync(_name, models.Options());
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
        await CheckAsync(writer, NamedModels.First, await AllAsync(mover));
        await CheckAsync(mover, NamedModels.First, await AllAsync(mover));

        async Task WriteAsync(int seed)
        {
            Random random = new(seed);
            while (!over.IsCancellationRequested)
            {
                int n = random.Next(Documents);
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

        static float Cosine(string model, string text) =>
            Sextant.Numerics.VectorMath.Dot(NamedModels.Unit(model, Query), NamedModels.Unit(model, text));

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

    private async Task<SemanticSearchEngine> FilledAsync(NamedModels models)
    {
        SemanticSearchEngine engine = await OpenAsync(_name, models.Options(NamedModels.First));
        await engine.AddDocumentsAsync(
            Enumerable
                .Range(0, Documents)
                .Select(i => new Document($"word{i % 40} number{i}")
                {
                    Id = $"{i}",
                    Metadata = new() { ["n"] = i },
                })
        );
        // As the command does: without naming the model that is to be left.
        await engine.DisposeAsync();
        return await OpenAsync(_name, models.Options());
    }

    private static async Task CheckAsync(SemanticSearchEngine engine, string model, List<Document> expected)
    {
        List<Document> there = await AllAsync(engine);
        Assert.Equal(
            expected.Select(d => (d.Id, d.Text, d.Metadata!.ToJsonString())),
            there.Select(d => (d.Id, d.Text, d.Metadata!.ToJsonString()))
        );
        foreach (Document document in there)
        {
            float[] unit = NamedModels.Unit(model, document.Text);
            Assert.Equal(unit.Length, document.Vector!.Value.Length);
            Assert.Equal(1, Sextant.Numerics.VectorMath.Dot(unit, document.Vector.Value.Span), 1e-4f);
        }

        Assert.Empty((await engine.Maintenance.VerifyAsync()).Problems);
        Document last = there[^1];
        Assert.Equal(last.Id, (await engine.SearchAsync(last.Text, 1))[0].Id);
        Assert.Equal(model, engine.Model.Name);
    }

    private static async Task<List<Document>> AllAsync(SemanticSearchEngine engine)
    {
        List<Document> all = [];
        await foreach (Document document in engine.ListAsync())
            all.Add(document);
        return all;
    }
}
