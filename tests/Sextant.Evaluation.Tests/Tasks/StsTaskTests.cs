using Microsoft.Extensions.AI;
using Sextant.Embedding;
using Sextant.Evaluation.Data;
using Sextant.Models;
using Sextant.Tests.Shared;

namespace Sextant.Evaluation.Tests.Tasks;

public sealed class StsTaskTests
{
    [Fact]
    public async Task Built_in_model_reaches_the_scores_on_its_card()
    {
        Assert.SkipWhen(TestData.Folder is null, "the folder of public data sets is not there");
        using IEmbeddingGenerator<string, Embedding<float>> generator = await ModelRegistry.Default.OpenAsync(
            StaticModelProvider.BuiltInModel,
            new EmbeddingPipelineOptions { UseCache = false },
            TestContext.Current.CancellationToken
        );
        var model = new EvaluationModel("sextant-small", generator);

        foreach ((string task, double expected) in new[] { ("stsbenchmark", 0.7770), ("sick", 0.7099) })
        {
            TaskSource source = TaskFinder.Find(task, TestData.Folder).Single();
            EvaluationResult result = (await Evaluator.RunAsync(model, source, null, TestContext.Current.CancellationToken)).Single();
            Assert.Equal("cosine_spearman", result.MainScore);
            Assert.Equal(expected, result.Main, 3);
        }
    }
}
