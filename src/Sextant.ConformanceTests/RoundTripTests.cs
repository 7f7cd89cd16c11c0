using System.Text.Json.Nodes;
using Sextant.Tests.Shared.Search;

namespace Sextant.ConformanceTests;

/// <summary>Documents are returned exactly as written, and what cannot be stored is rejected.</summary>
/// <param name="store">The store under test; disposed after the test.</param>
public abstract class RoundTripTests(TestedStore store) : StoreTests(store)
{
    [Theory]
    [InlineData("日本語のテキスト", "キー 1")]
    [InlineData("👩‍👩‍👧 🇨🇭 astral 𝕏", "💡")]
    [InlineData("שלום עולם مرحبا", "rtl \u200f'\"\\")]
    [InlineData("a\u0301 combining, tab\tand\nnew line", "%_$1; drop table documents; --")]
    public async Task Any_text_id_and_metadata_round_trip(string text, string id)
    {
        JsonObject metadata = new()
        {
            ["größe \"x\""] = text,
            ["zeta"] = 1,
            ["alpha"] = new JsonArray(1.50m, null, true, id),
        };
        await using (SemanticSearchEngine engine = await OpenAsync())
        {
            await engine.AddDocumentsAsync([
                new Document(text)
                {
                    Id = id,
                    Metadata = metadata,
                    Source = $"/tmp/{id}",
                },
            ]);
        }

        await using SemanticSearchEngine again = await OpenAsync();
        Document stored = (await again.GetAsync(id))!;
        Assert.Equal((id, text, $"/tmp/{id}"), (stored.Id, stored.Text, stored.Source));
        Assert.Equal(metadata.ToJsonString(), stored.Metadata!.ToJsonString());
        Assert.Equal(WordModel.Dimensions, stored.Vector!.Value.Length);
        SearchResult hit = Assert.Single(await again.SearchAsync(text, 5, new() { Filter = "\"größe \"\"x\"\"\" is not null" }));
        Assert.Equal((id, 1f), (hit.Id, MathF.Round(hit.Score, 5)));
    }

    [Fact]
    public async Task Invalid_characters_become_the_replacement_character()
    {
        await using SemanticSearchEngine engine = await OpenAsync();
        await engine.AddDocumentsAsync([new Document("half \ud83d and nul \0 end") { Id = "x" }]);

        Assert.Equal("half \ufffd and nul \ufffd end", (await engine.GetAsync("x"))!.Text);
        Assert.Equal(1, (await engine.AddDocumentsAsync([new Document("half \ud83d and nul \0 end") { Id = "x" }])).Unchanged);
    }

    [Fact]
    public async Task Long_metadata_round_trips_and_can_be_filtered()
    {
        string longText = string.Concat(Enumerable.Range(0, 1200).Select(i => $"{i:0000000} é"))[..10_000];
        await using SemanticSearchEngine engine = await OpenAsync();
        await engine.AddDocumentsAsync([
            new Document("long")
            {
                Id = "x",
                Metadata = new() { ["long"] = longText, ["n"] = 7 },
            },
            new Document("short") { Id = "y" },
        ]);

        SearchResult hit = Assert.Single(await engine.SearchAsync("long", 5, new() { Filter = $"long = '{longText}' and n = 7" }));
        Assert.Equal(longText, (string)hit.Metadata["long"]!);
        Assert.Single(await engine.SearchAsync("long", 5, new() { Filter = "long like '0000000%'" }));
    }

    [Fact]
    public async Task Vector_of_the_wrong_length_is_rejected_with_its_whole_batch()
    {
        await using SemanticSearchEngine engine = await OpenAsync();

        InputException refusal = await Assert.ThrowsAsync<InputException>(() =>
            engine.AddDocumentsAsync([new Document("fine") { Id = "1" }, new Document("wrong") { Id = "2", Vector = new float[7] }])
        );

        Assert.Contains("7", refusal.Message);
        Assert.Equal(0, await engine.CountAsync());
        await Assert.ThrowsAsync<InputException>(() => engine.SearchAsync(new float[7], 1));
        await Assert.ThrowsAsync<InputException>(() =>
            engine.AddDocumentsAsync([new Document("nan") { Vector = Enumerable.Repeat(float.NaN, 32).ToArray() }])
        );
    }

    [Fact]
    public async Task NUL_is_rejected_in_metadata_sources_and_filters()
    {
        await using SemanticSearchEngine engine = await OpenAsync();
        foreach (
            Document bad in (Document[])
                [
                    new("text")
                    {
                        Id = "x",
                        Metadata = new() { ["a"] = "b\0c" },
                    },
                    new("text")
                    {
                        Id = "x",
                        Metadata = new() { ["a"] = new JsonObject { ["b\0c"] = 1 } },
                    },
                    new("text") { Id = "x", Metadata = (JsonObject)JsonNode.Parse("""{"a":["b\u0000"]}""")! },
                    new("text") { Id = "x", Source = "a\0b" },
                ]
        )
        {
            Assert.Contains(
                "NUL",
                (await Assert.ThrowsAsync<InputException>(() => engine.AddDocumentsAsync([new Document("fine"), bad]))).Message
            );
        }

        Assert.Equal(0, await engine.CountAsync());
        await engine.AddDocumentsAsync([
            new Document("text")
            {
                Id = "x",
                Metadata = new() { ["a"] = "b\\u0000c" },
            },
        ]);
        Assert.Equal("b\\u0000c", (string)(await engine.GetAsync("x"))!.Metadata!["a"]!);
        Assert.Contains(
            "NUL",
            (await Assert.ThrowsAsync<InputException>(() => engine.SearchAsync("text", 5, new() { Filter = "a = 'b\0c'" }))).Message
        );
        Assert.Null(await engine.GetAsync("x\0"));
        Assert.False(await engine.DeleteAsync("x\0"));
    }
}
