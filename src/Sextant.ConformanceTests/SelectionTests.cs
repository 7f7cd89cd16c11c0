using System.Globalization;
using System.Text.Json.Nodes;
using Sextant.Search.Filters;
using Sextant.Search.Updates;

namespace Sextant.ConformanceTests;

/// <summary>Documents listed, changed and deleted by a filter.</summary>
/// <param name="store">The store under test; disposed after the test.</param>
public abstract class SelectionTests(TestedStore store) : StoreTests(store)
{
    [Fact]
    public async Task Metadata_are_patched_without_touching_text_and_vector()
    {
        await using SemanticSearchEngine engine = await OpenAsync();
        await engine.AddDocumentsAsync([
            Doc("a", """{"lang":"en","author":{"name":"Ada","age":1},"tags":["x"],"version":1}"""),
            Doc("b", """{"lang":"en"}"""),
        ]);
        Document before = (await engine.GetAsync("a"))!;
        JsonObject patch = Json("""{"lang":null,"author":{"age":null,"city":"Rome"},"tags":["y","z"],"version":2}""");

        bool isOther = await engine.UpdateMetadataAsync("a", patch, "version = 7"),
            isDone = await engine.UpdateMetadataAsync("a", patch, "version = 1"),
            isAgain = await engine.UpdateMetadataAsync("a", patch, "version = 1"),
            isThere = await engine.UpdateMetadataAsync("none", patch);
        Document after = (await engine.GetAsync("a"))!;

        Assert.Equal((false, true, false, false), (isOther, isDone, isAgain, isThere));
        Assert.Equal("""{"author":{"name":"Ada","city":"Rome"},"tags":["y","z"],"version":2}""", after.Metadata!.ToJsonString());
        Assert.Equal((before.Text, before.Source), (after.Text, after.Source));
        Assert.Equal(before.Vector!.Value.ToArray(), after.Vector!.Value.ToArray());
        Assert.Equal(["a"], (await engine.SearchAsync("text", 9, new() { Filter = "author.city = 'Rome'" })).Select(hit => hit.Id));
        Assert.Empty((await engine.Maintenance.VerifyAsync()).Problems);
    }

