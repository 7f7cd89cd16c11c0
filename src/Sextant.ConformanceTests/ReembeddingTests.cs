using Sextant.Search;
using Sextant.Tests.Shared.Stores;

namespace Sextant.ConformanceTests;

/// <summary>Moving a collection to another model and back.</summary>
/// <param name="store">The store under test; disposed after the test.</param>
public abstract class ReembeddingTests(TestedStore store) : StoreTests(store)
{
    [Theory]
    [InlineData(NamedModels.Second)]
    [InlineData(NamedModels.Short)]
    public async Task Reembedding_replaces_all_vectors_and_nothing_else(string model)
    {
        NamedModels models = new();
        await using SemanticSearchEngine engine = await Reembedding.FillAsync(OpenAsync, models);
        List<Document> before = await Reembedding.AllAsync(engine);

        ReembeddingResult result = await engine.Maintenance.ReembedAsync(models.Options(model));

        Assert.Equal(
            (NamedModels.First, model, Reembedding.Documents, Reembedding.Documents, 0L),
            (result.From.Name, result.To.Name, result.Documents, result.Embedded, result.Kept)
        );
        await Reembedding.CheckAsync(engine, model, before);
        await using SemanticSearchEngine again = await OpenAsync(models.Options());
        await Reembedding.CheckAsync(again, model, before);
        CollectionInfo info = await again.GetInfoAsync();
        Assert.Equal((model, NamedModels.First, null), (info.Model.Name, info.PreviousModel, info.NextModel));
        Assert.Contains(
            NamedModels.First,
            (await Assert.ThrowsAsync<InputException>(() => OpenAsync(models.Options(NamedModels.First)))).Message
        );
    }

    [Fact]
    public async Task Failed_reembedding_resumes_and_changes_nothing_before()
    {
        bool fails = true;
        int asked = 0;
        NamedModels models = new(name =>
            name == NamedModels.Second && Interlocked.Increment(ref asked) == 3 && fails
                ? throw new SextantException("the model is out of order")
                : Task.CompletedTask
        );
        await using SemanticSearchEngine engine = await Reembedding.FillAsync(OpenAsync, models);
        List<Document> before = await Reembedding.AllAsync(engine);

        await Assert.ThrowsAsync<SextantException>(() => engine.Maintenance.ReembedAsync(models.Options(NamedModels.Second)));

        await Reembedding.CheckAsync(engine, NamedModels.First, before);
        Assert.Equal(NamedModels.Second, (await engine.GetInfoAsync()).NextModel);
        Assert.Equal([RemedyAction.AbandonReembedding], await RefusedAsync(engine, models, NamedModels.Short));
        int pending = 0;
        await foreach (string _ in engine.Maintenance.ListTextsToReembedAsync())
            pending++;
        Assert.InRange(pending, 1, Reembedding.Documents - 1);
        fails = false;
        ReembeddingResult rest = await engine.Maintenance.ReembedAsync(models.Options(NamedModels.Second));
        Assert.Equal((pending, Reembedding.Documents - pending), (rest.Embedded, rest.Kept));
        await Reembedding.CheckAsync(engine, NamedModels.Second, before);
    }

    [Fact]
    public async Task Rolling_back_embeds_only_what_was_written_since()
    {
        NamedModels models = new();
        await using SemanticSearchEngine engine = await Reembedding.FillAsync(OpenAsync, models);
        Dictionary<string, float[]> before = (await Reembedding.AllAsync(engine)).ToDictionary(d => d.Id!, d => d.Vector!.Value.ToArray());
        await engine.Maintenance.ReembedAsync(models.Options(NamedModels.Short));
        await engine.AddDocumentsAsync([new Document("added since") { Id = "added" }, new Document("changed since") { Id = "8" }]);
        await engine.DeleteAsync(["11", "12"]);
        List<Document> now = await Reembedding.AllAsync(engine);
        Assert.DoesNotContain(now, d => d.Id == "11");
        int asked = models[NamedModels.First].Asked.Count();
        Assert.Equal([RemedyAction.RollBackModel], await RefusedAsync(engine, models, NamedModels.First));
        Assert.Equal([RemedyAction.DropPreviousModel, RemedyAction.RollBackModel], await RefusedAsync(engine, models, NamedModels.Second));

        ReembeddingResult back = await engine.Maintenance.RestorePreviousModelAsync();

        Assert.Equal((NamedModels.Short, NamedModels.First, 2L, now.Count - 2L), (back.From.Name, back.To.Name, back.Embedded, back.Kept));
        Assert.Equal(["added since", "changed since"], models[NamedModels.First].Asked.Skip(asked).Order(StringComparer.Ordinal));
        await Reembedding.CheckAsync(engine, NamedModels.First, now);
        Assert.All(
            await Reembedding.AllAsync(engine),
            d => Assert.True(d.Id is "8" or "added" || d.Vector!.Value.Span.SequenceEqual(before[d.Id!]))
        );
        Assert.Equal(NamedModels.Short, (await engine.GetInfoAsync()).PreviousModel);
        await engine.Maintenance.RestorePreviousModelAsync();
        await Reembedding.CheckAsync(engine, NamedModels.Short, now);
    }

    [Fact]
    public async Task Previous_and_unfinished_vectors_are_kept_until_dropped()
    {
        bool fails = true;
        NamedModels models = new(name =>
            name == NamedModels.Second && fails ? throw new SextantException("out of order") : Task.CompletedTask
        );
        await using SemanticSearchEngine engine = await Reembedding.FillAsync(OpenAsync, models);
        List<Document> before = await Reembedding.AllAsync(engine);
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

        await Reembedding.CheckAsync(engine, NamedModels.Second, before);
        Assert.Equal((NamedModels.Short, null), ((await engine.GetInfoAsync()).PreviousModel, (await engine.GetInfoAsync()).NextModel));
    }

    private static async Task<IEnumerable<RemedyAction>> RefusedAsync(SemanticSearchEngine engine, NamedModels models, string model) =>
        (await Assert.ThrowsAsync<InputException>(() => engine.Maintenance.ReembedAsync(models.Options(model)))).Remedies.Select(remedy =>
            remedy.Action
        );
}
