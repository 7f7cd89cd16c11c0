using System.Text.Json;
using Sextant.Tests.Shared;

namespace Sextant.Cli.Tests.Commands;

public sealed class SearchCommandTests : IDisposable
{
    private readonly SextantCommand _sextant = new();

    public void Dispose() => _sextant.Dispose();

    [Fact]
    public async Task File_is_searched_semantically()
    {
        _sextant.Write("faq.jsonl", Faq.JsonLines);

        CommandResult result = await _sextant.RunAsync("search", "faq.jsonl", "how do I get my money back");

        Assert.Equal(0, result.ExitCode);
        Assert.Empty(result.Error);
        Assert.StartsWith(" 1.", result.Lines[0], StringComparison.Ordinal);
        Assert.Contains("Refunds:", result.Lines[0], StringComparison.Ordinal);
        Assert.Contains("topic: orders", result.Lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Results_are_grouped_and_values_of_fields_counted()
    {
        _sextant.Write(
            "a.jsonl",
            """
            {"id":"1","text":"a red boat","kind":"ship","year":2024}
            {"id":"2","text":"a boat","kind":"ship","year":2024}
            {"id":"3","text":"a red car","kind":"car","year":2025}
            """
        );
        string[] grouped = ["search", "a.jsonl", "red boat", "--group-by", "kind", "--group-size", "1", "--facet", "year"];

        CommandResult text = await _sextant.RunAsync(grouped);
        CommandResult json = await _sextant.RunAsync([.. grouped, "--json", "--filter", "year = 2024"]);
        CommandResult unknown = await _sextant.RunAsync("search", "a.jsonl", "red boat", "--facet", "yaer");

        Assert.Equal(["kind: ship", "kind: car"], text.Lines.Where(line => line.StartsWith("kind:", StringComparison.Ordinal)));
        Assert.Equal("year: 2024 2, 2025 1", text.Lines[^1]);
        JsonElement found = JsonDocument.Parse(json.Output).RootElement;
        Assert.Equal("ship", found.GetProperty("results")[0].GetProperty("group").GetString());
        Assert.Equal("""[{"field":"year","values":[{"value":2024,"count":2}],"distinct":1}]""", found.GetProperty("facets").GetRawText());
        Assert.Contains("no document has the field 'yaer'; did you mean 'year'?", unknown.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nested_metadata_is_readable_in_every_script()
    {
        _sextant.Write("a.jsonl", """{"id":"1","text":"a boat","tags":["Straße","日本","It's","<b>&"],"o":{"k":"é 🚢"}}""");

        CommandResult text = await _sextant.RunAsync("search", "a.jsonl", "boat");
        CommandResult json = await _sextant.RunAsync("search", "a.jsonl", "boat", "--json");

        Assert.Contains("""tags: ["Straße","日本","It's","<b>&"] · o: {"k":"é 🚢"}""", text.Output, StringComparison.Ordinal);
        Assert.Contains("""{"tags":["Straße","日本","It's","<b>&"],"o":{"k":"é """, json.Output, StringComparison.Ordinal);
        Assert.Equal(
            "é 🚢",
            JsonDocument
                .Parse(json.Output)
                .RootElement.GetProperty("results")[0]
                .GetProperty("metadata")
                .GetProperty("o")
                .GetProperty("k")
                .GetString()
        );
        Assert.DoesNotContain("\\u", text.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_is_one_object_with_the_documented_shape()
    {
        _sextant.Write("faq.jsonl", Faq.JsonLines);

        CommandResult result = await _sextant.RunAsync("search", "faq.jsonl", "how do I get my money back", "-k", "2", "--json");

        JsonElement root = JsonDocument.Parse(Assert.Single(result.Lines)).RootElement;
        Assert.Equal(["query", "took_ms", "results"], root.EnumerateObject().Select(p => p.Name));
        Assert.Equal(2, root.GetProperty("results").GetArrayLength());
        JsonElement first = root.GetProperty("results")[0];
        Assert.Equal(["rank", "id", "score", "text", "metadata"], first.EnumerateObject().Select(p => p.Name));
        Assert.Equal(1, first.GetProperty("rank").GetInt32());
        Assert.Equal("refund", first.GetProperty("id").GetString());
        Assert.InRange(first.GetProperty("score").GetDouble(), -1, 1);
        Assert.Equal("orders", first.GetProperty("metadata").GetProperty("topic").GetString());
    }

    [Theory]
    [InlineData("--hybrid")]
    [InlineData("--quiet")]
    public async Task Query_in_an_unknown_script_finds_the_text_that_contains_it(string option)
    {
        _sextant.Write(
            "cities.jsonl",
            """
            {"id":"en","text":"The weather is fine."}
            {"id":"zh","text":"今天讨论了部署方案"}
            {"id":"ja","text":"東京の天気は晴れです。"}
            """
        );

        CommandResult found = await _sextant.RunAsync("search", "cities.jsonl", "天気", option);
        CommandResult nothing = await _sextant.RunAsync("search", "cities.jsonl", "祭り", option);

        Assert.Equal(2, found.Lines.Length);
        Assert.Contains("東京", found.Lines[0], StringComparison.Ordinal);
        Assert.Equal(option != "--quiet", found.Error.Contains("knows no word of the query", StringComparison.Ordinal));
        Assert.Equal((0, ""), (nothing.ExitCode, nothing.Output));
    }

    [Fact]
    public async Task Search_applies_the_filter_and_the_minimum_score()
    {
        _sextant.Write("faq.jsonl", Faq.JsonLines);
        await _sextant.RunAsync("index", "faq.jsonl", "--to", "faq.sextant");

        CommandResult filtered = await _sextant.RunAsync("search", "faq.sextant", "money", "--filter", "topic = 'account'", "--json");
        CommandResult strict = await _sextant.RunAsync("search", "faq.sextant", "money", "--min-score", "0.99");

        Assert.Equal(
            ["password"],
            JsonDocument
                .Parse(filtered.Output)
                .RootElement.GetProperty("results")
                .EnumerateArray()
                .Select(r => r.GetProperty("id").GetString())
        );
        Assert.Equal((0, ""), (strict.ExitCode, strict.Output));
        Assert.Equal("no results\n", strict.Error);
    }

    [Fact]
    public async Task Filter_on_an_unknown_field_suggests_the_nearest_name()
    {
        _sextant.Write("faq.jsonl", Faq.JsonLines);

        CommandResult misspelled = await _sextant.RunAsync("search", "faq.jsonl", "money", "--filter", "topc = 'orders'");
        CommandResult unknown = await _sextant.RunAsync(
            "search",
            "faq.jsonl",
            "money",
            "--filter",
            "color = 'red' and topic = 'orders'",
            "--json"
        );
        CommandResult known = await _sextant.RunAsync("search", "faq.jsonl", "money", "--filter", "topic = 'cars'");

        Assert.Equal((0, "no results\nno document has the field 'topc'; did you mean 'topic'?\n"), (misspelled.ExitCode, misspelled.Error));
        Assert.StartsWith("no document has the field 'color'; there are ", unknown.Error, StringComparison.Ordinal);
        Assert.Equal("no results\n", known.Error);
    }

    [Fact]
    public async Task Text_finds_itself_at_a_minimum_score_of_1()
    {
        string[] texts = [.. Enumerable.Range(0, 60).Select(i => $"text number {i * 7919} about {(char)('a' + (i % 26))} and {i}")];
        _sextant.Write("texts.jsonl", string.Join('\n', texts.Select((text, i) => JsonSerializer.Serialize(new { id = $"{i}", text }))));
        await _sextant.RunAsync("index", "texts.jsonl", "--to", "c.sextant");
        foreach (int i in (int[])[0, 17, 41, 59])
        {
            JsonElement result = JsonDocument
                .Parse((await _sextant.RunAsync("search", "c.sextant", texts[i], "--min-score", "1", "--json")).Output)
                .RootElement;
            Assert.Equal(
                (1.0, $"{i}"),
                (
                    result.GetProperty("results")[0].GetProperty("score").GetDouble(),
                    result.GetProperty("results")[0].GetProperty("id").GetString()
                )
            );
        }
    }

    [Fact]
    public async Task Keyword_search_scores_with_BM25_and_needs_no_model()
    {
        _sextant.Write("faq.jsonl", Faq.JsonLines);
        await _sextant.RunAsync("index", "faq.jsonl", "--to", "faq.sextant");

        CommandResult text = await _sextant.RunAsync("search", "faq.sextant", "password", "--mode", "keyword");
        JsonElement json = JsonDocument
            .Parse((await _sextant.RunAsync("search", "faq.sextant", "password", "--mode", "keyword", "--json")).Output)
            .RootElement;
        double score = json.GetProperty("results")[0].GetProperty("score").GetDouble();
        CommandResult above = await _sextant.RunAsync(
            "search",
            "faq.sextant",
            "password",
            "--mode",
            "keyword",
            "--min-score",
            $"{score + 1:F1}"
        );

        Assert.Matches(@"^ 1\. +(<0\.001|\d\.\d{3}) BM25  ", text.Lines[0]);
        Assert.Equal("bm25", json.GetProperty("score_kind").GetString());
        Assert.Equal("password", json.GetProperty("results")[0].GetProperty("id").GetString());
        Assert.True(score > 0);
        Assert.Equal((0, ""), (above.ExitCode, above.Output));
    }

    [Fact]
    public async Task Hybrid_flag_equals_mode_hybrid()
    {
        _sextant.Write("faq.jsonl", Faq.JsonLines);

        CommandResult mode = await _sextant.RunAsync("search", "faq.jsonl", "money", "--mode", "hybrid");
        CommandResult hybrid = await _sextant.RunAsync("search", "faq.jsonl", "money", "--hybrid");

        Assert.Equal((0, hybrid.Output), (mode.ExitCode, mode.Output));
        Assert.DoesNotContain("BM25", mode.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reranker_orders_the_candidates_and_explain_shows_each_stage()
    {
        _sextant.Write("faq.jsonl", Faq.JsonLines);
        string[] search = ["search", "faq.jsonl", "how do I get my money back", "-k", "3", "--dimensions", "32"];

        JsonElement first = Json(await _sextant.RunAsync([.. search, "--json", "--explain"]));
        CommandResult result = await _sextant.RunAsync([.. search, "--json", "--explain", "--rerank", "sextant-small"]);
        JsonElement second = Json(result);
        CommandResult text = await _sextant.RunAsync([.. search, "--explain", "--mode", "semantic", "--rerank", "sextant-small"]);

        JsonElement one = first.GetProperty("results")[0];
        Assert.Equal(["rank", "id", "score", "text", "metadata", "stages"], one.EnumerateObject().Select(p => p.Name));
        Assert.Equal(["semantic"], one.GetProperty("stages").EnumerateObject().Select(p => p.Name));
        Assert.False(first.TryGetProperty("score_kind", out _));
        Assert.Equal(("cosine", "sextant-small"), (second.GetProperty("score_kind").GetString(), second.GetProperty("rerank").GetString()));
        JsonElement[] hits = [.. second.GetProperty("results").EnumerateArray()];
        Assert.Equal(hits.Select(Score).OrderDescending(), hits.Select(Score));
        Assert.All(
            hits,
            hit =>
            {
                JsonElement stages = hit.GetProperty("stages");
                Assert.Equal(Score(hit), stages.GetProperty("rerank").GetProperty("score").GetDouble());
                Assert.Equal(hit.GetProperty("rank").GetInt32(), stages.GetProperty("rerank").GetProperty("rank").GetInt32());
                // The first stage compares 32 dimensions, the reranker all of them.
                Assert.NotEqual(Score(hit), stages.GetProperty("semantic").GetProperty("score").GetDouble());
                Assert.True(stages.GetProperty("fused").GetProperty("rank").GetInt32() > 0);
            }
        );
        Assert.Matches(@"^ 1\. +\d\.\d{3} cosine  Refunds:", text.Lines[0]);
        Assert.Matches(@"^ +semantic \d\.\d{3} \(rank \d\) · rerank \d\.\d{3} \(rank 1\)$", text.Lines[2]);
        Assert.Contains("ordered by sextant-small", text.Error, StringComparison.Ordinal);

        static JsonElement Json(CommandResult result) => JsonDocument.Parse(Assert.Single(result.Lines)).RootElement;

        static double Score(JsonElement hit) => hit.GetProperty("score").GetDouble();
    }

    [Theory]
    [InlineData("search nowhere.jsonl question", "nowhere.jsonl: no such file or folder")]
    [InlineData("search faq.jsonl question --filter (", "filter, character 2")]
    [InlineData("search faq.jsonl question -k 0", "-k must be a whole number of at least 1, not '0'")]
    [InlineData("search faq.jsonl question --min-score 2", "--min-score must be a number between -1 and 1, not '2'")]
    [InlineData("search faq.jsonl question --hybrid --min-score -1.5", "--min-score must be a number between -1 and 1, not '-1.5'")]
    [InlineData("search faq.jsonl question --mode keyword --min-score high", "--min-score must be a number, not 'high'")]
    [InlineData("search faq.jsonl question --mode words", "--mode must be semantic, keyword or hybrid, not 'words'")]
    [InlineData("search faq.jsonl question --hybrid --mode keyword", "--hybrid and --mode keyword contradict each other")]
    [InlineData("search faq.jsonl question --candidates 10", "name a model with --rerank")]
    [InlineData(
        "search faq.jsonl question --rerank sextant-small --candidates 0",
        "--candidates must be a whole number of at least 1, not '0'"
    )]
    [InlineData("search faq.jsonl question --rerank nobody", "unknown model 'nobody'")]
    [InlineData("search faq.jsonl question --model nobody", "unknown model 'nobody'")]
    [InlineData("search faq.jsonl question --dimensions 300", "300 were requested")]
    [InlineData("search bad.jsonl question", "bad.jsonl:2")]
    [InlineData("search faq.jsonl question --chunk 10 --overlap 10", "--overlap 10 must be less than --chunk 10")]
    [InlineData("collection info nowhere", "nowhere: no collection here; create one first")]
    [InlineData("serch faq.jsonl question", "did you mean 'search'?")]
    [InlineData("collection inf faq.sextant", "did you mean 'info'?")]
    [InlineData("embed text --format xml", "--format must be jsonl, csv, npy or parquet, not 'xml'")]
    [InlineData("index faq.jsonl", "--to")]
    public async Task Bad_input_is_a_one_line_error_with_its_location_and_exit_code_2(string arguments, string says)
    {
        _sextant.Write("faq.jsonl", Faq.JsonLines);
        _sextant.Write("bad.jsonl", "{\"text\":\"fine\"}\n{\"text\":\n");

        CommandResult result = await _sextant.RunAsync(arguments.Split(' '));

        Assert.Equal(2, result.ExitCode);
        Assert.Empty(result.Output);
        Assert.Contains(says, result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.TrimEnd('\n').Split('\n'));
    }
}
