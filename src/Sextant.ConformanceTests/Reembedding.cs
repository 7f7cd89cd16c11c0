using Sextant.Numerics;
using Sextant.Tests.Shared.Stores;

namespace Sextant.ConformanceTests;

/// <summary>The collection that is moved to another model, and the check of all that it contains.</summary>
internal static class Reembedding
{
    public const int Documents = 700;

    /// <summary>Opens a collection with <see cref="Documents"/> documents of the first model.</summary>
    public static async Task<SemanticSearchEngine> FillAsync(
        Func<SemanticSearchEngineOptions, Task<SemanticSearchEngine>> open,
        NamedModels models
    )
    {
        SemanticSearchEngine engine = await open(models.Options(NamedModels.First));
        await engine.AddDocumentsAsync(
            Enumerable
                .Range(0, Documents)
                .Select(i => new Document($"word{i % 40} number{i}")
                {
                    Id = $"{i}",
                    Metadata = new() { ["n"] = i },
                })
        );
        // As the command does: without naming the model that the collection leaves.
        await engine.DisposeAsync();
        return await open(models.Options());
    }

    /// <summary>Requires these documents with vectors of <paramref name="model"/>, and a sound collection.</summary>
    public static async Task CheckAsync(SemanticSearchEngine engine, string model, List<Document> expected)
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
            Assert.Equal(1, VectorMath.Dot(unit, document.Vector.Value.Span), 1e-4f);
        }

        Assert.Empty((await engine.Maintenance.VerifyAsync()).Problems);
        Document last = there[^1];
        Assert.Equal(last.Id, (await engine.SearchAsync(last.Text, 1))[0].Id);
        Assert.Equal(model, engine.Model.Name);
    }

    public static async Task<List<Document>> AllAsync(SemanticSearchEngine engine)
    {
        List<Document> all = [];
        await foreach (Document document in engine.ListAsync())
            all.Add(document);
        return all;
    }
}
