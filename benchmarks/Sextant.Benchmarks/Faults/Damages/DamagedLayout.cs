using Sextant.Tests.Shared.Search;
using Sextant.Umap;

namespace Sextant.Benchmarks.Faults.Damages;

/// <summary>A damaged file of a UMAP model: it is refused, or holds the layout that was saved.</summary>
internal sealed class DamagedLayout() : FaultKind("umap")
{
    private float[] _layout = [];

    public override Task<FaultOutcome> TryAsync(int seed)
    {
        string file = In("damaged.umap");
        File.Copy(In("sound.umap"), file, overwrite: true);
        string done = CollectionDamage.DamageBytes(file, seed);
        UmapModel model = UmapModel.Load(file);
        return Task.FromResult(
            model.Embedding.Span.SequenceEqual(_layout) ? FaultOutcome.Sound : FaultOutcome.Failed($"{done}: another layout")
        );
    }

    protected override Task PrepareAsync()
    {
        const int Count = 200,
            Dimensions = 8;
        Random random = new(7);
        float[] rows = [.. Enumerable.Range(0, Count * Dimensions).Select(_ => random.NextSingle())];
        UmapModel model = UmapModel.Fit(rows, Dimensions, new() { Epochs = 5, MaxDegreeOfParallelism = 1 });
        model.Save(In("sound.umap"));
        _layout = model.Embedding.ToArray();
        return Task.CompletedTask;
    }
}
