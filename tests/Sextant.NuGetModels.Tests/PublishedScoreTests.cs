using Microsoft.Extensions.AI;
using Sextant.Evaluation;
using Sextant.Evaluation.Data;
using Sextant.Tests.Shared;

namespace Sextant.NuGetModels.Tests;

/// <summary>
/// Scores of the real models on parts of the public tasks, against those of the reference's vectors, scored by programs that use none of
/// Sextant.
/// </summary>
public sealed class PublishedScoreTests(RealModels models) : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("all-MiniLM-L6-v2", "stsbenchmark", "sts-test.csv", 0, 3, 460)]
    [InlineData("all-MiniLM-L6-v2", "sick", "SICK_test_annotated.txt", 1, 10, 493)]
    [InlineData("snowflake-arctic-embed-xs", "stsbenchmark", "sts-test.csv", 0, 3, 460)]
    [InlineData("snowflake-arctic-embed-xs", "sick", "SICK_test_annotated.txt", 1, 10, 493)]
    public async Task Model_matches_the_reference_score_on_part_of_a_task(
        string name,
        string task,
        string file,
        int header,
        int step,
        int pairs
    )
    {
        Assert.SkipWhen(TestData.Folder is null, "the folder of public data sets is not there");
        string[] lines = await File.ReadAllLinesAsync(
            Path.Combine(TestData.Folder, "eval", task, file),
            TestContext.Current.CancellationToken
        );
        string[] part = [.. lines.Skip(header).Where((_, i) => i % step == 0)];
        Assert.Equal(pairs, part.Length);
        await File.WriteAllLinesAsync(_folder.File(file), [.. lines.Take(header), .. part], TestContext.Current.CancellationToken);

        EvaluationResult result = await ScoreAsync(name);

        Assert.Equal(task, result.Task);
        Assert.Equal("cosine_spearman", result.MainScore);
        Assert.Equal(GoldenFile.Read(name).Scores[task], result.Main, 0.0001);
    }

    [Theory]
    [InlineData("all-MiniLM-L6-v2")]
    [InlineData("snowflake-arctic-embed-xs")]
    public async Task Model_matches_the_reference_ranking_on_part_of_SciFact(string name)
    {
        Assert.SkipWhen(TestData.Folder is null, "the folder of public data sets is not there");
        Assert.Equal((41, 223), TaskParts.WriteSciFact(TestData.Folder, _folder.Path));

        EvaluationResult result = await ScoreAsync(name);

        Assert.Equal(("scifact", "ndcg_at_10"), (result.Task, result.MainScore));
        Assert.Equal(GoldenFile.Read(name).Scores["scifact"], result.Main, 0.0001);
    }

    [Theory]
    [InlineData("all-MiniLM-L6-v2")]
    [InlineData("snowflake-arctic-embed-xs")]
    public async Task Classification_of_part_of_Banking77_matches_scikit_learn(string name)
    {
        Assert.SkipWhen(TestData.Folder is null, "the folder of public data sets is not there");
        Assert.Equal((480, 400), TaskParts.WriteBanking77(TestData.Folder, _folder.Path));

        EvaluationResult result = await ScoreAsync(name);

        Assert.Equal(("banking77", "accuracy"), (result.Task, result.MainScore));
        // Ten runs of 400 texts: the two minimizers end at slightly different weights, which decide a few close calls.
        Assert.Equal(GoldenFile.Read(name).Scores["banking77"], result.Main, 0.002);
    }

    private async Task<EvaluationResult> ScoreAsync(string name)
    {
        using IEmbeddingGenerator<string, Embedding<float>> model = await models.OpenAsync(name);
        return (
            await Evaluator.RunAsync(
                new EvaluationModel(name, model),
                TaskFinder.Find(_folder.Path, null).Single(),
                null,
                TestContext.Current.CancellationToken
            )
        ).Single();
    }
}
