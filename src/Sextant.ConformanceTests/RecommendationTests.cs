namespace Sextant.ConformanceTests;

/// <summary>Recommendations, and many searches at once.</summary>
/// <param name="store">The store under test; disposed after the test.</param>
public abstract class RecommendationTests(TestedStore store) : StoreTests(store)
{
    [Fact]
    public async Task Recommendations_equal_a_comparison_with_the_mean_of_the_examples()
    {
        Random random = new(1);
        await using SemanticSearchEngine engine = await OpenAsync();
        string[] texts =
        [
            .. Enumerable.Range(0, 80).Select(i => $"word{random.Next(20)} word{random.Next(20)} word{random.Next(20)} n{i}"),
        ];
        await engine.AddDocumentsAsync(texts.Select((text, i) => new Document(text) { Id = $"{i}" }));
        for (int trial = 0; trial < 15; trial++)
        {
            string[] positive = [.. Ids(random.Next(1, 4))],
                negative = [.. Ids(random.Next(3))];
            (int offset, int count) = (random.Next(4), random.Next(1, 20));
            float[] target = [.. Mean(positive).Zip(Mean(negative), (p, n) => negative.Length == 0 ? p : (2 * p) - n)];
            List<string> expected =
            [
                .. Enumerable
                    .Range(0, texts.Length)
                    .Where(i => !positive.Contains($"{i}") && !negative.Contains($"{i}"))
                    .OrderByDescending(i => Unit(texts[i]).Zip(target, (a, b) => (double)a * b).Sum())
                    .Select(i => $"{i}"),
            ];

            IReadOnlyList<SearchResult> found = await engine.RecommendAsync(
                positive,
                negative,
                count,
                new() { Offset = offset, Exact = true }
            );

            Assert.Equal(Math.Min(count, expected.Count - offset), found.Count);
            Assert.DoesNotContain(found, hit => positive.Contains(hit.Id) || negative.Contains(hit.Id));
            Assert.Equal(Enumerable.Range(offset + 1, found.Count), found.Select(hit => hit.Rank));
            // Equal scores may come in another order where sums are rounded in another order.
            Assert.All(found, hit => Assert.InRange(expected.IndexOf(hit.Id), 0, offset + count + 15));
            Assert.Equal(found.Select(hit => hit.Score).OrderDescending(), found.Select(hit => hit.Score));
        }

        IEnumerable<string> Ids(int many) => Enumerable.Range(0, many).Select(_ => $"{random.Next(80)}").Distinct(StringComparer.Ordinal);

        float[] Mean(string[] ids)
        {
            float[] mean = new float[Unit("a").Length];
            foreach (string id in ids)
            {
                float[] unit = Unit(texts[int.Parse(id, System.Globalization.CultureInfo.InvariantCulture)]);
                for (int i = 0; i < mean.Length; i++)
                    mean[i] += unit[i] / ids.Length;
            }

            return mean;
        }
    }

    [Fact]
    public async Task Unknown_or_missing_examples_are_rejected()
    {
        await using SemanticSearchEngine engine = await OpenAsync();
        await engine.AddDocumentsAsync([new Document("a") { Id = "a" }]);

        await Assert.ThrowsAsync<InputException>(() => engine.RecommendAsync([]));
        await Assert.ThrowsAsync<InputException>(() => engine.RecommendAsync(["none"]));
        await Assert.ThrowsAsync<InputException>(() => engine.RecommendAsync(["a"], ["none"]));
        await Assert.ThrowsAsync<InputException>(() => engine.RecommendAsync(["a"], ["a"], options: new() { Mode = SearchMode.Keyword }));
    }

    [Theory]
    [InlineData(SearchMode.Semantic)]
    [InlineData(SearchMode.Keyword)]
    [InlineData(SearchMode.Hybrid)]
    public async Task Many_searches_return_what_each_returns_alone(SearchMode mode)
    {
        await using SemanticSearchEngine engine = await OpenAsync();
        await engine.AddDocumentsAsync(Enumerable.Range(0, 50).Select(i => $"word{i} word{i * 3 % 50} common"));
        string[] queries = [.. Enumerable.Range(0, 20).Select(i => $"word{i * 7 % 50} common")];
        SearchOptions options = new() { Mode = mode, Exact = true };

        IReadOnlyList<IReadOnlyList<SearchResult>> many = await engine.SearchManyAsync(queries, 5, options);

        Assert.Equal(queries.Length, many.Count);
        for (int i = 0; i < queries.Length; i++)
        {
            Assert.Equal(
                (await engine.SearchAsync(queries[i], 5, options)).Select(hit => (hit.Rank, hit.Id, hit.Score)),
                many[i].Select(hit => (hit.Rank, hit.Id, hit.Score))
            );
        }

        await Assert.ThrowsAsync<InputException>(() => engine.SearchManyAsync(["a", " "]));
        Assert.Empty(await engine.SearchManyAsync([]));
    }
}
