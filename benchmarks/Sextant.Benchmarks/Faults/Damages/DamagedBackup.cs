using Sextant.Tests.Shared.Search;

namespace Sextant.Benchmarks.Faults.Damages;

/// <summary>A damaged backup: restoring it is refused, or every answer of the collection is right or says that it is damaged.</summary>
internal sealed class DamagedBackup() : FaultKind("backup")
{
    public override async Task<FaultOutcome> TryAsync(int seed)
    {
        string backup = In("damaged.backup"),
            collection = In("restored");
        File.Copy(In("sound.backup"), backup, overwrite: true);
        string done = CollectionDamage.DamageBytes(backup, seed);
        if (Directory.Exists(collection))
            Directory.Delete(collection, recursive: true);
        await CollectionMaintenance.RestoreAsync(backup, collection);
        return await DamagedCollection.ProbeAsync(collection, done);
    }

    protected override async Task PrepareAsync()
    {
        await DamagedCollection.WriteAsync(In("sound"));
        await using SemanticSearchEngine engine = await SemanticSearchEngine.OpenAsync(In("sound"), TextVectors.Options());
        await engine.Maintenance.BackupAsync(In("sound.backup"));
    }
}
