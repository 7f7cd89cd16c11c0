using System.Globalization;
using Sextant.Numerics;
using Sextant.Tests.Shared;
using Sextant.Tests.Shared.Search;

namespace Sextant.Core.Tests.Search.Storage;

/// <summary>
/// Seeded damages of a collection's files: every answer is right, or says that the collection is damaged. None is a wrong text, a wrong
/// score, a loss in silence or another exception.
/// </summary>
public sealed class DamagedFilesTests : IDisposable
{
    private const int Documents = 40;

    /// <summary>How many damages of each kind, each way at least once; <c>SEXTANT_TEST_DAMAGES=1000</c> for a long run.</summary>
    private static readonly int Damages = int.TryParse(
        Environment.GetEnvironmentVariable("SEXTANT_TEST_DAMAGES"),
        CultureInfo.InvariantCulture,
        out int count
    )
        ? count
        : CollectionDamage.Ways;

    private readonly TempFolder _folder = new();
    private readonly Dictionary<string, Document> _written = Enumerable
        .Range(0, Documents)
        .Select(i => new Document($"text {i} about topic{i % 5}")
        {
            Id = $"{i}",
            Metadata = new() { ["year"] = 2000 + i, ["tag"] = $"t{i % 3}" },
            Source = $"/texts/{i % 4}.txt",
        })
        .ToDictionary(document => document.Id!);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public Task Damaged_bytes_of_the_database_are_reported_or_harmless() =>
        RunAsync(keepGraph: true, (collection, seed) => CollectionDamage.DamageBytes(Path.Combine(collection, "documents.db"), seed));

    [Fact]
    public Task Damaged_rows_of_the_database_are_reported_or_harmless() =>
        RunAsync(
            keepGraph: true,
            (collection, seed) => CollectionDamage.DamageRow(Path.Combine(collection, "documents.db"), seed, Documents)
        );

    [Fact]
    public Task Damaged_rows_are_reported_or_harmless_when_the_graph_is_rebuilt() =>
        RunAsync(
            keepGraph: false,
            (collection, seed) => CollectionDamage.DamageRow(Path.Combine(collection, "documents.db"), seed, Documents)
        );

    [Fact]
    public Task Damaged_bytes_of_the_graph_are_harmless() =>
        RunAsync(keepGraph: true, (collection, seed) => CollectionDamage.DamageBytes(Path.Combine(collection, "index.hnsw"), seed));

    private async Task RunAsync(bool keepGraph, Func<string, int, string> damage)
    {
        string sound = _folder.File("sound");
        await using (SemanticSearchEngine engine = await OpenAsync(sound))
            await engine.AddDocumentsAsync(_written.Values);
        for (int seed = 0; seed < Damages; seed++)
        {
            string collection = _folder.File($"damaged-{seed}");
            Directory.CreateDirectory(collection);
            File.Copy(Path.Combine(sound, "documents.db"), Path.Combine(collection, "documents.db"));
            if (keepGraph)
                File.Copy(Path.Combine(sound, "index.hnsw"), Path.Combine(collection, "index.hnsw"));
            string done = damage(collection, seed);

            CollectionProbe probe = new(_written, Cosine);
            await probe.RunAsync(() => OpenAsync(collection));

            Assert.True(probe.Wrong.Count == 0, $"seed {seed}, {done}: {string.Join("; ", probe.Wrong)}");
            Directory.Delete(collection, recursive: true);
        }
    }

    private static Task<SemanticSearchEngine> OpenAsync(string path) => SemanticSearchEngine.OpenAsync(path, WordModel.Options());

    private static float Cosine(string a, string b) => VectorMath.Dot(Unit(a), Unit(b));

    private static float[] Unit(string text)
    {
        float[] vector = WordModel.Embed(text);
        VectorMath.Normalize(vector);
        return vector;
    }
}
