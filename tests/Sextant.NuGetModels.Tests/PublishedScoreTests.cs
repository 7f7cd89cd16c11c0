using Microsoft.Extensions.AI;
using Sextant.Evaluation;
using Sextant.Evaluation.Data;
using Sextant.Tests;

namespace Sextant.NuGetModels.Tests;

/// <summary>Scores of the real models on parts of the public tasks, against those of the reference's vectors and a Spearman correlation of its own.</summary>
public sealed class PublishedScoreTests(RealModels models) : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("all-MiniLM-L6-v2", "stsbenchmark", "sts-test.csv", 0, 3, 460)]
    [InlineData("all-MiniLM-L6-v2", "sick", "SICK_test_annotated.txt", 1, 10, 493)]
    [InlineData("snowflake-arctic-embed-xs", "stsbenchmark", "sts-test.csv", 0, 3, 460)]
    [InlineData("snowflake-arctic-embed-xs", "sick", "SICK_test_annotated.txt", 1, 10, 493)]
    public async Task Model_scores_on_part_of_a_task_what_the_reference_scores(string name, string task, string file, int header, int step, int pairs)
    {
        Assert.SkipWhen(TestData.Folder is null, "the folder of public data sets is not there");
        string[] lines = await File.ReadAllLinesAsync(Path.Combine(TestData.Folder, "eval", task, file), TestContext.Current.CancellationToken);
        string[] part = [.. lines.Skip(header).Where((_, i) => i % step == 0)];
        Assert.Equal(pairs, part.Length);
        await File.WriteAllLinesAsync(_folder.File(file), [.. lines.Take(header), .. part], TestContext.Current.CancellationToken);
        using IEmbeddingGenerator<string, Embedding<float>> model = await models.OpenAsync(name);

        EvaluationResult result = (await Evaluator.RunAsync(
            new EvaluationModel(name, model), TaskFinder.Find(_folder.Path, null).Single(), null, TestContext.Current.CancellationToken)).Single();

        Assert.Equal(task, result.Task);
        Assert.Equal("cosine_spearman", result.MainScore);
        Assert.Equal(GoldenFile.Read(name).Scores[task], result.Main, 0.0001);
    }
}
