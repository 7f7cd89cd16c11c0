using System.Linq.Expressions;
using Microsoft.Extensions.VectorData;

namespace Sextant.Tests.Shared.Stores;

public abstract partial class VectorStoreContract
{
    [Theory]
    [InlineData(DistanceFunction.CosineSimilarity, new[] { "same", "longer", "far", "opposite" }, new[] { 1, 0.8, 0, -1 })]
    [InlineData(DistanceFunction.CosineDistance, new[] { "same", "longer", "far", "opposite" }, new[] { 0, 0.2, 1, 2 })]
    [InlineData(DistanceFunction.DotProductSimilarity, new[] { "longer", "same", "far", "opposite" }, new[] { 4.0, 1, 0, -1 })]
    [InlineData(DistanceFunction.NegativeDotProductSimilarity, new[] { "longer", "same", "far", "opposite" }, new[] { -4.0, -1, 0, 1 })]
    [InlineData(DistanceFunction.EuclideanDistance, new[] { "same", "opposite", "far", "longer" }, new[] { 0, 2, 2.236, 4.243 })]
    [InlineData(DistanceFunction.EuclideanSquaredDistance, new[] { "same", "opposite", "far", "longer" }, new[] { 0, 4.0, 5, 18 })]
    [InlineData(DistanceFunction.ManhattanDistance, new[] { "same", "opposite", "far", "longer" }, new[] { 0, 2.0, 3, 6 })]
    [InlineData(DistanceFunction.HammingDistance, new[] { "same", "opposite", "far", "longer" }, new[] { 0, 1.0, 2, 2 })]
    public async Task Distance_function_decides_order_score_and_threshold(string function, string[] order, double[] scores)
    {
        using VectorStore store = Store();
        using VectorStoreCollection<object, Dictionary<string, object?>> points = store.GetDynamicCollection(
            _name,
            new()
            {
                Properties =
                [
                    new VectorStoreKeyProperty("id", typeof(string)),
                    new VectorStoreVectorProperty("at", typeof(float[]), 3) { DistanceFunction = function },
                ],
            }
        );
        await points.EnsureCollectionExistsAsync();
        await points.UpsertAsync([Point("far", 0, 2, 0), Point("opposite", -1, 0, 0), Point("longer", 4, 3, 0), Point("same", 1, 0, 0)]);
        float[] query = [1, 0, 0];

        List<VectorSearchResult<Dictionary<string, object?>>> hits = await ListAsync(points.SearchAsync(query, 9));
        Assert.Equal(order, hits.Select(hit => hit.Record["id"]));
        Assert.Equal(scores, hits.Select(hit => Math.Round(hit.Score!.Value, 3)));

        double between = (scores[1] + scores[2]) / 2;
        int within = scores[1] == scores[2] ? 1 : 2;
        double threshold = scores[1] == scores[2] ? (scores[0] + scores[1]) / 2 : between;
        hits = await ListAsync(points.SearchAsync(query, 9, new() { ScoreThreshold = threshold }));
        Assert.Equal(order[..within], hits.Select(hit => hit.Record["id"]));

        static Dictionary<string, object?> Point(string id, params float[] at) => new() { ["id"] = id, ["at"] = at };
    }

