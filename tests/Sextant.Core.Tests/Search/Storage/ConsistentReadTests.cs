using System.Globalization;
using Sextant.Embedding;
using Sextant.Numerics;
using Sextant.Tests.Shared;
using Sextant.Tests.Shared.Search;

namespace Sextant.Core.Tests.Search.Storage;

/// <summary>Under concurrent writes, a document comes with its own vector, and a score belongs to the returned text.</summary>
public sealed class ConsistentReadTests : IDisposable
{
    private const int Ids = 40;
    private const int Rounds = 80;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Concurrent_readers_always_see_a_documents_own_vector_and_score()
    {
        string path = _folder.File("c");
        await using SemanticSearchEngine writer = await SemanticSearchEngine.OpenAsync(path, WordModel.Options());
        await writer.AddDocumentsAsync(Enumerable.Range(0, Ids).Select(id => Version(id, 0)));
        await using SemanticSearchEngine other = await SemanticSearchEngine.OpenAsync(path, WordModel.Options());
        using CancellationTokenSource over = new();
        Task[] readers =
        [
            .. new[] { writer, other }.Select(engine =>
                LoopAsync(async () =>
                {
                    await ListAsync(engine);
                    await GetAsync(engine);
                    foreach (SearchMode mode in Enum.GetValues<SearchMode>())
                        await SearchAsync(engine, mode);
                })
            ),
        ];

        for (int round = 1; round <= Rounds && !readers.Any(reader => reader.IsFaulted); round++)
        {
            int first = round % Ids;
            if (round % 5 == 0)
                await writer.DeleteAsync([Name(first), Name((first + 7) % Ids)]);
            await writer.AddDocumentsAsync(Enumerable.Range(first, 6).Select(id => Version(id % Ids, round)));
        }

        await over.CancelAsync();
        await Task.WhenAll(readers);

        Task LoopAsync(Func<Task> read) =>
            Task.Run(async () =>
            {
                while (!over.IsCancellationRequested)
                    await read();
            });
    }

    [Fact]
    public async Task Score_uses_the_stored_vector_even_if_the_graph_has_another()
    {
        await using SemanticSearchEngine engine = await SemanticSearchEngine.OpenAsync(_folder.File("c"), WordModel.Options());
        await engine.AddDocumentsAsync([new Document("red apple") { Id = "a" }, new Document("blue whale") { Id = "w" }]);
        // As a write of another process leaves it between its commit and the moment when this graph follows.
        engine.Collection.Graph.Apply(
            engine.Collection.Graph.Change,
            new Dictionary<long, float[]> { [1] = Unit("blue whale"), [2] = Unit("red apple") }
        );

        IReadOnlyList<SearchResult> hits = await engine.SearchAsync("red apple", 2);

        Assert.Equal(["a", "w"], hits.Select(hit => hit.Id));
        Assert.All(hits, hit => Assert.Equal(Cosine("red apple", hit.Text), hit.Score, 5));
    }

    [Fact]
    public async Task Document_in_the_graph_but_missing_from_the_database_is_damage()
    {
        await using SemanticSearchEngine engine = await SemanticSearchEngine.OpenAsync(_folder.File("c"), WordModel.Options());
        await engine.AddDocumentsAsync([new Document("red apple") { Id = "a" }, new Document("blue whale") { Id = "w" }]);
        await engine.Collection.WriteAsync(
            writer =>
            {
                SqliteFile.Execute(writer.Connection, "delete from documents where id = 'a'");
                return true;
            },
            CancellationToken.None
        );

        Assert.Contains(
            "is missing",
            (await Assert.ThrowsAsync<CollectionDamagedException>(() => engine.SearchAsync("red apple", 2))).Message,
            StringComparison.Ordinal
        );
    }

    private static async Task ListAsync(SemanticSearchEngine engine)
    {
        await foreach (Document document in engine.ListAsync())
            Check(document);
    }

    private static async Task GetAsync(SemanticSearchEngine engine)
    {
        for (int id = 0; id < Ids; id++)
        {
            if (await engine.GetAsync(Name(id)) is { } document)
                Check(document);
        }
    }

    private static async Task SearchAsync(SemanticSearchEngine engine, SearchMode mode)
    {
        foreach (SearchResult hit in await engine.SearchAsync("text 3 version 7", 20, new() { Mode = mode, Explain = true }))
            Assert.Equal(Cosine("text 3 version 7", hit.Text), hit.Stages!.Semantic!.Score, 4);
    }

    private static void Check(Document document)
    {
        Assert.Equal(WordModel.Dimensions, document.Vector!.Value.Length);
        Assert.Equal(1, VectorMath.Dot(document.Vector.Value.Span, Unit(document.Text)), 4);
    }

    private static Document Version(int id, int version) =>
        new(string.Create(CultureInfo.InvariantCulture, $"text {id} version {version}")) { Id = Name(id) };

    private static string Name(int id) => id.ToString(CultureInfo.InvariantCulture);

    private static float Cosine(string a, string b) => VectorMath.Dot(Unit(a), Unit(b));

    private static float[] Unit(string text)
    {
        float[] vector = WordModel.Embed(text);
        VectorMath.Normalize(vector);
        return vector;
    }
}
