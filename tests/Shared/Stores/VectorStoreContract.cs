using Microsoft.Extensions.AI;
using Microsoft.Extensions.VectorData;
using Sextant.Tests.Shared.Search;

namespace Sextant.Tests.Shared.Stores;

/// <summary>
/// What our collections promise to those who use them through <c>Microsoft.Extensions.VectorData</c>, wherever they live.
/// </summary>
public abstract partial class VectorStoreContract
{
    private const int Dimensions = 3;

    private readonly string _name = $"test_{Guid.NewGuid():N}";

    /// <summary>The store; the same one each time.</summary>
    protected abstract VectorStore Store(SemanticSearchEngineOptions? options = null, IEmbeddingGenerator? generator = null);

    [Fact]
    public async Task Collection_exists_from_creation_to_deletion()
    {
        using VectorStore store = Store();
        using VectorStoreCollection<string, Hotel> hotels = store.GetCollection<string, Hotel>(_name);
        Assert.False(await hotels.CollectionExistsAsync());
        await Assert.ThrowsAsync<VectorStoreException>(() => hotels.GetAsync("1"));

        await hotels.EnsureCollectionExistsAsync();
        await hotels.EnsureCollectionExistsAsync();
        Assert.True(await store.CollectionExistsAsync(_name));
        Assert.Contains(_name, await ListAsync(store.ListCollectionNamesAsync()));

        await hotels.EnsureCollectionDeletedAsync();
        await store.EnsureCollectionDeletedAsync(_name);
        Assert.False(await hotels.CollectionExistsAsync());
        Assert.DoesNotContain(_name, await ListAsync(store.ListCollectionNamesAsync()));
    }

    [Fact]
    public async Task Records_are_read_replaced_and_deleted()
    {
        using VectorStore store = Store();
        using VectorStoreCollection<string, Hotel> hotels = await OpenAsync(store);

        Hotel one = (await hotels.GetAsync("1", new() { IncludeVectors = true }))!;
        Assert.Equal(("1", "Sea view", 4.5, true), (one.Id, one.Description, one.Rating, one.Parking));
        Assert.Equal(["sea", "quiet"], one.Tags!);
        Assert.Equal([1f, 0f, 0f], one.Vector.ToArray());
        Assert.True((await hotels.GetAsync("1"))!.Vector.IsEmpty);
        Assert.Null((await hotels.GetAsync("3"))!.Tags);

        await hotels.UpsertAsync(
            new Hotel
            {
                Id = "1",
                Description = "Sea view",
                Rating = 3,
                Parking = true,
                Tags = ["sea"],
                Vector = new float[] { 0, 1, 0 },
            }
        );
        Hotel changed = (await hotels.GetAsync("1", new() { IncludeVectors = true }))!;
        Assert.Equal(3, changed.Rating);
        Assert.Equal([0f, 1f, 0f], changed.Vector.ToArray());

        await hotels.DeleteAsync("1");
        await hotels.DeleteAsync(["2", "nobody"]);
        Assert.Null(await hotels.GetAsync("1"));
        Assert.Equal(["3"], (await ListAsync(hotels.GetAsync(["1", "2", "3"]))).Select(hotel => hotel.Id));
    }

    [Fact]
    public async Task Search_returns_the_nearest_records_with_their_similarity()
    {
        using VectorStore store = Store();
        using VectorStoreCollection<string, Hotel> hotels = await OpenAsync(store);
        ReadOnlyMemory<float> query = new float[] { 1, 0.1f, 0 };

        List<VectorSearchResult<Hotel>> hits = await ListAsync(hotels.SearchAsync(query, 2));

        Assert.Equal(["1", "2"], hits.Select(hit => hit.Record.Id));
        Assert.Equal(1 / Math.Sqrt(1.01), hits[0].Score!.Value, 5);
        Assert.True(hits[0].Record.Vector.IsEmpty);
        Assert.Equal(["2", "3"], (await ListAsync(hotels.SearchAsync(query, 2, new() { Skip = 1 }))).Select(hit => hit.Record.Id));
        Assert.Equal(3, (await ListAsync(hotels.SearchAsync(query, 1, new() { IncludeVectors = true })))[0].Record.Vector.Length);
        Assert.Single(await ListAsync(hotels.SearchAsync(query, 5, new() { ScoreThreshold = 0.9 })));
    }

    [Fact]
    public async Task Searches_are_filtered_by_lambda_expressions()
    {
        using VectorStore store = Store();
        using VectorStoreCollection<string, Hotel> hotels = await OpenAsync(store);
        string[] wanted = ["Sea", "none"];
        double least = 4;

        await FindsAsync(["1"], hotel => hotel.Rating > least && hotel.Parking);
        await FindsAsync(["2", "3"], hotel => !hotel.Parking);
        await FindsAsync(["1", "2"], hotel => hotel.Tags != null && hotel.Tags.Contains("sea"));
        await FindsAsync(["1", "3"], hotel => wanted.Contains(hotel.Kind) || hotel.Kind == null);
        await FindsAsync(["2", "3"], hotel => hotel.Kind != "Sea");
        await FindsAsync(["3"], hotel => 3.5 >= hotel.Rating);
        await Assert.ThrowsAsync<NotSupportedException>(() => FindsAsync([], hotel => hotel.Kind!.Length == 3));

        async Task FindsAsync(string[] expected, System.Linq.Expressions.Expression<Func<Hotel, bool>> filter)
        {
            List<VectorSearchResult<Hotel>> hits = await ListAsync(
                hotels.SearchAsync(new float[] { 1, 1, 1 }, 5, new() { Filter = filter })
            );
            Assert.Equal(expected, hits.Select(hit => hit.Record.Id).Order(StringComparer.Ordinal));
            Assert.Equal(
                expected,
                (await ListAsync(hotels.GetAsync(filter, 5, new() { OrderBy = by => by.Ascending(hotel => hotel.Id) }))).Select(hotel =>
                    hotel.Id
                )
            );
        }
    }

