#!/usr/bin/env dotnet
#:project ../../src/Sextant/Sextant.csproj
#:project ../../src/Sextant.Umap/Sextant.Umap.csproj

// Look around in a set of texts: which topics are in it, and what names them. dotnet run explore.cs -- FILE.jsonl FIELD
using System.Text.Json;
using Microsoft.Extensions.AI;
using Sextant.Embedding;
using Sextant.Models;
using Sextant.Numerics;
using Sextant.Umap;

string[] texts = [.. File.ReadLines(args[0]).Select(line => JsonDocument.Parse(line).RootElement.GetProperty(args[1]).GetString()!)];
using IEmbeddingGenerator<string, Embedding<float>> model = await ModelRegistry.Default.OpenAsync("sextant-small");
ReadOnlyMemory<float>[] vectors = [.. (await model.EmbedDocumentsAsync(texts)).Select(embedding => embedding.Vector)];

IReadOnlyList<int> labels = KMeans.Cluster(vectors, clusters: 8).Labels;
IReadOnlyList<IReadOnlyList<string>> names = DistinctiveTerms.Find(texts, labels);
for (int cluster = 0; cluster < names.Count; cluster++)
{
    Console.WriteLine($"{labels.Count(label => label == cluster), 4} texts: {string.Join(", ", names[cluster])}");
}