    [Fact]
    public async Task Handle_with_another_metric_than_the_collection_is_rejected()
    {
        using VectorStore store = Store();
        using VectorStoreCollection<string, Hotel> hotels = await OpenAsync(store);
        using VectorStoreCollection<object, Dictionary<string, object?>> other = store.GetDynamicCollection(
            _name,
            new()
            {
                Properties =
                [
                    new VectorStoreKeyProperty("Id", typeof(string)),
                    new VectorStoreVectorProperty("Vector", typeof(float[]), Dimensions)
                    {
                        DistanceFunction = DistanceFunction.EuclideanDistance,
                    },
                ],
            }
        );

        VectorStoreException error = await Assert.ThrowsAsync<VectorStoreException>(() => other.GetAsync("1"));
        Assert.Contains("cosine", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_vectors_of_a_record_are_returned_and_searched_by_property()
    {
        using VectorStore store = Store();
        using VectorStoreCollection<string, Picture> pictures = store.GetCollection<string, Picture>(_name);
        await pictures.EnsureCollectionExistsAsync();
        await pictures.UpsertAsync([
            new()
            {
                Id = "1",
                Color = new float[] { 3, 0 },
                Shape = [0, 2, 0],
                Year = 2020,
            },
            new()
            {
                Id = "2",
                Color = new float[] { 0, 3 },
                Shape = [0, 0, 5],
                Year = 2021,
            },
            new()
            {
                Id = "3",
                Color = new float[] { 1, 1 },
                Shape = null,
                Year = 2021,
            },
        ]);

        Picture one = (await pictures.GetAsync("1", new() { IncludeVectors = true }))!;
        Assert.Equal([3f, 0f], one.Color.ToArray());
        Assert.Equal([0f, 2f, 0f], one.Shape!);
        Assert.Null((await pictures.GetAsync("3", new() { IncludeVectors = true }))!.Shape);
        Assert.Null((await pictures.GetAsync("1"))!.Shape);

        float[] shape = [0, 0, 1];
        Assert.Equal(["2", "1"], await FindAsync(new() { VectorProperty = picture => picture.Shape }));
        Assert.Equal(["2"], await FindAsync(new() { VectorProperty = picture => picture.Shape, Filter = picture => picture.Year > 2020 }));
        Assert.Equal(["1"], await FindAsync(new() { VectorProperty = picture => picture.Shape, Skip = 1 }));
        Assert.Equal("1", (await ListAsync(pictures.SearchAsync(new float[] { 1, 0 }, 1, ByColor)))[0].Record.Id);
        await Assert.ThrowsAsync<InvalidOperationException>(() => FindAsync(new()));

        async Task<IEnumerable<string>> FindAsync(VectorSearchOptions<Picture> options) =>
            (await ListAsync(pictures.SearchAsync(shape, 9, options))).Select(hit => hit.Record.Id);
    }

    [Fact]
    public async Task Records_without_vectors_are_stored_and_read()
    {
        using VectorStore store = Store();
        using VectorStoreCollection<int, Note> notes = store.GetCollection<int, Note>(_name);
        await notes.EnsureCollectionExistsAsync();
        await notes.UpsertAsync([new() { Number = 7, Text = "seven" }, new() { Number = 8 }]);

        Assert.Equal("seven", (await notes.GetAsync(7))!.Text);
        Assert.Null((await notes.GetAsync(8))!.Text);
        Assert.Equal([7], (await ListAsync(notes.GetAsync(note => note.Text == "seven", 9))).Select(note => note.Number));
        Assert.Throws<InvalidOperationException>(() => notes.SearchAsync(new float[] { 1 }, 1));
    }

    [Fact]
    public async Task Empty_Guid_keys_are_generated_and_written_to_the_records()
    {
        using VectorStore store = Store();
        using VectorStoreCollection<Guid, Ticket> tickets = store.GetCollection<Guid, Ticket>(_name);
        await tickets.EnsureCollectionExistsAsync();
        Ticket[] both = [new() { Vector = new float[] { 1, 0 } }, new() { Vector = new float[] { 0, 1 } }];
        Guid own = Guid.NewGuid();

        await tickets.UpsertAsync(both);
        await tickets.UpsertAsync(new Ticket { Id = own, Vector = new float[] { 1, 1 } });

        Assert.NotEqual(Guid.Empty, both[0].Id);
        Assert.NotEqual(both[0].Id, both[1].Id);
        Assert.Equal(3, (await ListAsync(tickets.GetAsync([both[0].Id, both[1].Id, own]))).Count);
        await tickets.UpsertAsync(both[0]);
        Assert.Equal(3, (await ListAsync(tickets.GetAsync(ticket => true, 9))).Count);
    }

    [Fact]
    public async Task Missing_keys_and_batches_are_reported_by_the_name_of_the_parameter()
    {
        using VectorStore store = Store();
        using VectorStoreCollection<string, Hotel> hotels = await OpenAsync(store);

        Assert.Equal("key", (await Assert.ThrowsAsync<ArgumentNullException>(() => hotels.GetAsync((string)null!))).ParamName);
        Assert.Equal("key", (await Assert.ThrowsAsync<ArgumentNullException>(() => hotels.DeleteAsync((string)null!))).ParamName);
        Assert.Equal("keys", (await Assert.ThrowsAsync<ArgumentNullException>(() => hotels.DeleteAsync(keys: null!))).ParamName);
        Assert.Equal("records", (await Assert.ThrowsAsync<ArgumentNullException>(() => hotels.UpsertAsync(records: null!))).ParamName);
        await Assert.ThrowsAsync<InvalidOperationException>(() => hotels.UpsertAsync(new Hotel { Id = null! }));
        Assert.Throws<InvalidOperationException>(() => store.GetCollection<Guid, Hotel>(_name));
        Assert.Throws<ArgumentException>(() => store.GetCollection<string, Dictionary<string, object?>>(_name));
        await hotels.UpsertAsync([]);
        await hotels.DeleteAsync(keys: []);
    }

    [Fact]
    public async Task Values_of_every_type_are_read_back_and_filtered()
    {
        using VectorStore store = Store();
        using VectorStoreCollection<long, Everything> all = store.GetCollection<long, Everything>(_name);
        await all.EnsureCollectionExistsAsync();
        Everything one = new()
        {
            Key = 1,
            Byte = 200,
            Short = -5,
            Long = 1L << 60,
            Float = 0.1f,
            Decimal = 12.25m,
            Id = Guid.NewGuid(),
            At = new(2024, 5, 31, 10, 30, 0),
            Offset = new(2024, 5, 31, 10, 30, 0, TimeSpan.FromHours(2)),
            Day = new(2024, 5, 31),
            Time = new(10, 30),
            Count = 3,
            Names = ["it's", "\"b\""],
            Vector = [1, 2],
        };
        await all.UpsertAsync([
            one,
            new()
            {
                Key = 2,
                Day = new(2025, 1, 1),
                At = new(2025, 1, 1),
                Vector = [2, 1],
            },
        ]);

        Everything read = (await all.GetAsync(1, new() { IncludeVectors = true }))!;
        Assert.Equivalent(one, read, strict: true);
        Everything empty = (await all.GetAsync(2))!;
        Assert.Null(empty.Count);
        Assert.Null(empty.Names);

        await FindsAsync(1, value => value.Byte == 200);
        await FindsAsync(1, value => value.Long > 1L << 59);
        await FindsAsync(1, value => value.Float == 0.1f);
        await FindsAsync(1, value => value.Decimal == 12.25m);
        await FindsAsync(1, value => value.Id == one.Id);
        await FindsAsync(1, value => value.At == new DateTime(2024, 5, 31, 10, 30, 0));
        await FindsAsync(2, value => value.At > new DateTime(2024, 12, 31));
        await FindsAsync(1, value => value.Offset == one.Offset);
        await FindsAsync(1, value => value.Day < new DateOnly(2024, 6, 1));
        await FindsAsync(1, value => value.Time == new TimeOnly(10, 30));
        await FindsAsync(1, value => value.Count == 3);
        await FindsAsync(2, value => value.Count == null);
        await FindsAsync(2, value => value.Names == null);
        await FindsAsync(1, value => value.Names == one.Names);
        await FindsAsync(1, value => value.Names!.Contains("it's"));
        string[] wanted = ["x", "\"b\""];
        await FindsAsync(1, value => value.Names!.Any(name => wanted.Contains(name)));
        await FindsAsync(2, value => !value.Names!.Any(name => wanted.Contains(name)));

        async Task FindsAsync(long expected, Expression<Func<Everything, bool>> filter) =>
            Assert.Equal(
                [expected],
                (await ListAsync(all.SearchAsync(new float[] { 1, 1 }, 9, new() { Filter = filter }))).Select(hit => hit.Record.Key)
            );
    }

    [Fact]
    public async Task Hybrid_search_looks_for_words_in_the_named_property()
    {
        using VectorStore store = Store();
        using VectorStoreCollection<string, Article> articles = store.GetCollection<string, Article>(_name);
        await articles.EnsureCollectionExistsAsync();
        await articles.UpsertAsync([
            new()
            {
                Id = "1",
                Title = "apples",
                Body = "oranges",
                Vector = new float[] { 1, 0 },
            },
            new()
            {
                Id = "2",
                Title = "oranges",
                Body = "apples",
                Vector = new float[] { 1, 0 },
            },
        ]);
        IKeywordHybridSearchable<Article> hybrid = (IKeywordHybridSearchable<Article>)articles;

        Assert.Equal(["1", "2"], await FindAsync("apples", article => article.Title));
        Assert.Equal(["2", "1"], await FindAsync("apples", article => article.Body));
        Assert.Equal(["1", "2"], await FindAsync("oranges", article => article.Body));
        Assert.Throws<InvalidOperationException>(() => hybrid.HybridSearchAsync(new float[] { 1, 0 }, ["apples"], 2));
        Assert.Equal("apples", (await articles.GetAsync("2"))!.Body);

        async Task<IEnumerable<string>> FindAsync(string word, Expression<Func<Article, object?>> property) =>
            (await ListAsync(hybrid.HybridSearchAsync(new float[] { 1, 0 }, [word], 2, new() { AdditionalProperty = property }))).Select(
                hit => hit.Record.Id
            );
    }

    [Fact]
    public async Task Handles_of_one_collection_see_what_the_others_write()
    {
        using VectorStore store = Store(),
            other = Store();
        using VectorStoreCollection<string, Hotel> one = await OpenAsync(store);
        using VectorStoreCollection<string, Hotel> two = other.GetCollection<string, Hotel>(_name);
        await two.UpsertAsync(new Hotel { Id = "4", Vector = new float[] { 1, 1, 0 } });
        await one.DeleteAsync("1");

        Assert.NotNull(await one.GetAsync("4"));
        Assert.Null(await two.GetAsync("1"));

        await store.EnsureCollectionDeletedAsync(_name);
        Assert.False(await one.CollectionExistsAsync());
        await one.EnsureCollectionExistsAsync();
        await one.UpsertAsync(new Hotel { Id = "5", Vector = new float[] { 1, 1, 0 } });
        Assert.Equal(["5"], (await ListAsync(one.GetAsync(hotel => true, 9))).Select(hotel => hotel.Id));
    }

    [Fact]
    public async Task Store_and_collection_describe_themselves()
    {
        using VectorStore store = Store();
        using VectorStoreCollection<string, Hotel> hotels = await OpenAsync(store);

        Assert.Equal("sextant", ((VectorStoreMetadata)store.GetService(typeof(VectorStoreMetadata))!).VectorStoreSystemName);
        VectorStoreCollectionMetadata about = (VectorStoreCollectionMetadata)hotels.GetService(typeof(VectorStoreCollectionMetadata))!;
        Assert.Equal(("sextant", _name), (about.VectorStoreSystemName, about.CollectionName));
        Assert.Same(hotels, hotels.GetService(typeof(VectorStoreCollection<string, Hotel>)));
        Assert.Null(hotels.GetService(typeof(VectorStoreCollection<string, Hotel>), "key"));
    }

    private static VectorSearchOptions<Picture> ByColor => new() { VectorProperty = picture => picture.Color };

    private sealed class Picture
    {
        [VectorStoreKey]
        public string Id { get; set; } = "";

        [VectorStoreVector(2)]
        public ReadOnlyMemory<float> Color { get; set; }

        [VectorStoreVector(3, DistanceFunction = DistanceFunction.DotProductSimilarity)]
        public float[]? Shape { get; set; }

        [VectorStoreData]
        public int Year { get; set; }
    }

    private sealed class Note
    {
        [VectorStoreKey]
        public int Number { get; set; }

        [VectorStoreData]
        public string? Text { get; set; }
    }

    private sealed class Ticket
    {
        [VectorStoreKey]
        public Guid Id { get; set; }

        [VectorStoreVector(2)]
        public ReadOnlyMemory<float> Vector { get; set; }
    }

    private sealed class Article
    {
        [VectorStoreKey]
        public string Id { get; set; } = "";

        [VectorStoreData(IsFullTextIndexed = true)]
        public string? Title { get; set; }

        [VectorStoreData(IsFullTextIndexed = true)]
        public string? Body { get; set; }

        [VectorStoreVector(2)]
        public ReadOnlyMemory<float> Vector { get; set; }
    }

    private sealed class Everything
    {
        [VectorStoreKey]
        public long Key { get; set; }

        [VectorStoreData]
        public byte Byte { get; set; }

        [VectorStoreData]
        public short Short { get; set; }

        [VectorStoreData]
        public long Long { get; set; }

        [VectorStoreData]
        public float Float { get; set; }

        [VectorStoreData]
        public decimal Decimal { get; set; }

        [VectorStoreData]
        public Guid Id { get; set; }

        [VectorStoreData]
        public DateTime At { get; set; }

        [VectorStoreData]
        public DateTimeOffset Offset { get; set; }

        [VectorStoreData]
        public DateOnly Day { get; set; }

        [VectorStoreData]
        public TimeOnly Time { get; set; }

        [VectorStoreData]
        public int? Count { get; set; }

        [VectorStoreData]
        public string[]? Names { get; set; }

        [VectorStoreVector(2)]
        public float[] Vector { get; set; } = [];
    }
}
