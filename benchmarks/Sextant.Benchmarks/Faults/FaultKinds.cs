using Sextant.Benchmarks.Faults.Damages;
using Sextant.Benchmarks.Faults.Fuzzing;
using Sextant.Tests.Shared.Search;

namespace Sextant.Benchmarks.Faults;

/// <summary>The kinds of bad input, by name.</summary>
internal static class FaultKinds
{
    private const string Database = "documents.db",
        Graph = "index.hnsw";

    /// <summary>Damaged files.</summary>
    public static IReadOnlyList<FaultKind> Damages { get; } =
    [
        new DamagedCollection(
            "database-bytes",
            keepsGraph: true,
            (folder, seed) => CollectionDamage.DamageBytes(Path.Combine(folder, Database), seed)
        ),
        new DamagedCollection(
            "database-rows",
            keepsGraph: true,
            (folder, seed) => CollectionDamage.DamageRow(Path.Combine(folder, Database), seed, DamagedCollection.Documents)
        ),
        new DamagedCollection(
            "database-rows-without-graph",
            keepsGraph: false,
            (folder, seed) => CollectionDamage.DamageRow(Path.Combine(folder, Database), seed, DamagedCollection.Documents)
        ),
        new DamagedCollection(
            "format-1-rows",
            keepsGraph: false,
            (folder, seed) => CollectionDamage.DamageRow(Path.Combine(folder, Database), seed, DamagedCollection.Documents)
        )
        {
            IsOldFormat = true,
        },
        new DamagedCollection(
            "format-1-bytes",
            keepsGraph: false,
            (folder, seed) => CollectionDamage.DamageBytes(Path.Combine(folder, Database), seed)
        )
        {
            IsOldFormat = true,
        },
        new DamagedCollection(
            "read-only-database-bytes",
            keepsGraph: true,
            (folder, seed) => CollectionDamage.DamageBytes(Path.Combine(folder, Database), seed)
        )
        {
            IsReadOnly = true,
        },
        new DamagedCollection(
            "read-only-database-rows",
            keepsGraph: false,
            (folder, seed) => CollectionDamage.DamageRow(Path.Combine(folder, Database), seed, DamagedCollection.Documents)
        )
        {
            IsReadOnly = true,
        },
        new DamagedCollection(
            "read-only-format-1-rows",
            keepsGraph: false,
            (folder, seed) => CollectionDamage.DamageRow(Path.Combine(folder, Database), seed, DamagedCollection.Documents)
        )
        {
            IsOldFormat = true,
            IsReadOnly = true,
        },
        new DamagedCollection(
            "graph-bytes",
            keepsGraph: true,
            (folder, seed) => CollectionDamage.DamageBytes(Path.Combine(folder, Graph), seed)
        ),
        new DamagedBackup(),
        new DamagedCache("cache-bytes", CollectionDamage.DamageBytes),
        new DamagedCache("cache-rows", (file, seed) => CacheDamage.DamageRow(file, seed, DamagedCache.Count)),
        new DamagedModel("model.safetensors"),
        new DamagedModel("tokenizer.json"),
        new DamagedModel("config.json"),
        new DamagedImport("faiss"),
        new DamagedImport("npy"),
        new DamagedImport("fvecs"),
        new DamagedImport("parquet"),
        new DamagedImport("jsonl"),
        new DamagedLayout(),
    ];

    /// <summary>Mutated inputs.</summary>
    public static IReadOnlyList<FaultKind> Fuzzed { get; } =
    [
        new FuzzedFilter(),
        new FuzzedSource(".csv"),
        new FuzzedSource(".tsv"),
        new FuzzedSource(".jsonl"),
        new FuzzedSource(".html"),
        new FuzzedSource(".md"),
        new FuzzedSource(".txt"),
        new FuzzedTokenizer(),
        new FuzzedWeights(),
        new FuzzedVectors(".npy"),
        new FuzzedVectors(".fvecs"),
        new FuzzedRequest(),
        new FuzzedPairs(".jsonl"),
        new FuzzedPairs(".csv"),
        new FuzzedPairs(".tsv"),
        new FuzzedJudgments(),
    ];

    public static IEnumerable<FaultKind> All => Damages.Concat(Fuzzed);
}