    [Fact]
    public async Task Words_and_vectors_are_searched_together()
    {
        using VectorStore store = Store();
        using VectorStoreCollection<string, Hotel> hotels = await OpenAsync(store);
        IKeywordHybridSearchable<Hotel> hybrid =
            (IKeywordHybridSearchable<Hotel>)hotels.GetService(typeof(IKeywordHybridSearchable<Hotel>))!;

        List<VectorSearchResult<Hotel>> hits = await ListAsync(hybrid.HybridSearchAsync(new float[] { 0, 0.1f, 1 }, ["city"], 3));

        Assert.Equal("3", hits[0].Record.Id);
        Assert.Equal("2", (await ListAsync(hybrid.HybridSearchAsync(new float[] { 1, 1, 1 }, ["mountain"], 1)))[0].Record.Id);
    }

    [Fact]
    public async Task Text_vector_properties_are_embedded()
    {
        using VectorStore store = Store(WordModel.Options());
        using VectorStoreCollection<object, Dictionary<string, object?>> notes = store.GetDynamicCollection(
            _name,
            new()
            {
                Properties =
                [
                    new VectorStoreKeyProperty("no", typeof(int)),
                    new VectorStoreDataProperty("year", typeof(int)) { StorageName = "y" },
                    new VectorStoreVectorProperty("text", typeof(string), WordModel.Dimensions),
                ],
            }
        );
        await notes.EnsureCollectionExistsAsync();
        await notes.UpsertAsync([
            new()
            {
                ["no"] = 1,
                ["year"] = 1999,
                ["text"] = "red apple",
            },
            new()
            {
                ["no"] = 2,
                ["year"] = 2001,
                ["text"] = "blue whale",
            },
        ]);

        VectorSearchResult<Dictionary<string, object?>> hit = Assert.Single(await ListAsync(notes.SearchAsync("a blue animal", 1)));
        Assert.Equal(2, hit.Record["no"]);
        Assert.Equal(2001, hit.Record["year"]);
        Assert.Equal(
            1,
            Assert.Single(await ListAsync(notes.SearchAsync("blue", 2, new() { Filter = note => (int)note["year"]! < 2000 }))).Record["no"]
        );
    }

    [Fact]
    public async Task Unsupported_record_types_are_rejected_immediately()
    {
        using VectorStore store = Store();

        Assert.Throws<NotSupportedException>(() => store.GetCollection<string, string>(_name));
        Assert.Throws<NotSupportedException>(() =>
            store.GetDynamicCollection(
                _name,
                new()
                {
                    Properties =
                    [
                        new VectorStoreKeyProperty("key", typeof(string)),
                        new VectorStoreVectorProperty("vector", typeof(float[]), Dimensions) { DistanceFunction = "nearest by car" },
                    ],
                }
            )
        );
        using VectorStoreCollection<string, Hotel> hotels = await OpenAsync(store);
        await Assert.ThrowsAsync<InputException>(() => hotels.UpsertAsync(new Hotel { Id = "9", Vector = new float[5] }));
        await Assert.ThrowsAsync<NotSupportedException>(() => ListAsync(hotels.SearchAsync("a text", 1)));
    }

    private async Task<VectorStoreCollection<string, Hotel>> OpenAsync(VectorStore store)
    {
        VectorStoreCollection<string, Hotel> hotels = store.GetCollection<string, Hotel>(_name);
        await hotels.EnsureCollectionExistsAsync();
        await hotels.UpsertAsync([
            new Hotel
            {
                Id = "1",
                Description = "Sea view",
                Kind = "Sea",
                Rating = 4.5,
                Parking = true,
                Tags = ["sea", "quiet"],
                Vector = new float[] { 1, 0, 0 },
            },
            new Hotel
            {
                Id = "2",
                Description = "Mountain lodge",
                Kind = "Hut",
                Rating = 4.5,
                Tags = ["sea"],
                Vector = new float[] { 0, 1, 0 },
            },
            new Hotel
            {
                Id = "3",
                Description = "City centre",
                Rating = 3.5,
                Vector = new float[] { 0, 0, 1 },
            },
        ]);
        return hotels;
    }

    private static async Task<List<T>> ListAsync<T>(IAsyncEnumerable<T> items)
    {
        List<T> all = [];
        await foreach (T item in items)
            all.Add(item);
        return all;
    }

    /// <summary>A record as a user writes one.</summary>
    private sealed class Hotel
    {
        [VectorStoreKey]
        public string Id { get; set; } = "";

        [VectorStoreData(IsFullTextIndexed = true)]
        public string? Description { get; set; }

        [VectorStoreData(StorageName = "kind_of")]
        public string? Kind { get; set; }

        [VectorStoreData(IsIndexed = true)]
        public double Rating { get; set; }

        [VectorStoreData]
        public bool Parking { get; set; }

        [VectorStoreData]
        public List<string>? Tags { get; set; }

        [VectorStoreVector(Dimensions)]
        public ReadOnlyMemory<float> Vector { get; set; }
    }
}
