using Sextant.Numerics;
using Sextant.Tests.Shared.Search;

namespace Sextant.ConformanceTests;

/// <summary>
/// The base of all tests: a collection of a name that no other test uses. Its texts are embedded by <see cref="WordModel"/>.
/// </summary>
/// <param name="store">The store under test; disposed after the test.</param>
public abstract class StoreTests(TestedStore store) : IAsyncDisposable
{
    private readonly string _name = $"test_{Guid.NewGuid():N}";

    private protected TestedStore Store => store;

    /// <summary>Disposes the store under test.</summary>
    public async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Opens the test's own collection.</summary>
    private protected Task<SemanticSearchEngine> OpenAsync() => OpenAsync(WordModel.Options());

    private protected Task<SemanticSearchEngine> OpenAsync(SemanticSearchEngineOptions options) => store.OpenAsync(_name, options);

    private protected static async Task<List<T>> ListAsync<T>(SemanticSearchEngine engine, Func<Document, T> select)
    {
        List<T> all = [];
        await foreach (Document document in engine.ListAsync())
            all.Add(select(document));
        return all;
    }

    private protected static Task<List<string>> ListIdsAsync(SemanticSearchEngine engine) => ListAsync(engine, document => document.Id!);

    private protected static float Cosine(string a, string b) => VectorMath.Dot(Unit(a), Unit(b));

    private protected static float[] Unit(string text)
    {
        float[] vector = WordModel.Embed(text);
        VectorMath.Normalize(vector);
        return vector;
    }
}
