// Find tickets that report the same thing, in pairs and in groups.
//   dotnet run -c Release --project examples/TicketDedup -- [TICKETS.jsonl] [MIN-SCORE]
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Sextant.Embedding;
using Sextant.Models;
using Sextant.Numerics;
using TicketDedup;

string file = args.Length > 0 ? args[0] : Path.Combine(AppContext.BaseDirectory, "tickets.jsonl");
float minScore = args.Length > 1 ? float.Parse(args[1], CultureInfo.InvariantCulture) : 0.55f;
Ticket[] tickets = [.. File.ReadLines(file).Select(line => JsonSerializer.Deserialize<Ticket>(line, JsonSerializerOptions.Web)!)];

using IEmbeddingGenerator<string, Embedding<float>> model = await ModelRegistry.Default.OpenAsync("sextant-small");
GeneratedEmbeddings<Embedding<float>> embeddings = await model.EmbedDocumentsAsync(tickets.Select(ticket => ticket.Text));
ReadOnlyMemory<float>[] vectors = [.. embeddings.Select(embedding => embedding.Vector)];

// Every ticket is compared with every other one, exactly, on all cores. Each pair appears once.
Console.WriteLine($"{tickets.Length} tickets; pairs with a cosine of at least {minScore:F2}:");
foreach (SimilarPair pair in ParaphraseMiner.Mine(vectors, new() { MinScore = minScore }))
{
    Console.WriteLine($"{pair.Score:F3}  {tickets[pair.First].Id}  {tickets[pair.First].Text}");
    Console.WriteLine($"       {tickets[pair.Second].Id}  {tickets[pair.Second].Text}");
}

Console.WriteLine("groups of at least three:");
foreach (IReadOnlyList<int> group in CommunityDetection.Detect(vectors, minScore, minSize: 3))
{
    Console.WriteLine($"- {string.Join(", ", group.Select(index => tickets[index].Id))}: {tickets[group[0]].Text}");
}
