using System.Text.Json;
using Microsoft.Extensions.AI;
using Sextant.Embedding;
using Sextant.Evaluation.Data;
using Sextant.Evaluation.Report;
using Sextant.Index;
using Sextant.Models;
using Sextant.Tests.Shared;

namespace Sextant.Evaluation.Tests;

public sealed class EvaluatorTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Results_are_stored_until_the_data_changes()
    {
        string path = Pairs(
            "question,answer\nhow do I get my money back,refunds take five days\nwhere is my parcel,we send a tracking link\n"
        );
        var store = new ResultStore(_folder.File("results"));

        EvaluationResult first = (await RunAsync(path, store)).Single();
        EvaluationResult second = (await RunAsync(path, store)).Single();
        Pairs("question,answer\nhow do I get my money back,refunds take five days\nwhere is my parcel,we do not know\n");
        EvaluationResult third = (await RunAsync(path, store)).Single();

        Assert.Equal((false, true, false), (first.Kept, second.Kept, third.Kept));
        Assert.Equal(first.Main, second.Main);
        Assert.Equal(first.Replicates, second.Replicates);
        Assert.NotEqual(first.Revision, third.Revision);
    }

    [Fact]
    public async Task Damaged_result_is_measured_again()
    {
        string path = Pairs("question,answer\na b c,x y z\nd e f,u v w\n");
        var store = new ResultStore(_folder.File("results"));
        await RunAsync(path, store);
        foreach (string file in Directory.GetFiles(_folder.File("results")))
            await File.WriteAllTextAsync(file, "{\"Model\":");

        Assert.False((await RunAsync(path, store)).Single().Kept);
    }

    [Fact]
    public async Task Smallest_sufficient_dimensions_and_storage_are_recommended()
    {
        string path = Pairs(
            "question,answer\n"
                + string.Concat(Enumerable.Range(0, 20).Select(i => $"what is number {i} word{i},it is word{i} of course\n"))
        );
        VectorShape[] shapes =
        [
            new(256),
            new(64),
            new(256, VectorStorage.Int8),
            new(256, VectorStorage.Int4),
            new(256, VectorStorage.Bit),
            new(4096),
        ];

        IReadOnlyList<EvaluationRow> rows = EvaluationRow.Create(await RunAsync(path, null, shapes));

        Assert.Equal([1024, 256, 256, 128, 32], rows.Select(row => row.BytesPerVector));
        Assert.All(rows.Skip(2).Take(2), row => Assert.InRange(row.Mean, rows[0].Mean - 0.02, rows[0].Mean + 0.02));
        Recommendation recommendation = Recommendation.Choose(rows)!;
        Assert.True(recommendation.Chosen.Mean >= 0.99 * rows.Max(row => row.Mean));
        Assert.DoesNotContain(
            rows,
            row => row.Mean >= 0.99 * recommendation.Best.Mean && row.BytesPerVector < recommendation.Chosen.BytesPerVector
        );
        Assert.Contains(
            $"use sextant-small at {recommendation.Chosen.Dimensions} dimensions",
            recommendation.ToString(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Result_files_use_the_MTEB_format()
    {
        string path = Pairs("question,answer\na b c,x y z\nd e f,u v w\n");
        MtebFiles.Write(_folder.File("out"), await RunAsync(path, null));

        string file = Directory.GetFiles(_folder.File("out"), "pairs.json", SearchOption.AllDirectories).Single();
        JsonElement root = JsonDocument.Parse(await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken)).RootElement;
        Assert.Equal("pairs", root.GetProperty("task_name").GetString());
        Assert.True(
            root.TryGetProperty("dataset_revision", out _)
                && root.TryGetProperty("evaluation_time", out _)
                && root.TryGetProperty("mteb_version", out _)
        );
        JsonElement scores = root.GetProperty("scores").GetProperty("test")[0];
        Assert.Equal("default", scores.GetProperty("hf_subset").GetString());
        Assert.Equal(scores.GetProperty("ndcg_at_10").GetDouble(), scores.GetProperty("main_score").GetDouble());
        Assert.True(File.Exists(Path.Combine(Path.GetDirectoryName(file)!, "model_meta.json")));
    }

    [Fact]
    public async Task Report_is_self_contained_and_escapes_names()
    {
        string path = Pairs("question,answer\na b c,x y z\nd e f,u v w\n");
        EvaluationResult result = (await RunAsync(path, null, [new VectorShape(256), new VectorShape(64)]))[0] with
        {
            Task = "<script>alert(1)</script>",
        };

        string page = HtmlReport.Render(EvaluationRow.Create([result, result with { Dimensions = 64 }]));

        Assert.Contains("<svg", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("src=", page, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", page, StringComparison.Ordinal);
    }

    private string Pairs(string content)
    {
        string path = _folder.File("pairs.csv");
        File.WriteAllText(path, content);
        return path;
    }

    private static async Task<IReadOnlyList<EvaluationResult>> RunAsync(string path, ResultStore? store, params VectorShape[] shapes)
    {
        using IEmbeddingGenerator<string, Embedding<float>> generator = await ModelRegistry.Default.OpenAsync(
            StaticModelProvider.BuiltInModel,
            new EmbeddingPipelineOptions { UseCache = false },
            TestContext.Current.CancellationToken
        );
        return await Evaluator.RunAsync(
            new EvaluationModel("sextant-small", generator) { UsdPerMillionTokens = 0 },
            PairsFile.Open(path),
            new EvaluatorOptions { Store = store, Shapes = shapes.Length > 0 ? shapes : [new VectorShape()] },
            TestContext.Current.CancellationToken
        );
    }
}
