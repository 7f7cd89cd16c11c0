using System.Text.Json;
using Sextant.Tests.Shared;

namespace Sextant.Cli.Tests.Commands;

public sealed class EvaluateCommandTests : IDisposable
{
    private readonly SextantCommand _sextant = new();

    public void Dispose() => _sextant.Dispose();

    [Fact]
    public async Task Pairs_are_evaluated_at_all_dimensions_and_one_is_recommended()
    {
        CommandResult result = await _sextant.RunAsync("evaluate", "--pairs", Pairs(), "--report", "report.html", "--output", "results");

        Assert.True(result.ExitCode == 0, result.Error);
        Assert.StartsWith("model", result.Lines[0], StringComparison.Ordinal);
        Assert.Equal(
            ["256", "128", "64", "32"],
            result.Lines[1..5].Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1])
        );
        Assert.StartsWith("recommendation: use sextant-small at ", result.Lines[^1], StringComparison.Ordinal);
        Assert.Contains("note: for better results: --model all-MiniLM-L6-v2", result.Error, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(_sextant.Folder, "report.html")));
        Assert.Equal(4, Directory.GetFiles(Path.Combine(_sextant.Folder, "results"), "faq.json", SearchOption.AllDirectories).Length);
    }

    [Fact]
    public async Task Json_has_an_object_per_model_task_and_shape_and_a_second_run_uses_stored_results()
    {
        string[] arguments = ["evaluate", "--pairs", Pairs(), "--dimensions", "256,64", "--storage", "float32,bit", "--json"];
        CommandResult first = await _sextant.RunAsync(arguments);
        CommandResult second = await _sextant.RunAsync(arguments);

        JsonElement[] before = Parse(first),
            after = Parse(second);
        Assert.Equal(
            ["256 float32", "256 bit", "64 float32", "64 bit"],
            before.Select(row => $"{row.GetProperty("dimensions")} {row.GetProperty("storage").GetString()}")
        );
        Assert.All(before, row => Assert.False(row.GetProperty("kept").GetBoolean()));
        Assert.All(after, row => Assert.True(row.GetProperty("kept").GetBoolean()));
        Assert.Equal(before.Select(row => row.GetProperty("score").GetDouble()), after.Select(row => row.GetProperty("score").GetDouble()));
        Assert.All(
            before,
            row =>
                Assert.InRange(
                    row.GetProperty("score").GetDouble(),
                    row.GetProperty("low").GetDouble(),
                    row.GetProperty("high").GetDouble()
                )
        );
    }

    [Fact]
    public async Task Fractional_judgments_are_graded_gains_and_unusual_ones_are_noted()
    {
        _sextant.Write(
            "beir/corpus.jsonl",
            "{\"_id\":\"d1\",\"text\":\"Refunds are paid within five days.\"}\n{\"_id\":\"d2\",\"text\":\"Grapes are poisonous to "
                + "dogs.\"}\n"
        );
        _sextant.Write(
            "beir/queries.jsonl",
            "{\"_id\":\"q1\",\"text\":\"when do I get my money back\"}\n{\"_id\":\"q2\",\"text\":\"toxic food for pets\"}\n"
        );
        _sextant.Write("beir/qrels/test.tsv", "query-id\tcorpus-id\tscore\nq1\td1\t0.5\nq2\td2\t0.9\nq2\td3\t0.1\n");
        CommandResult result = await _sextant.RunAsync("evaluate", "beir", "--no-cache", "--json");
        JsonElement root = Parse(result).Single();
        // The second query lacks its least document: 0.9 / (0.9 + 0.1 / log2 3).
        Assert.Equal((1 + (0.9 / (0.9 + (0.1 / Math.Log2(3))))) / 2, root.GetProperty("score").GetDouble(), 6);
        Assert.Contains("beir: 1 relevant document is not in the corpus, such as 'd3'", result.Error, StringComparison.Ordinal);
        Assert.Equal(1, root.GetProperty("notes").GetArrayLength());
    }

    [Fact]
    public async Task Keyword_semantic_hybrid_and_reranked_searches_are_evaluated()
    {
        string[] arguments = ["evaluate", "--pairs", Pairs(), "--dimensions", "256", "--rerank", "sextant-small", "--candidates", "3"];
        CommandResult text = await _sextant.RunAsync(arguments);
        JsonElement[] rows = Parse(await _sextant.RunAsync([.. arguments, "--json"]));

        Assert.Contains("searching faq with sextant-small: 5 queries, the best 3 documents of each", text.Output, StringComparison.Ordinal);
        string[] table = [.. text.Lines.SkipWhile(line => !line.StartsWith("searching", StringComparison.Ordinal)).Skip(1)];
        Assert.StartsWith("search ", table[0], StringComparison.Ordinal);
        Assert.Equal(7, table.Length);
        JsonElement plain = rows.Single(row => row.GetProperty("kind").GetString() == "Retrieval");
        JsonElement[] searches = [.. rows.Where(row => row.GetProperty("kind").GetString() == "Search")];
        Assert.Equal(
            ["keyword", "semantic", "hybrid", "keyword", "semantic", "hybrid"],
            searches.Select(row => row.GetProperty("mode").GetString())
        );
        Assert.Equal(
            [null, null, null, "sextant-small", "sextant-small", "sextant-small"],
            searches.Select(row => row.GetProperty("rerank").GetString())
        );
        Assert.Equal(
            [false, false, false, true, true, true],
            searches.Select(row => row.GetProperty("ms_per_query_cold").ValueKind == JsonValueKind.Number)
        );
        // At most three of five candidates are reranked, so a question whose answer is not among them scores 0 in both.
        Assert.Equal(searches[1].GetProperty("score").GetDouble(), searches[4].GetProperty("score").GetDouble(), 9);
        Assert.Equal(
            searches[1].GetProperty("scores").GetProperty("mrr_at_3").GetDouble(),
            plain.GetProperty("scores").GetProperty("mrr_at_3").GetDouble(),
            9
        );
    }

    [Theory]
    [InlineData("evaluate", "no-such-task")]
    [InlineData("evaluate", "--pairs", "faq.csv", "--candidates", "5")]
    [InlineData("evaluate", "--pairs", "faq.csv", "--rerank", "nobody")]
    [InlineData("evaluate", "sts.tsv", "--rerank", "sextant-small")]
    [InlineData("evaluate", "--pairs", "missing.csv")]
    [InlineData("evaluate", "--pairs", "faq.csv", "--dimensions", "12,x")]
    [InlineData("evaluate", "--pairs", "faq.csv", "--storage", "float16")]
    [InlineData("evaluate", "--pairs", "faq.csv", "--dimensions", "4096")]
    public async Task Invalid_evaluation_is_a_one_line_error(params string[] arguments)
    {
        Pairs();
        _sextant.Write("sts.tsv", "sentence1\tsentence2\tscore\na cat\ta dog\t3\na car\ta bus\t4\n");
        CommandResult result = await _sextant.RunAsync(arguments);

        Assert.Equal(2, result.ExitCode);
        Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Empty(result.Output);
    }

    private static JsonElement[] Parse(CommandResult result) => [.. result.Lines.Select(line => JsonDocument.Parse(line).RootElement)];

    private string Pairs() => _sextant.Write("faq.csv", "question,answer\n" + string.Join('\n', Faq));

    private static readonly string[] Faq =
    [
        "How do I get my money back?,A refund is paid within five days",
        "Where is my parcel?,The tracking link shows where your delivery is",
        "How can I change my password?,Open the account page and choose a new password",
        "Do you ship abroad?,We deliver to every country in Europe",
        "Can I pay by card?,We take all credit cards and bank transfer",
    ];
}
