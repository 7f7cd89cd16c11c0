// Text embeddings from end to end: vectors, similarity, a picture, a search engine, fine-tuning, shorter vectors. Everything runs offline.
//   dotnet run -c Release --project examples/Quickstart [OUTPUT-FOLDER]
using System.Text.Json;
using Microsoft.Extensions.AI;
using Quickstart;
using Sextant;
using Sextant.Embedding;
using Sextant.Models;
using Sextant.Numerics;
using Sextant.Plotting;
using Sextant.Training.Data;
using Sextant.Training.FineTuning;
using Sextant.Umap;

string output = args is [string folder] ? folder : "quickstart-output";
Directory.CreateDirectory(output);
Question[] faq =
[
    .. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "faq.jsonl"))
        .Select(line => JsonSerializer.Deserialize<Question>(line, JsonSerializerOptions.Web)!),
];

Console.WriteLine("# Get embeddings");
using IEmbeddingGenerator<string, Embedding<float>> model = await ModelRegistry.Default.OpenAsync("sextant-small");
string[] sentences =
[
    "The quick brown fox jumps over the lazy dog",
    "A fast auburn fox leaps above the sleepy hound", // a paraphrase
    "Python is a programming language", // unrelated
];
GeneratedEmbeddings<Embedding<float>> embeddings = await model.EmbedDocumentsAsync(sentences);
Console.WriteLine($"{embeddings.Count} vectors of {embeddings[0].Vector.Length} dimensions");

// The vectors have length 1, so the dot product is the cosine similarity.
Console.WriteLine($"paraphrase {VectorMath.Dot(embeddings[0].Vector.Span, embeddings[1].Vector.Span):F4}");
Console.WriteLine($"unrelated  {VectorMath.Dot(embeddings[0].Vector.Span, embeddings[2].Vector.Span):F4}");

Console.WriteLine("# See them");
GeneratedEmbeddings<Embedding<float>> answers = await model.EmbedDocumentsAsync(faq.Select(question => question.Answer));
float[] rows = [.. answers.SelectMany(answer => answer.Vector.ToArray())];
UmapModel layout = UmapModel.Fit(rows, answers[0].Vector.Length);
MapData map = new(
    layout.Embedding,
    [.. faq.Select(question => question.Text)],
    [new MapField("topic", [.. faq.Select(question => question.Topic)])]
);
string plot = Path.Combine(output, ScatterPlot.DefaultFileName);
await File.WriteAllBytesAsync(plot, ScatterPlot.ToPng(map, new() { Label = "topic", Title = "Semantic Embedding Space" }));
Console.WriteLine($"wrote {plot}");

Console.WriteLine("# Search");
string collection = Path.Combine(output, "faq.sextant");
await using (SemanticSearchEngine engine = await SemanticSearchEngine.OpenAsync(collection))
{
    await engine.AddDocumentsAsync(faq.Select(question => question.Answer), faq.Select(question => new { question.Topic }));
    Console.WriteLine($"Index now contains {await engine.CountAsync()} vectors");
}

// Every change is on disk when its call returns, so there is no separate save. Opening the folder again is the load.
await using SemanticSearchEngine loaded = await SemanticSearchEngine.OpenAsync(collection);
foreach (SearchResult hit in await loaded.SearchAsync("how do I get my money back", topK: 3))
{
    Console.WriteLine($"{hit.Score:F3}  [{hit.Metadata["Topic"]}] {hit.Text[..60]}…");
}

Console.WriteLine("# Fine-tune on your own pairs");
string tuned = Path.Combine(output, "fine-tuned-embeddings");
PairCollection pairs = PairCollection.FromPairs(faq.Select(question => new TextPair(question.Text, question.Answer)), "FAQ");
FineTuningReport report = await FineTuner.TrainAsync(
    pairs,
    "sextant-small",
    tuned,
    new()
    {
        Epochs = 3,
        Warmup = 5,
        ValidationFraction = 0.2,
    }
);
Console.WriteLine(
    $"{report.TrainingPairs} pairs, MRR on the others {report.Before.MeanReciprocalRank:F3} → {report.After.MeanReciprocalRank:F3}"
);

Console.WriteLine("# Matryoshka: the first dimensions alone");
foreach (int dimensions in new[] { 256, 128, 64, 32 })
{
    GeneratedEmbeddings<Embedding<float>> shorter = await model.EmbedDocumentsAsync(sentences, dimensions);
    float paraphrase = VectorMath.Dot(shorter[0].Vector.Span, shorter[1].Vector.Span);
    float unrelated = VectorMath.Dot(shorter[0].Vector.Span, shorter[2].Vector.Span);
    Console.WriteLine(
        $"{dimensions, 4} dimensions, {dimensions * sizeof(float), 5} bytes: paraphrase {paraphrase:F3}, unrelated {unrelated:F3}"
    );
}
