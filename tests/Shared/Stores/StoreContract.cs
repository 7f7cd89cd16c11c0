using System.Globalization;
using System.Text.Json.Nodes;
using Sextant.Embedding;
using Sextant.Numerics;
using Sextant.Search;
using Sextant.Search.Storage;
using Sextant.Tests.Shared.Models;
using Sextant.Tests.Shared.Search;

namespace Sextant.Tests.Shared.Stores;

/// <summary>What a collection promises wherever it lives. Every store runs these; the vectors come from <see cref="WordModel"/>.</summary>
public abstract class StoreContract
{
    private readonly string _name = $"test_{Guid.NewGuid():N}";

    /// <summary>Whether meaning and words are fused by this library, and not by the store.</summary>
    protected virtual bool IsFusedHere => true;

    /// <summary>Opens the collection of this name with <paramref name="options"/>; the same name is the same collection.</summary>
    protected abstract Task<SemanticSearchEngine> OpenAsync(string name, SemanticSearchEngineOptions options);

    [Fact]
    public async Task Results_are_sorted_by_cosine()
    {
        await using SemanticSearchEngine engine = await OpenAsync();
        await engine.AddDocumentsAsync(["red apple", "red apple pie", "blue whale", "apple"]);

        IReadOnlyList<SearchResult> hits = await engine.SearchAsync("red apple", 4);

        Assert.Equal("red apple", hits[0].Text);
        Assert.Equal("blue whale", hits[3].Text);
        Assert.Equal([1, 2, 3, 4], hits.Select(hit => hit.Rank));
        foreach (SearchResult hit in hits)
            Assert.Equal(Cosine("red apple", hit.Text), hit.Score, 5);
        Assert.Equal(hits.OrderByDescending(hit => hit.Score).Select(hit => hit.Id), hits.Select(hit => hit.Id));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Text_scores_1_with_itself_and_passes_a_minimum_of_1(bool exact)
    {
        await using SemanticSearchEngine engine = await OpenAsync();
        string[] texts = [.. Enumerable.Range(0, 40).Select(i => $"word{i} word{i * 7 % 40} other{i % 11}")];
        await engine.AddDocumentsAsync(texts);
        foreach (string text in texts)
        {
            foreach (SearchMode mode in (SearchMode[])[SearchMode.Semantic, SearchMode.Hybrid])
            {
                IReadOnlyList<SearchResult> hits = await engine.SearchAsync(
                    text,
                    3,
                    new()
                    {
                        MinScore = 1,
                        Exact = exact,
                        Mode = mode,
                    }
                );
                Assert.Contains(hits, hit => hit.Text == text);
                Assert.All(hits, hit => Assert.Equal(1f, hit.Score));
            }
        }
    }

    [Fact]
    public async Task Filter_without_matches_reports_fields_that_no_document_has()
    {
        await using SemanticSearchEngine engine = await OpenAsync();
        await engine.AddDocumentsAsync([
            new Document("red apple")
            {
                Metadata = new()
                {
                    ["lang"] = "en",
                    ["author"] = new JsonObject { ["name"] = "Ann" },
                },
            },
        ]);

        Assert.Equal(
            [
                "no document has the field 'langg'; did you mean 'lang'?",
                "no document has the field 'author.nme'; did you mean 'author.name'?",
            ],
            await engine.ExplainFilterAsync("langg = 'en' or author.nme = 'Ann'")
        );
        Assert.Equal(
            ["no document has the field 'year'; there are author, author.name, lang"],
            await engine.ExplainFilterAsync("not (year > 3) and lang = 'de'")
        );
        Assert.Empty(await engine.ExplainFilterAsync("lang = 'de' and author.name = 'Bob'"));
    }

    [Fact]
    public async Task Document_deleted_and_added_during_a_listing_appears_once()
    {
        await using SemanticSearchEngine engine = await OpenAsync();
        await engine.AddDocumentsAsync(Enumerable.Range(0, 6).Select(i => new Document($"text {i}") { Id = $"{i}" }));
        List<string> listed = [];
        await foreach (IReadOnlyList<StoredDocument> batch in engine.Store.ListAsync(2, CancellationToken.None))
        {
            listed.AddRange(batch.Select(document => document.Id));
            if (listed.Count > 2)
                continue;
            await engine.DeleteAsync(["0", "5"]);
            await engine.AddDocumentsAsync([
                new Document("text 0 again") { Id = "0" },
                new Document("text 7") { Id = "7" },
                new Document("text 3 changed") { Id = "3" },
            ]);
        }

        Assert.Equal(["0", "1", "2", "3", "4"], listed);
        Assert.Equal(["1", "2", "3", "4", "0", "7"], await ListIdsAsync(engine));
    }

    [Fact]
    public async Task Equal_scores_are_ordered_by_insertion()
    {
        await using SemanticSearchEngine engine = await OpenAsync();
        string[] ids = [.. Enumerable.Range(0, 30).Select(i => $"{(i * 7) % 30:00}")];
        foreach (string[] batch in ids.Chunk(10))
            await engine.AddDocumentsAsync(batch.Select(id => new Document("the same") { Id = id }));
        SearchOptions exact = new() { Exact = true };

        Assert.Equal(ids, (await engine.SearchAsync("the same", 30, exact)).Select(hit => hit.Id));
        Assert.Equal(ids.Take(5), (await engine.SearchAsync("the same", 5, exact)).Select(hit => hit.Id));
        Assert.Equal(ids, await ListIdsAsync(engine));
    }

    [Fact]
    public async Task Pages_are_slices_of_one_ranking()
    {
        await using SemanticSearchEngine engine = await OpenAsync();
        await engine.AddDocumentsAsync(Enumerable.Range(0, 40).Select(i => $"page number{i} word{i % 3} word{i % 7}"));
        foreach (SearchMode mode in Enum.GetValues<SearchMode>())
        {
            SearchOptions options = new() { Mode = mode, Exact = true };
            string[] whole = [.. (await engine.SearchAsync("page word1 word2", 40, options)).Select(hit => hit.Id)];
            List<string> pages = [];
            for (int offset = 0; offset < 40; offset += 9)
                pages.AddRange((await engine.SearchAsync("page word1 word2", 9, options with { Offset = offset })).Select(hit => hit.Id));

            Assert.Equal(40, whole.Length);
            Assert.Equal(whole, pages);
            Assert.Empty(await engine.SearchAsync("page", 9, options with { Offset = 40 }));
        }
    }

    [Theory]
    [InlineData("lang = 'en'", "a,c")]
    [InlineData("lang != 'en'", "b,d,e")]
    [InlineData("year >= 2020", "a,b")]
    [InlineData("year < 2020 or not exists year", "c,d")]
    [InlineData("not (lang = 'en' or year > 2020)", "d,e")]
    [InlineData("tags contains 'new' and lang in ('en', 'fr')", "a")]
    [InlineData("author.name like 'A%'", "a,c")]
    [InlineData("price = 1", "c")]
    [InlineData("lang is null", "d,e")]
    public async Task Filter_returns_matching_documents_only(string filter, string expected)
    {
        await using SemanticSearchEngine engine = await OpenAsync();
        await engine.AddDocumentsAsync([
            Doc("a", """{"lang":"en","year":2020,"tags":["new","x"],"author":{"name":"Ada"}}"""),
            Doc("b", """{"lang":"de","year":2024.5,"tags":"brand new"}"""),
            Doc("c", """{"lang":"en","year":1999,"author":{"name":"Al"},"price":1.0}"""),
            Doc("d", """{"tags":[]}"""),
            Doc("e", """{"lang":null,"year":"2020","price":true}"""),
        ]);

        foreach (SearchMode mode in Enum.GetValues<SearchMode>())
        {
            IReadOnlyList<SearchResult> hits = await engine.SearchAsync("text", 10, new() { Filter = filter, Mode = mode });
            Assert.Equal(expected.Split(','), hits.Select(hit => hit.Id).Order(StringComparer.Ordinal));
        }

        static Document Doc(string id, string metadata) => new($"text {id}") { Id = id, Metadata = (JsonObject)JsonNode.Parse(metadata)! };
    }

    [Fact]
    public async Task Selective_filter_still_returns_the_requested_number()
    {
        await using SemanticSearchEngine engine = await OpenAsync();
        await engine.AddDocumentsAsync(
            Enumerable
                .Range(0, 300)
                .Select(i => new Document($"near word{i}")
                {
                    Id = $"{i}",
                    Metadata = new() { ["rare"] = i % 30 == 0 },
                })
        );

        IReadOnlyList<SearchResult> hits = await engine.SearchAsync("near", 8, new() { Filter = "rare = true" });

        Assert.Equal(8, hits.Count);
        Assert.All(hits, hit => Assert.Equal(0, int.Parse(hit.Id, CultureInfo.InvariantCulture) % 30));
    }

    [Fact]
    public async Task Keyword_search_ignores_case_and_accents_and_weighs_rare_words_more()
    {
        await using SemanticSearchEngine engine = await OpenAsync();
        await engine.AddDocumentsAsync([
            new Document("the café in the old town, error E1234") { Id = "cafe" },
            new Document("the house") { Id = "house" },
            new Document("the garden of the house") { Id = "garden" },
            new Document("the Straße") { Id = "street" },
        ]);
        SearchOptions words = new() { Mode = SearchMode.Keyword };

        Assert.Equal(["cafe"], (await engine.SearchAsync("CAFE", 5, words)).Select(hit => hit.Id));
        Assert.Equal(["cafe"], (await engine.SearchAsync("(e1234)", 5, words)).Select(hit => hit.Id));
        Assert.Equal(["street"], (await engine.SearchAsync("straße!", 5, words)).Select(hit => hit.Id));
        Assert.Equal("garden", (await engine.SearchAsync("the garden", 5, words))[0].Id);
        Assert.Empty(await engine.SearchAsync("nowhere", 5, words));
        Assert.Empty(await engine.SearchAsync("?!", 5, words));
    }

    [Fact]
    public async Task Hybrid_search_finds_semantic_and_keyword_matches()
    {
        await using SemanticSearchEngine engine = await OpenAsync();
        await engine.AddDocumentsAsync(
            Enumerable
                .Range(0, 50)
                .Select(i => new Document($"filler text number{i}") { Id = $"f{i}" })
                .Append(new("parcel lost in transit") { Id = "both" })
                .Append(new("transit of venus seen from far away islands") { Id = "word" })
        );

        IReadOnlyList<SearchResult> hits = await engine.SearchAsync("parcel lost in transit", 3, new() { Mode = SearchMode.Hybrid });

        Assert.Equal(["both", "word"], hits.Take(2).Select(hit => hit.Id));
        Assert.All(hits, hit => Assert.Equal(Cosine("parcel lost in transit", hit.Text), hit.Score, 5));
    }

    [Fact]
    public async Task Minimum_score_omits_less_similar_documents()
    {
        await using SemanticSearchEngine engine = await OpenAsync();
        await engine.AddDocumentsAsync(["red apple", "blue whale", "red apple pie"]);
        float least = Cosine("red apple", "red apple pie") - 0.01f;

        IReadOnlyList<SearchResult> hits = await engine.SearchAsync("red apple", 3, new() { MinScore = least });

        Assert.Equal(["red apple", "red apple pie"], hits.Select(hit => hit.Text));
    }

    [Fact]
    public async Task Similar_documents_exclude_the_document_itself()
    {
        await using SemanticSearchEngine engine = await OpenAsync();
        await engine.AddDocumentsAsync([
            new Document("red apple") { Id = "1" },
            new Document("red apple pie") { Id = "2" },
            new Document("blue whale") { Id = "3" },
        ]);

        Assert.Equal("2", Assert.Single(await engine.SearchSimilarAsync("1", 1)).Id);
        await Assert.ThrowsAsync<InputException>(() => engine.SearchSimilarAsync("9", 1));
    }

    [Fact]
    public async Task Add_counts_new_changed_and_unchanged_documents()
    {
        FakeGenerator model = WordModel.Create();
        await using SemanticSearchEngine engine = await OpenAsync(_name, WordModel.Options(model));
        await engine.AddDocumentsAsync([
            new Document("one") { Id = "1" },
            new Document("two") { Id = "2" },
            new Document("three") { Id = "3" },
        ]);
        int asked = model.Asked.Count();

        UpsertResult result = await engine.AddDocumentsAsync([
            new Document("one") { Id = "1" },
            new Document("two")
            {
                Id = "2",
                Metadata = new() { ["new"] = true },
            },
            new Document("drei") { Id = "3" },
            new Document("four") { Id = "4" },
        ]);

        Assert.Equal((1, 2, 1), (result.Added, result.Updated, result.Unchanged));
        Assert.Equal(["drei", "four"], model.Asked.Skip(asked).Order(StringComparer.Ordinal));
        Assert.Equal(["one", "two", "drei", "four"], await ListAsync(engine, d => d.Text));
        Assert.Equal(4, await engine.CountAsync());
        Assert.Equal("3", Assert.Single(await engine.SearchAsync("drei", 1)).Id);
        Assert.Equal("2", Assert.Single(await engine.SearchAsync("two", 5, new() { Filter = "new = true" })).Id);
        Assert.DoesNotContain(await engine.SearchAsync("three", 5, new() { Mode = SearchMode.Keyword }), _ => true);
    }

    [Fact]
    public async Task Deleted_document_disappears_and_is_last_when_added_again()
    {
        await using SemanticSearchEngine engine = await OpenAsync();
        await engine.AddDocumentsAsync([
            new Document("one") { Id = "1" },
            new Document("two") { Id = "2" },
            new Document("three") { Id = "3" },
        ]);

        Assert.Equal(2, await engine.DeleteAsync(["1", "nobody", "3"]));
        Assert.False(await engine.DeleteAsync("1"));
        Assert.Equal(["2"], await ListIdsAsync(engine));
        Assert.Equal("2", Assert.Single(await engine.SearchAsync("one", 5)).Id);
        Assert.Empty(await engine.SearchAsync("one", 5, new() { Mode = SearchMode.Keyword }));
        Assert.Null(await engine.GetAsync("1"));

        await engine.AddDocumentsAsync([new Document("one") { Id = "1" }]);
        Assert.Equal(["2", "1"], await ListIdsAsync(engine));
    }

    [Fact]
    public async Task Empty_collection_returns_no_results()
    {
        await using SemanticSearchEngine engine = await OpenAsync();

        foreach (SearchMode mode in Enum.GetValues<SearchMode>())
        {
            Assert.Empty(await engine.SearchAsync("anything", 5, new() { Mode = mode }));
            Assert.Empty(
                await engine.SearchAsync(
                    "anything",
                    5,
                    new()
                    {
                        Mode = mode,
                        Filter = "a = 1",
                        Exact = true,
                    }
                )
            );
        }

        Assert.Equal(0, await engine.CountAsync());
        Assert.Empty(await ListIdsAsync(engine));
        Assert.Null(await engine.GetAsync("x"));
        Assert.Equal(0, await engine.DeleteAsync(["x"]));
        Assert.Equal(
            (0, 0, 0),
            await engine.AddDocumentsAsync(Array.Empty<Document>()) is { } none ? (none.Added, none.Updated, none.Unchanged) : default
        );
        Assert.True((await engine.Maintenance.VerifyAsync()).IsHealthy);
        Assert.Equal(0, (await engine.GetInfoAsync()).Documents);
    }

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
    public async Task Lone_surrogates_become_the_replacement_character()
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
    public async Task Vector_of_other_dimensions_rejects_its_whole_batch()
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
    public async Task Text_with_a_zero_vector_is_stored_and_similar_to_nothing()
    {
        await using SemanticSearchEngine engine = await OpenAsync();
        await engine.AddDocumentsAsync([new Document("...") { Id = "none" }, new Document("red apple") { Id = "some" }]);

        IReadOnlyList<SearchResult> hits = await engine.SearchAsync("red apple", 5);

        Assert.Equal(["some", "none"], hits.Select(hit => hit.Id));
        Assert.Equal(0, hits[1].Score);
    }

    [Theory]
    [InlineData("天気", "tokyo")]
    [InlineData("天气", "beijing")]
    [InlineData("気", "tokyo")]
    [InlineData("雨", "rain")]
    [InlineData("明日の天気", "tokyo,rain")]
    [InlineData("ガラス", "glass")]
    [InlineData("날씨", "seoul")]
    [InlineData("ยินดี", "bangkok")]
    [InlineData("iphone15", "phone")]
    [InlineData("電池", "phone")]
    [InlineData("電池 weather", "phone,english")]
    public async Task Texts_in_scripts_without_spaces_are_found_by_substrings(string query, string expected)
    {
        await using SemanticSearchEngine engine = await OpenAsync();
        await engine.AddDocumentsAsync([
            new Document("今日の天気は晴れです。") { Id = "tokyo" },
            new Document("明日は雨が降るでしょう") { Id = "rain" },
            new Document("北京的天气很好") { Id = "beijing" },
            new Document("สวัสดีครับ ยินดีต้อนรับ") { Id = "bangkok" },
            new Document("오늘 날씨가 좋다") { Id = "seoul" },
            new Document("iPhone15の電池") { Id = "phone" },
            new Document("the weather") { Id = "english" },
            new Document("ｶﾞﾗｽの窓") { Id = "glass" },
        ]);

        IReadOnlyList<SearchResult> hits = await engine.SearchAsync(query, 5, new() { Mode = SearchMode.Keyword });

        Assert.Equal(expected.Split(',', StringSplitOptions.RemoveEmptyEntries).Order(), hits.Select(hit => hit.Id).Order());
        await engine.AddDocumentsAsync([new Document("changed") { Id = "tokyo" }]);
        await engine.DeleteAsync("phone");
        string[] gone = ["tokyo", "phone"];
        Assert.Equal(
            expected.Split(',', StringSplitOptions.RemoveEmptyEntries).Except(gone).Order(),
            (await engine.SearchAsync(query, 5, new() { Mode = SearchMode.Keyword })).Select(hit => hit.Id).Order()
        );
        Assert.True((await engine.Maintenance.VerifyAsync()).IsHealthy);
    }

    [Fact]
    public async Task Query_unknown_to_the_model_falls_back_to_keywords_with_a_note()
    {
        FakeGenerator model = new()
        {
            Profile = WordModel.Create().Profile,
            Embed = text => text.Contains("unheard", StringComparison.Ordinal) ? new float[WordModel.Dimensions] : WordModel.Embed(text),
        };
        await using SemanticSearchEngine engine = await OpenAsync(_name, WordModel.Options(model));
        await engine.AddDocumentsAsync([
            new Document("red apple") { Id = "a" },
            new Document("blue whale") { Id = "b" },
            new Document("an unheard melody") { Id = "c" },
        ]);

        foreach (SearchMode mode in (SearchMode[])[SearchMode.Semantic, SearchMode.Hybrid])
        {
            List<string> notes = [];
            SearchOptions options = new() { Mode = mode, OnNote = notes.Add };

            SearchResult hit = Assert.Single(await engine.SearchAsync("unheard", 5, options));
            Assert.Equal(("c", ScoreKind.Bm25), (hit.Id, hit.ScoreKind));
            Assert.True(hit.Score > 0);
            Assert.Contains("words", Assert.Single(notes));
            Assert.Empty(await engine.SearchAsync("unheard-of", 5, options with { Filter = "a = 1" }));
            Assert.NotEmpty(await engine.SearchAsync("apple", 5, options));
            Assert.Equal(2, notes.Count);
            // The minimum is a cosine, and none can be computed.
            Assert.Empty(await engine.SearchAsync("unheard", 5, options with { MinScore = 0.1f }));
            Assert.Single(await engine.SearchAsync("unheard", 5, options with { MinScore = -0.1f }));
        }
    }

    [Fact]
    public async Task Keyword_search_scores_by_word_weight_and_needs_no_model()
    {
        FakeGenerator model = WordModel.Create();
        await using SemanticSearchEngine engine = await OpenAsync(_name, WordModel.Options(model));
        await engine.AddDocumentsAsync(
            Enumerable
                .Range(0, 20)
                .Select(i => new Document($"filler number{i}") { Id = $"f{i}" })
                .Append(new("rare words") { Id = "short" })
                .Append(new("rare words in a much longer text about something else") { Id = "long" })
        );
        int asked = model.Asked.Count();
        SearchOptions words = new() { Mode = SearchMode.Keyword };

        IReadOnlyList<SearchResult> hits = await engine.SearchAsync("rare", 5, words);

        Assert.Equal(["short", "long"], hits.Select(hit => hit.Id));
        Assert.All(hits, hit => Assert.Equal(ScoreKind.Bm25, hit.ScoreKind));
        Assert.True(hits[0].Score > hits[1].Score && hits[1].Score > 0);
        Assert.Equal(
            ["short"],
            (await engine.SearchAsync("rare", 5, words with { MinScore = (hits[0].Score + hits[1].Score) / 2 })).Select(hit => hit.Id)
        );
        Assert.Equal(asked, model.Asked.Count());
    }

    [Fact]
    public async Task Each_stage_reports_its_rank_and_score()
    {
        await using SemanticSearchEngine engine = await OpenAsync();
        await engine.AddDocumentsAsync(
            Enumerable
                .Range(0, 400)
                .Select(i => new Document($"{(i % 2 == 0 ? "near" : "other")} number{i}") { Id = $"n{i}" })
                .Append(new("near word") { Id = "both" })
                .Append(new("word of completely other things that nobody asked for here") { Id = "word" })
        );
        SearchOptions options = new() { Explain = true };

        SearchStages byMeaning = (await engine.SearchAsync("near word", 1, options))[0].Stages!;
        SearchStages byWords = (await engine.SearchAsync("word", 2, options with { Mode = SearchMode.Keyword, Offset = 1 }))[0].Stages!;
        IReadOnlyList<SearchResult> hybrid = await engine.SearchAsync("near word", 402, options with { Mode = SearchMode.Hybrid });

        Assert.Equal(new SearchStages { Semantic = new(1, 1) }, byMeaning);
        Assert.Equal((2, null), (byWords.Keyword!.Rank, byWords.Semantic!.Rank));
        Assert.Equal(Enumerable.Range(1, hybrid.Count), hybrid.Select(hit => hit.Stages!.Fused!.Rank!.Value));
        Assert.All(hybrid, hit => Assert.Equal(Cosine("near word", hit.Text), hit.Stages!.Semantic!.Score, 1e-5));
        Assert.Null((await engine.SearchAsync("near word", 1))[0].Stages);
        if (!IsFusedHere)
            return;
        Assert.Equal(hybrid.Select(hit => hit.Stages!.Fused!.Score).OrderDescending(), hybrid.Select(hit => hit.Stages!.Fused!.Score));
        Assert.All(hybrid, hit => Assert.InRange(hit.Stages!.Fused!.Score, 0, 1));
        float floor = hybrid.Single(hit => hit.Stages!.Semantic!.Rank == RankFusion.Depth).Stages!.Semantic!.Score;
        foreach (SearchResult hit in hybrid.Where(hit => hit.Stages!.Keyword is null))
            Assert.Equal(0.6 * Math.Max(0, (hit.Score - floor) / (1 - floor)), hit.Stages!.Fused!.Score, 1e-5);
        Assert.Contains(hybrid, hit => hit.Stages!.Keyword is null);
        Assert.NotNull(hybrid.Single(hit => hit.Id == "word").Stages!.Keyword);
    }

    [Theory]
    [InlineData(SearchMode.Semantic)]
    [InlineData(SearchMode.Keyword)]
    [InlineData(SearchMode.Hybrid)]
    public async Task Reranker_orders_the_candidates_of_the_first_stage(SearchMode mode)
    {
        await using SemanticSearchEngine engine = await OpenAsync();
        await engine.AddDocumentsAsync(
            Enumerable
                .Range(0, 60)
                .Select(i => new Document($"page number{i} word{i % 4}")
                {
                    Id = $"{i}",
                    Metadata = new() { ["even"] = i % 2 == 0 },
                })
        );
        using NumberReranker reranker = new();
        SearchOptions plain = new()
        {
            Mode = mode,
            Exact = true,
            Filter = "even = true",
        };
        SearchOptions options = plain with { Reranker = reranker, Candidates = 12, Explain = true };

        SearchResult[] candidates = [.. await engine.SearchAsync("page word2", 12, plain)];
        IReadOnlyList<SearchResult> whole = await engine.SearchAsync("page word2", 12, options);
        List<SearchResult> pages = [];
        for (int offset = 0; offset < 12; offset += 5)
            pages.AddRange(await engine.SearchAsync("page word2", Math.Min(5, 12 - offset), options with { Offset = offset }));

        Assert.Equal(candidates.Select(hit => hit.Id).OrderByDescending(NumberReranker.Number), whole.Select(hit => hit.Id));
        Assert.Equal(whole.Select(hit => (hit.Rank, hit.Id, hit.Score)), pages.Select(hit => (hit.Rank, hit.Id, hit.Score)));
        Assert.All(whole, hit => Assert.Equal((NumberReranker.Number(hit.Id), ScoreKind.Logit), (hit.Score, hit.ScoreKind)));
        Assert.All(whole, hit => Assert.Equal(new(hit.Score, hit.Rank), hit.Stages!.Rerank));
        float least = whole[3].Score;
        Assert.Equal(
            whole.Take(4).Select(hit => hit.Id),
            (await engine.SearchAsync("page word2", 12, options with { MinScore = least })).Select(hit => hit.Id)
        );
        Assert.Equal(20, (await engine.SearchAsync("page word2", 20, options)).Count);
    }

    /// <summary>Scores a document by the number in its text.</summary>
    private sealed class NumberReranker : IReranker
    {
        public RerankerProfile Profile { get; } =
            new()
            {
                Name = "numbers",
                Provider = "test",
                ScoreKind = ScoreKind.Logit,
            };

        public static float Number(string id) => float.Parse(id, CultureInfo.InvariantCulture) - 30;

        public Task<IReadOnlyList<float>> ScoreAsync(
            string query,
            IReadOnlyList<string> documents,
            CancellationToken cancellationToken = default
        ) => Task.FromResult<IReadOnlyList<float>>([.. documents.Select(text => Number(text.Split(' ')[1]["number".Length..]))]);

        public void Dispose() { }
    }

    [Fact]
    public async Task NUL_is_rejected_by_stores_that_cannot_return_it()
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

    [Fact]
    public async Task New_vector_for_an_unchanged_text_is_stored()
    {
        await using SemanticSearchEngine engine = await OpenAsync();
        float[] first = new float[WordModel.Dimensions],
            second = new float[WordModel.Dimensions];
        (first[0], second[1]) = (1, 1);

        await engine.AddDocumentsAsync([new Document("the text") { Id = "x", Vector = first }]);
        UpsertResult same = await engine.AddDocumentsAsync([new Document("the text") { Id = "x", Vector = first }]);
        UpsertResult other = await engine.AddDocumentsAsync([new Document("the text") { Id = "x", Vector = second }]);

        Assert.Equal((1, 1), (same.Unchanged, other.Updated));
        Assert.Equal(second, (await engine.GetAsync("x"))!.Vector!.Value.ToArray());
    }

    [Fact]
    public async Task Concurrent_readers_see_complete_documents()
    {
        const int Documents = 40,
            Rounds = 25;
        await using SemanticSearchEngine engine = await OpenAsync();
        await WriteRoundAsync(0);

        Task writing = Task.Run(async () =>
        {
            for (int round = 1; round <= Rounds; round++)
            {
                await WriteRoundAsync(round);
                await engine.DeleteAsync([$"{round % Documents}", $"{(round * 7) % Documents}"]);
            }
        });
        int rows = 0;
        do
        {
            await foreach (Document document in engine.ListAsync())
                RequireWhole(document);
            if (await engine.GetAsync($"{rows % Documents}") is { } one)
                RequireWhole(one);
            foreach (SearchResult hit in await engine.SearchAsync("document", 5))
                Assert.Equal(hit.Text.Split(' ')[2], $"round{hit.Metadata["round"]}");
        } while (!writing.IsCompleted);
        await writing;
        Assert.NotEqual(0, rows);

        Task WriteRoundAsync(int round) =>
            engine.AddDocumentsAsync(
                Enumerable
                    .Range(0, Documents)
                    .Select(i => new Document($"document number{i} round{round}")
                    {
                        Id = $"{i}",
                        Metadata = new() { ["round"] = round },
                    })
            );

        void RequireWhole(Document document)
        {
            rows++;
            Assert.Equal(document.Text.Split(' ')[2], $"round{document.Metadata!["round"]}");
            Assert.Equal(1f, VectorMath.Dot(Unit(document.Text), document.Vector!.Value.Span), 5);
        }
    }

    [Fact]
    public async Task Collection_stores_its_model()
    {
        await using (SemanticSearchEngine engine = await OpenAsync())
            await engine.AddDocumentsAsync(["one"]);

        InputException refusal = await Assert.ThrowsAsync<InputException>(() =>
            OpenAsync(_name, WordModel.Options(WordModel.Create("others")))
        );

        Assert.Contains("words", refusal.Message);
        Assert.Contains("others", refusal.Message);
    }

    [Fact]
    public async Task Concurrent_writers_lose_nothing()
    {
        await using SemanticSearchEngine engine = await OpenAsync();
        await Task.WhenAll(
            Enumerable
                .Range(0, 6)
                .Select(writer =>
                    Task.Run(async () =>
                    {
                        for (int batch = 0; batch < 4; batch++)
                        {
                            await engine.AddDocumentsAsync(
                                Enumerable
                                    .Range(0, 5)
                                    .Select(i => new Document($"writer{writer} batch{batch} item{i}") { Id = $"{writer}-{batch}-{i}" })
                                    .Append(
                                        new Document($"shared by{writer} batch{batch}")
                                        {
                                            Id = "shared",
                                            Metadata = new() { ["by"] = writer },
                                        }
                                    )
                            );
                            await engine.SearchAsync($"writer{writer}", 3);
                        }

                        await engine.DeleteAsync($"{writer}-0-0");
                    })
                )
        );

        Assert.Equal((6 * 4 * 5) - 6 + 1, await engine.CountAsync());
        List<string> ids = await ListIdsAsync(engine);
        Assert.Equal(ids.Distinct().Count(), ids.Count);
        Assert.Equal(6 * 4 * 5 - 6 + 1, (await engine.SearchAsync("item1", 200, new() { Exact = true })).Count);
        Assert.StartsWith("shared by", (await engine.GetAsync("shared"))!.Text);
        Assert.Empty((await engine.Maintenance.VerifyAsync()).Problems);
    }

    /// <summary>Opens the test's own collection.</summary>
    protected Task<SemanticSearchEngine> OpenAsync() => OpenAsync(_name, WordModel.Options());

    private static async Task<List<T>> ListAsync<T>(SemanticSearchEngine engine, Func<Document, T> select)
    {
        List<T> all = [];
        await foreach (Document document in engine.ListAsync())
            all.Add(select(document));
        return all;
    }

    private static Task<List<string>> ListIdsAsync(SemanticSearchEngine engine) => ListAsync(engine, document => document.Id!);

    private static float Cosine(string a, string b) => VectorMath.Dot(Unit(a), Unit(b));

    private static float[] Unit(string text)
    {
        float[] vector = WordModel.Embed(text);
        VectorMath.Normalize(vector);
        return vector;
    }
}
