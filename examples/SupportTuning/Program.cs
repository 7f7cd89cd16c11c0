// Tune a model that you cannot train, such as a hosted one: an adapter learns to move questions toward their answers.
//   dotnet run -c Release --project examples/SupportTuning -- [MODEL] [OUTPUT-FOLDER]
// MODEL is the built-in one, or for instance openai:text-embedding-3-small with OPENAI_API_KEY set.
using Microsoft.Extensions.AI;
using Sextant;
using Sextant.Hosted;
using Sextant.Models;
using Sextant.Sources;
using Sextant.Training.Adapters;
using Sextant.Training.Data;
using Sextant.Training.FineTuning;

string name = args.Length > 0 ? args[0] : "sextant-small";
string output = args.Length > 1 ? args[1] : "support-tuning-output";
string faq = Path.Combine(AppContext.BaseDirectory, "faq.jsonl");
string tuned = Path.Combine(output, "tuned");

UsageMeter usage = new();
ModelRegistry models = ModelRegistry.Default.WithHostedModels(new() { Usage = usage });
using IEmbeddingGenerator<string, Embedding<float>> model = await models.OpenAsync(name);

// Documents keep their vectors, so collections made with the base model stay valid: only questions go through the adapter.
FineTuningReport report = await AdapterTrainer.TrainAsync(
    PairCollection.FromFiles(faq),
    model,
    tuned,
    new()
    {
        QueriesOnly = true,
        Epochs = 10,
        Warmup = 20,
        ValidationFraction = 0.2,
    }
);
Console.WriteLine($"{name}: adapter trained on {report.TrainingPairs} pairs");
Console.WriteLine($"before  {report.Before}");
Console.WriteLine($"after   {report.After}");

// The collection is made with the base model, and searched with both.
string collection = Path.Combine(output, "faq.sextant");
SemanticSearchEngineOptions original = new() { Model = name, Models = models };
await using (SemanticSearchEngine engine = await SemanticSearchEngine.OpenAsync(collection, original))
{
    await new CollectionIndexer(engine).IndexAsync([faq]);
    await ShowAsync("base ", engine);
}

SemanticSearchEngineOptions adapted = new() { Model = tuned, Models = models.WithProviders(new AdapterModelProvider(models)) };
await using (SemanticSearchEngine engine = await SemanticSearchEngine.OpenAsync(collection, adapted))
{
    await ShowAsync("tuned", engine);
}

// Each text was sent and paid for once: training reads vectors from the cache.
Console.WriteLine($"{usage.Requests} requests, {usage.Tokens} tokens, ${usage.Usd ?? 0:0.######}");

static async Task ShowAsync(string label, SemanticSearchEngine engine)
{
    SearchResult hit = (await engine.SearchAsync("the bank turned down my payment", topK: 1))[0];
    Console.WriteLine($"{label}  {hit.Score:F3}  {hit.Text.Split('\n')[0]}");
}