    [Fact]
    public async Task Update_that_fails_changes_nothing()
    {
        await using SemanticSearchEngine engine = await OpenAsync();
        await engine.AddDocumentsAsync(Enumerable.Range(0, 9).Select(i => Doc($"{i}", $$"""{"n":{{i}}}""")));

        await Assert.ThrowsAsync<InputException>(() => engine.UpdateMetadataAsync("3", static _ => throw new InputException("no")));
        await Assert.ThrowsAsync<InputException>(() => engine.UpdateMatchingAsync("n > 2", new() { ["x"] = "a\0" }));

        Assert.Equal(0, (await engine.UpdateMatchingAsync("exists x", [], isDryRun: true)).Matched);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Updates_and_deletions_by_filter_equal_those_of_a_list(int seed)
    {
        Random random = new(seed);
        await using SemanticSearchEngine engine = await OpenAsync();
        Dictionary<string, JsonObject> expected = new(StringComparer.Ordinal);
        for (int i = 0; i < 60; i++)
            expected[$"{i}"] = Json($$"""{"a":{{random.Next(4)}},"b":"{{random.Next(3)}}"}""");
        await engine.AddDocumentsAsync(expected.Select(one => new Document($"text {one.Key}") { Id = one.Key, Metadata = one.Value }));
        for (int step = 0; step < 25; step++)
        {
            FilterExpression filter = ((string[])["a = 1", "b != '2'", "not exists c", "c > 2 or a < 1", "a in (0, 3)"])[random.Next(5)];
            JsonObject patch = Json(
                ((string[])["""{"a":1}""", """{"c":3}""", """{"c":null}""", """{"b":"0","c":{"d":1}}""", "{}"])[random.Next(5)]
            );
            string[]? ids = random.Next(2) == 0 ? null : [.. Enumerable.Range(random.Next(50), 12).Select(i => $"{i}"), "none"];
            List<string> matching =
            [
                .. expected
                    .Where(one => (ids?.Contains(one.Key) ?? true) && FilterEvaluator.Matches(filter, one.Value))
                    .Select(one => one.Key),
            ];
            List<string> changing = matching.FindAll(id => !JsonNode.DeepEquals(MergePatch.Apply(expected[id], patch), expected[id]));
            bool isDryRun = random.Next(3) == 0;
            if (random.Next(5) == 0)
            {
                int deleted = ids is null
                    ? await engine.DeleteMatchingAsync(filter, isDryRun)
                    : await engine.DeleteMatchingAsync(ids, filter, isDryRun);
                Assert.Equal(matching.Count, deleted);
                if (!isDryRun)
                    matching.ForEach(id => expected.Remove(id));
            }
            else
            {
                MetadataUpdate update = ids is null
                    ? await engine.UpdateMatchingAsync(filter, patch, isDryRun)
                    : await engine.UpdateMetadataAsync(ids, patch, filter, isDryRun);
                Assert.Equal(new(matching.Count, changing.Count), update);
                if (!isDryRun)
                    matching.ForEach(id => expected[id] = MergePatch.Apply(expected[id], patch));
            }

            Dictionary<string, string> stored = (await ListAsync(engine, document => document)).ToDictionary(
                document => document.Id!,
                document => document.Metadata!.ToJsonString(),
                StringComparer.Ordinal
            );
            Assert.Equal(
                expected.Select(one => $"{one.Key} {one.Value.ToJsonString()}").Order(StringComparer.Ordinal),
                stored.Select(one => $"{one.Key} {one.Value}").Order(StringComparer.Ordinal)
            );
        }

        Assert.Empty((await engine.Maintenance.VerifyAsync()).Problems);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("even = true")]
    public async Task Pages_list_each_lasting_document_once_during_writes(string? filter)
    {
        await using SemanticSearchEngine engine = await OpenAsync();
        await engine.AddDocumentsAsync(Enumerable.Range(0, 40).Select(i => Even(i)));
        List<string> listed = [];
        string? cursor = null;
        int step = 0;
        do
        {
            DocumentPage page = await engine.ListPageAsync(cursor, 3, filter);
            Assert.InRange(page.Documents.Count, 1, 3);
            listed.AddRange(page.Documents.Select(document => document.Id!));
            cursor = page.Next;
            // Deleted and added again, replaced, and new ones.
            await engine.DeleteAsync($"{step}");
            await engine.AddDocumentsAsync([Even(step), Even(39 - step, "other text"), Even(100 + step)]);
            step++;
        } while (cursor is not null);

        Assert.Equal(listed.Count, listed.Distinct(StringComparer.Ordinal).Count());
        Assert.DoesNotContain(listed, id => int.Parse(id, CultureInfo.InvariantCulture) >= 100);
        Assert.All(
            Enumerable.Range(step, 40 - step).Where(i => filter is null || i % 2 == 0),
            i => Assert.Contains($"{i}", listed, StringComparer.Ordinal)
        );

        static Document Even(int i, string text = "text") =>
            new($"{text} {i}")
            {
                Id = $"{i}",
                Metadata = new() { ["even"] = i % 2 == 0 },
            };
    }

    [Fact]
    public async Task Malformed_cursor_is_rejected()
    {
        await using SemanticSearchEngine engine = await OpenAsync();
        await engine.AddDocumentsAsync(["a", "b"]);
        DocumentPage first = await engine.ListPageAsync(limit: 1),
            second = await engine.ListPageAsync(first.Next, 1);

        Assert.Equal(("a", "b", null), (first.Documents[0].Text, second.Documents[0].Text, second.Next));
        foreach (string cursor in (string[])["", "x", "AAAA", first.Next![..^2], "MSAy"])
            await Assert.ThrowsAsync<InputException>(() => engine.ListPageAsync(cursor));
    }

    private static JsonObject Json(string json) => (JsonObject)JsonNode.Parse(json)!;

    private static Document Doc(string id, string metadata) =>
        new($"text {id}")
        {
            Id = id,
            Metadata = Json(metadata),
            Source = "s",
        };
}
