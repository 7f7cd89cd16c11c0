using Microsoft.Extensions.AI;
using Sextant.Embedding;
using Sextant.Evaluation.Data;
using Sextant.Evaluation.Tasks;
using Sextant.Models;
using Sextant.Tests.Shared;
using Sextant.Tests.Shared.Stores;

namespace Sextant.Evaluation.Tests;

public sealed class SearchEvaluatorTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly NamedModels _models = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Semantic_search_scores_like_the_vectors()
    {
        TaskSource source = Source();
        using IEmbeddingGenerator<string, Embedding<float>> generator = EmbeddingPipeline.Wrap(
            _models[NamedModels.First],
            new() { UseCache = false }
        );
        var model = new EvaluationModel("first", generator);

        EvaluationResult vectors = (await Evaluator.RunAsync(model, source)).Single();
        IReadOnlyList<SearchEvaluationResult> searches = await SearchEvaluator.RunAsync(model, source, Options(NamedModels.First));

        Assert.Equal(
            [SearchMode.Keyword, SearchMode.Semantic, SearchMode.Hybrid, SearchMode.Keyword, SearchMode.Semantic, SearchMode.Hybrid],
            searches.Select(one => one.Mode)
        );
        foreach (SearchEvaluationResult same in (SearchEvaluationResult[])[searches[1], searches[4], searches[5]])
        {
            Assert.Equal(vectors.Main, same.Main, 9);
            Assert.Equal(vectors.Scores["map_at_20"], same.Scores["map_at_20"], 9);
            Assert.Equal(vectors.Replicates.Count, same.Replicates.Count);
        }

        Assert.All(searches, one => Assert.Equal((one.Rerank is not null, 12), (one.ColdMilliseconds is not null, one.Queries)));
        Assert.Equal([null, null, null, NamedModels.First, NamedModels.First, NamedModels.First], searches.Select(one => one.Rerank));
    }

    [Fact]
    public async Task Keyword_search_scores_match_a_manual_count()
    {
        // One query, "alpha": only the second and third text hold it, and the shorter of them, which is not relevant, comes first.
        var judgments = new Dictionary<string, IReadOnlyDictionary<string, double>>
        {
            ["q"] = new Dictionary<string, double> { ["long"] = 1, ["none"] = 1 },
        };
        var data = new RetrievalData(
            [new("q", "alpha")],
            [
                new("none", "beta"),
                new("short", "alpha"),
                new("long", "alpha beta gamma delta"),
                .. Enumerable.Range(0, 9).Select(i => new NamedText($"f{i}", $"filler{i}")),
            ],
            judgments
        );
        using IEmbeddingGenerator<string, Embedding<float>> generator = EmbeddingPipeline.Wrap(
            _models[NamedModels.First],
            new() { UseCache = false }
        );

        IReadOnlyList<SearchEvaluationResult> searches = await SearchEvaluator.RunAsync(
            new EvaluationModel("first", generator),
            new TaskSource("t", TaskKind.Retrieval, [], () => new RetrievalTask(data)),
            Options(NamedModels.Second)
        );

        Assert.Equal(1 / Math.Log2(3) / (1 + (1 / Math.Log2(3))), searches[0].Scores["ndcg_at_10"], 9);
        Assert.Equal(0.5, searches[0].Scores["recall_at_20"], 9);
        Assert.DoesNotContain("recall_at_100", searches[0].Scores.Keys);
        Assert.Equal(1, searches[1].Scores["recall_at_20"], 9);
    }

    [Fact]
    public async Task Candidates_are_embedded_once_for_all_first_stages()
    {
        using IEmbeddingGenerator<string, Embedding<float>> generator = EmbeddingPipeline.Wrap(
            _models[NamedModels.First],
            new() { UseCache = false }
        );

        await SearchEvaluator.RunAsync(new EvaluationModel("first", generator), Source(), Options(NamedModels.Second));

        // In addition to the three uncached queries of each mode.
        (string[] Texts, EmbeddingGenerationOptions? Options)[] requests = [.. _models[NamedModels.Second].Requests];
        Assert.InRange(requests.Sum(request => request.Texts.Length), 1, 12 + 30 + (3 * 3 * 21));
        Assert.True(_models[NamedModels.Second].Disposed);
        Assert.False(_models[NamedModels.First].Disposed);
    }

    [Fact]
    public async Task Task_without_retrieval_is_rejected()
    {
        using IEmbeddingGenerator<string, Embedding<float>> generator = EmbeddingPipeline.Wrap(
            _models[NamedModels.First],
            new() { UseCache = false }
        );
        TaskSource sts = new("sts", TaskKind.Sts, [], () => throw new InvalidOperationException());

        InputException e = await Assert.ThrowsAsync<InputException>(() =>
            SearchEvaluator.RunAsync(new EvaluationModel("first", generator), sts, Options(NamedModels.Second))
        );

        Assert.Contains("sts is not a retrieval task", e.Message, StringComparison.Ordinal);
    }

    private SearchEvaluatorOptions Options(string rerank) =>
        new()
        {
            Rerank = rerank,
            Models = new ModelRegistry([_models]),
            Pipeline = new EmbeddingPipelineOptions { CacheDirectory = _folder.File("cache") },
            Candidates = 20,
        };

    // No two of the thirty texts have the same words, which would be equally near but for rounding.
    private static TaskSource Source()
    {
        string[] words = ["red", "green", "blue", "apple", "whale", "pie", "sea", "moon", "tree", "stone", "bird"];
        NamedText[] documents =
        [
            .. Enumerable.Range(0, 30).Select(i => new NamedText($"d{i}", $"{words[i % 11]} {words[(i + 1 + (i / 11)) % 11]} only{i}")),
        ];
        NamedText[] queries =
        [
            .. Enumerable.Range(0, 12).Select(i => new NamedText($"q{i}", $"{words[(i * 2) % 11]} {words[(i * 7) % 11]}")),
        ];
        Dictionary<string, IReadOnlyDictionary<string, double>> judgments = queries
            .Select((query, i) => (query.Id, i))
            .ToDictionary(
                one => one.Id,
                one => (IReadOnlyDictionary<string, double>)new Dictionary<string, double> { [$"d{one.i}"] = 1, [$"d{one.i + 11}"] = 2 }
            );
        return new("made-up", TaskKind.Retrieval, [], () => new RetrievalTask(new RetrievalData(queries, documents, judgments)));
    }
}
