using Microsoft.Extensions.AI;
using Sextant.Embedding;

namespace Sextant.Benchmarks.Faults.Damages;

/// <summary>A damaged embedding cache: embedding continues with correct vectors.</summary>
/// <param name="name">Its name in the report.</param>
/// <param name="damage">Damages the cache file with a seed, and describes the damage.</param>
internal sealed class DamagedCache(string name, Func<string, int, string> damage) : FaultKind(name)
{
    /// <summary>How many vectors the cache holds.</summary>
    public const int Count = 60;

    private const string File = "embeddings.db";

    private static readonly string[] Texts = [.. Enumerable.Range(0, Count).Select(i => $"text {i} about topic{i % 7}")];

    public override async Task<FaultOutcome> TryAsync(int seed)
    {
        string cache = In("damaged"),
            database = Path.Combine(cache, File);
        if (Directory.Exists(cache))
            Directory.Delete(cache, recursive: true);
        Directory.CreateDirectory(cache);
        System.IO.File.Copy(Path.Combine(In("sound"), File), database);
        string done = damage(database, seed);
        for (int round = 0; round < 2; round++)
        {
            GeneratedEmbeddings<Embedding<float>> found = await EmbedAsync(cache);
            for (int i = 0; i < Texts.Length; i++)
            {
                if (!found[i].Vector.Span.SequenceEqual(TextVectors.Unit(Texts[i])))
                    return FaultOutcome.Failed($"{done}: a wrong vector for '{Texts[i]}'");
            }
        }

        return FaultOutcome.Sound;
    }

    protected override async Task PrepareAsync() => _ = await EmbedAsync(In("sound"));

    private static async Task<GeneratedEmbeddings<Embedding<float>>> EmbedAsync(string cache)
    {
        using IEmbeddingGenerator<string, Embedding<float>> pipeline = EmbeddingPipeline.Wrap(
            new TextVectors(),
            new() { CacheDirectory = cache }
        );
        return await pipeline.GenerateAsync(Texts);
    }
}
