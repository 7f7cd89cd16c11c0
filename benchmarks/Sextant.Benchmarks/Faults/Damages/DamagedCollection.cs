using Microsoft.Data.Sqlite;
using Sextant.Tests.Shared.Search;

namespace Sextant.Benchmarks.Faults.Damages;

/// <summary>A damaged file of a collection: every answer is right, or says that the collection is damaged.</summary>
/// <param name="name">What the report calls it.</param>
/// <param name="keepsGraph">Whether the collection has its graph.</param>
/// <param name="damage">Damages the folder by a seed, and says how.</param>
internal sealed class DamagedCollection(string name, bool keepsGraph, Func<string, int, string> damage) : FaultKind(name)
{
    public const int Documents = 40;

    private string Sound => In("sound");

    /// <summary>The documents in the collection before the damage.</summary>
    public static Dictionary<string, Document> Written { get; } =
        Enumerable
            .Range(0, Documents)
            .Select(i => new Document($"text {i} about topic{i % 5}")
            {
                Id = $"{i}",
                Metadata = new() { ["year"] = 2000 + i, ["tag"] = $"t{i % 3}" },
                Source = $"/texts/{i % 4}.txt",
            })
            .ToDictionary(document => document.Id!);

    /// <summary>Whether rows have no checksums, so that a changed text cannot be noticed.</summary>
    public bool IsOldFormat { get; init; }

    /// <summary>Whether it is opened for reading alone.</summary>
    public bool IsReadOnly { get; init; }

    public override async Task<FaultOutcome> TryAsync(int seed)
    {
        string collection = In("damaged");
        if (Directory.Exists(collection))
            Directory.Delete(collection, recursive: true);
        Directory.CreateDirectory(collection);
        File.Copy(Path.Combine(Sound, "documents.db"), Path.Combine(collection, "documents.db"));
        if (keepsGraph)
            File.Copy(Path.Combine(Sound, "index.hnsw"), Path.Combine(collection, "index.hnsw"));
        string done = damage(collection, seed);
        return await ProbeAsync(collection, done, IsOldFormat, IsReadOnly);
    }

    /// <summary>Asks a damaged collection for everything it holds.</summary>
    public static async Task<FaultOutcome> ProbeAsync(string collection, string done, bool isOldFormat = false, bool isReadOnly = false)
    {
        CollectionProbe probe = new(Written, TextVectors.Cosine);
        try
        {
            await probe.RunAsync(() => SemanticSearchEngine.OpenAsync(collection, TextVectors.Options() with { ReadOnly = isReadOnly }));
        }
        catch (Exception e) when (e is not SextantException)
        {
            throw new InvalidOperationException($"{done}: {e.GetType().Name}: {e.Message}", e);
        }

        if (probe.Wrong.Count > 0 && !isOldFormat)
            return FaultOutcome.Failed($"{done}: {string.Join("; ", probe.Wrong.Take(3))}");
        return probe.Reported ? FaultOutcome.Refused : FaultOutcome.Sound;
    }

    protected override async Task PrepareAsync()
    {
        await WriteAsync(Sound);
        if (IsOldFormat)
            MakeOld(Path.Combine(Sound, "documents.db"));
    }

    /// <summary>Writes the sound collection.</summary>
    public static async Task WriteAsync(string path)
    {
        await using SemanticSearchEngine engine = await SemanticSearchEngine.OpenAsync(path, TextVectors.Options());
        await engine.AddDocumentsAsync(Written.Values);
    }

    // Format 1 is format 2 without the checksums of documents.
    private static void MakeOld(string database)
    {
        using SqliteConnection connection = new($"Data Source={database};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText =
            "alter table documents drop column checksum; update manifest set value = '1' where name = 'format'; pragma user_version = 1";
        command.ExecuteNonQuery();
    }
}
