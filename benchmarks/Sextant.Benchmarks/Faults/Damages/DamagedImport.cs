using Sextant.Index;
using Sextant.Index.Interchange;
using Sextant.Numerics;
using Sextant.Search;
using Sextant.Sources.Transfer;
using Sextant.Tests.Shared.Search;

namespace Sextant.Benchmarks.Faults.Damages;

/// <summary>
/// A damaged file of another program. These formats have no checksum, so a changed value is not detected, but the imported data is valid:
/// every vector is finite and of the same length, every text is well-formed, the graph is complete. A truncated file is rejected.
/// </summary>
internal sealed class DamagedImport(string extension) : FaultKind($"import-{extension}")
{
    private const int Count = 60,
        Dimensions = 8;

    private string Sound => In($"sound.{extension}");

    public override async Task<FaultOutcome> TryAsync(int seed)
    {
        string file = In($"damaged.{extension}"),
            collection = In("imported");
        File.Copy(Sound, file, overwrite: true);
        string done = CollectionDamage.DamageBytes(file, seed);
        if (Directory.Exists(collection))
            Directory.Delete(collection, recursive: true);
        try
        {
            await CollectionImport.RunAsync(file, collection);
        }
        catch (SextantException e)
        {
            if (Directory.Exists(collection))
                return FaultOutcome.Failed($"{done}: the import was refused, and a collection is there");
            return e.Message.Contains(file, StringComparison.Ordinal)
                ? FaultOutcome.Refused
                : FaultOutcome.Failed($"{done}: the error names no file: {e.Message}");
        }

        if (new FileInfo(file).Length < new FileInfo(Sound).Length && !EndsAnywhere(new FileInfo(file).Length))
            return FaultOutcome.Failed($"{done}: a file without its end was imported");
        await using SemanticSearchEngine engine = await SemanticSearchEngine.OpenAsync(collection);
        CollectionVerification check = await engine.Maintenance.VerifyAsync();
        if (!check.IsHealthy)
            return FaultOutcome.Failed($"{done}: {check.Problems[0]}");
        await foreach (Document document in engine.ListAsync())
        {
            foreach (float value in document.Vector!.Value.Span)
            {
                if (!float.IsFinite(value))
                    return FaultOutcome.Failed($"{done}: the vector of '{document.Id}' holds {value}");
            }
        }

        return FaultOutcome.Sound;
    }

    // Neither lines nor rows of .fvecs are counted in their file, so a cut between two of them leaves a sound file.
    private bool EndsAnywhere(long length) =>
        extension == "jsonl" || (extension == "fvecs" && length % (sizeof(int) + (Dimensions * sizeof(float))) == 0);

    protected override async Task PrepareAsync()
    {
        Random random = new(7);
        float[] rows = new float[Count * Dimensions];
        for (int i = 0; i < rows.Length; i++)
            rows[i] = (random.NextSingle() * 2) - 1;
        for (int i = 0; i < Count; i++)
            VectorMath.Normalize(rows.AsSpan(i * Dimensions, Dimensions));
        VectorTable table = new(Dimensions, rows);
        switch (extension)
        {
            case "npy":
                NpyFile.Write(Sound, table);
                break;
            case "fvecs":
                FvecsFile.Write(Sound, table);
                break;
            case "faiss":
                using (HnswIndex index = new(Dimensions, new() { M = 4, EfConstruction = 20 }))
                {
                    for (int i = 0; i < Count; i++)
                        index.Add(i, table.Row(i));
                    FaissFile.WriteHnsw(Sound, index);
                }

                break;
            default:
                await DamagedCollection.WriteAsync(In("sound"));
                await using (SemanticSearchEngine engine = await SemanticSearchEngine.OpenAsync(In("sound"), TextVectors.Options()))
                    await CollectionExport.RunAsync(engine, Sound);
                break;
        }

        // Rejections below are then due to the damage.
        await CollectionImport.RunAsync(Sound, In("whole"));
    }
}
