using Microsoft.Extensions.AI;
using Sextant.Embedding;
using Sextant.Models;
using Sextant.Models.Static;
using Sextant.Tests.Shared.Search;

namespace Sextant.Benchmarks.Faults.Damages;

/// <summary>
/// A damaged file of a static model. Weights carry no checksum, so a changed weight is allowed where the model no longer counts as the
/// same one: its fingerprint differs, and no collection or cache mixes its vectors with those of the sound model.
/// </summary>
internal sealed class DamagedModel(string file) : FaultKind($"model-{file}")
{
    private static readonly string[] Words =
    [
        "[PAD]",
        "[UNK]",
        "[CLS]",
        "[SEP]",
        "text",
        "about",
        "topic",
        "##s",
        "red",
        "apple",
        "blue",
        "whale",
        "how",
        "do",
        "i",
        "get",
        "my",
        "money",
        "back",
        "?",
    ];

    private static readonly string[] Texts = ["how do I get my money back?", "red apple", "blue whales", "a text about topics"];

    private string _fingerprint = "";
    private float[][] _vectors = [];

    public override async Task<FaultOutcome> TryAsync(int seed)
    {
        string model = In("damaged");
        Directory.CreateDirectory(model);
        foreach (string name in Directory.GetFiles(In("sound")))
            File.Copy(name, Path.Combine(model, Path.GetFileName(name)), overwrite: true);
        string done = CollectionDamage.DamageBytes(Path.Combine(model, file), seed);
        (string fingerprint, float[][] vectors) = await EmbedAsync(model);
        if (vectors.Any(vector => vector.Any(value => !float.IsFinite(value))))
            return FaultOutcome.Failed($"{done}: a vector contains NaN or infinity");
        bool isSame = vectors.Zip(_vectors).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second));
        return isSame || fingerprint != _fingerprint
            ? FaultOutcome.Sound
            : FaultOutcome.Failed($"{done}: other vectors under the same fingerprint");
    }

    protected override async Task PrepareAsync()
    {
        const int Dimensions = 16;
        Random random = new(7);
        new StaticModelWriter
        {
            Tokens = Words,
            Dimensions = Dimensions,
            Rows = Enumerable.Range(0, Words.Length * Dimensions).Select(_ => (random.NextSingle() * 2) - 1).ToArray(),
        }.Save(In("sound"));
        (_fingerprint, _vectors) = await EmbedAsync(In("sound"));
    }

    private static async Task<(string Fingerprint, float[][] Vectors)> EmbedAsync(string model)
    {
        using IEmbeddingGenerator<string, Embedding<float>> generator = await new ModelRegistry([new StaticModelProvider()]).OpenAsync(
            model,
            new() { UseCache = false }
        );
        GeneratedEmbeddings<Embedding<float>> found = await generator.GenerateAsync(Texts);
        return (generator.GetRequiredService<ModelProfile>().Fingerprint, [.. found.Select(one => one.Vector.ToArray())]);
    }
}
