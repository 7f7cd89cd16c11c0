using System.Globalization;
using Sextant.Numerics;
using Sextant.Tests.Shared.Search;

namespace Sextant.ConformanceTests;

/// <summary>Vectors that come with their documents, and the metrics that compare them.</summary>
/// <param name="store">The store under test; disposed after the test.</param>
public abstract class MetricTests(TestedStore store) : StoreTests(store)
{
    [Theory]
    [InlineData(SimilarityMetric.Cosine)]
    [InlineData(SimilarityMetric.Dot)]
    [InlineData(SimilarityMetric.Euclidean)]
    public async Task Vectors_are_returned_unchanged(SimilarityMetric metric)
    {
        await using SemanticSearchEngine engine = await OpenAsync(metric);
        float[] three = Vector(3, 4),
            one = Vector(1, 0);
        await engine.AddDocumentsAsync([Given("three", three), Given("one", one), Given("none", Vector(0, 0))]);
        await engine.AddDocumentsAsync([new Document("computed") { Id = "computed" }]);

        Assert.Equal(three, (await engine.GetAsync("three"))!.Vector!.Value.ToArray());
        Assert.Equal(one, (await engine.GetAsync("one"))!.Vector!.Value.ToArray());
        Assert.Equal(Vector(0, 0), (await engine.GetAsync("none"))!.Vector!.Value.ToArray());
        Assert.Equal(1, (await engine.GetAsync("computed"))!.Vector!.Value.ToArray().Sum(x => x * x), 4);

        UpsertResult same = await engine.AddDocumentsAsync([Given("three", three)]);
        Assert.Equal(1, same.Unchanged);
        UpsertResult longer = await engine.AddDocumentsAsync([Given("three", Vector(6, 8))]);
        Assert.Equal(1, longer.Updated);
        Assert.Equal(Vector(6, 8), (await engine.GetAsync("three"))!.Vector!.Value.ToArray());
        await engine.AddDocumentsAsync([Given("three", Vector(0.6f, 0.8f))]);
        Assert.Equal(Vector(0.6f, 0.8f), (await engine.GetAsync("three"))!.Vector!.Value.ToArray());
        Assert.Empty((await engine.Maintenance.VerifyAsync()).Problems);
    }

    [Theory]
    [InlineData(SimilarityMetric.Cosine, false)]
    [InlineData(SimilarityMetric.Dot, false)]
    [InlineData(SimilarityMetric.Euclidean, false)]
    [InlineData(SimilarityMetric.Dot, true)]
    [InlineData(SimilarityMetric.Euclidean, true)]
    public async Task Results_are_ordered_and_scored_by_the_metric(SimilarityMetric metric, bool exact)
    {
        float[][] vectors = [Vector(1, 0), Vector(3, 1), Vector(-2, 5), Vector(0.5f, 0.4f), Vector(-1, -1)];
        float[] query = Vector(2, 1);
        await using (SemanticSearchEngine engine = await OpenAsync(metric))
        {
            await engine.AddDocumentsAsync([
                .. vectors.Select(
                    (vector, i) =>
                    {
                        Document document = Given($"d{i}", vector);
                        document.Metadata!["even"] = i % 2 == 0;
                        return document;
                    }
                ),
            ]);
        }

        await using SemanticSearchEngine again = await OpenAsync(metric);
        (string Id, float Score)[] expected =
        [
            .. vectors.Select((vector, i) => ($"d{i}", Score(vector))).OrderByDescending(one => one.Item2),
        ];

        IReadOnlyList<SearchResult> hits = await again.SearchAsync(query, 9, new() { Exact = exact });
        Assert.Equal(expected.Select(one => one.Id), hits.Select(hit => hit.Id));
        foreach ((SearchResult hit, (_, float score)) in hits.Zip(expected))
            Assert.Equal(score, hit.Score, 4);
        Assert.Equal(
            metric switch
            {
                SimilarityMetric.Dot => ScoreKind.Dot,
                SimilarityMetric.Euclidean => ScoreKind.Euclidean,
                _ => ScoreKind.Cosine,
            },
            hits[0].ScoreKind
        );

        float least = expected[2].Score - 0.001f;
        Assert.Equal(3, (await again.SearchAsync(query, 9, new() { Exact = exact, MinScore = least })).Count);
        Assert.Equal(
            expected.Where(one => (one.Id[1] - '0') % 2 == 0).Select(one => one.Id),
            (await again.SearchAsync(query, 9, new() { Exact = exact, Filter = "even = true" })).Select(hit => hit.Id)
        );
        Assert.Equal(expected[0].Score, hits[0].Score, 4);

        float Score(float[] vector) =>
            metric switch
            {
                SimilarityMetric.Dot => VectorMath.Dot(query, vector),
                SimilarityMetric.Euclidean => -VectorMath.Euclidean(query, vector),
                _ => VectorMath.Cosine(query, vector),
            };
    }

    [Fact]
    public async Task Collection_keeps_its_metric_and_rejects_another()
    {
        await using (SemanticSearchEngine made = await OpenAsync(SimilarityMetric.Euclidean))
            Assert.Equal(SimilarityMetric.Euclidean, (await made.GetInfoAsync()).Metric);

        await using (SemanticSearchEngine engine = await OpenAsync())
            Assert.Equal(SimilarityMetric.Euclidean, (await engine.GetInfoAsync()).Metric);
        InputException error = await Assert.ThrowsAsync<InputException>(() => OpenAsync(SimilarityMetric.Cosine));
        Assert.Contains("Euclidean distance", error.Message, StringComparison.Ordinal);
    }

    private static Document Given(string id, float[] vector) =>
        new(string.Create(CultureInfo.InvariantCulture, $"text of {id}"))
        {
            Id = id,
            Vector = vector,
            Metadata = [],
        };

    private static float[] Vector(float x, float y)
    {
        float[] vector = new float[WordModel.Dimensions];
        (vector[0], vector[1]) = (x, y);
        return vector;
    }

    private Task<SemanticSearchEngine> OpenAsync(SimilarityMetric metric) => OpenAsync(WordModel.Options() with { Metric = metric });
}
