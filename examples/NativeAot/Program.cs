// Searches a collection by meaning, indexes vectors, and lays them out as a map, as one native file without the .NET runtime:
//   dotnet publish examples/NativeAot -c Release -o out && out/NativeAot
using System.Text.Json.Nodes;
using Sextant;
using Sextant.Index;
using Sextant.Umap;

string folder = Directory.CreateTempSubdirectory().FullName;
await using (SemanticSearchEngine notes = await SemanticSearchEngine.OpenAsync(Path.Combine(folder, "notes.sextant")))
{
    await notes.AddDocumentsAsync(
        ["Refunds reach your card within five days.", "Parcels arrive on Tuesdays."],
        [new JsonObject { ["topic"] = "payment" }, new JsonObject { ["topic"] = "delivery" }]
    );
}

// Opened again: the manifest, the graph and the metadata are read from the disk.
await using (SemanticSearchEngine notes = await SemanticSearchEngine.OpenAsync(Path.Combine(folder, "notes.sextant")))
{
    SearchResult hit = (await notes.SearchAsync("when do I get my money back?", topK: 1, new() { Filter = "topic = 'payment'" }))[0];
    Console.WriteLine($"{hit.Score:F2}  {hit.Text}");
}

Directory.Delete(folder, recursive: true);

const int Count = 500,
    Dimensions = 32;
Random random = new(1);
float[] vectors = new float[Count * Dimensions];
foreach (ref float value in vectors.AsSpan())
{
    value = random.NextSingle() - 0.5f;
}

using HnswIndex index = new(Dimensions);
index.AddRange(Enumerable.Range(0, Count).Select(static id => (long)id).ToArray(), vectors);
string file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
index.Save(file);
try
{
    using HnswIndex opened = HnswIndex.Open(file);
    Neighbor nearest = opened.Search(vectors.AsSpan(7 * Dimensions, Dimensions), topK: 1)[0];
    Console.WriteLine($"the vector nearest to vector 7 of {opened.Count} is {nearest.Id}");
}
finally
{
    File.Delete(file);
}

UmapModel map = UmapModel.Fit(vectors, Dimensions);
Console.WriteLine($"the map has {map.Embedding.Length / map.Options.Components} points");
