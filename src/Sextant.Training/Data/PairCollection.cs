namespace Sextant.Training.Data;

/// <summary>
/// The pairs, triplets or scored pairs that a model learns from or is measured with, in files or in memory. They are read when a run
/// begins, each sequence once a run; equal texts are kept in memory once.
/// </summary>
public sealed class PairCollection
{
    private PairCollection(IReadOnlyList<PairRows> sources) => Sources = sources;

    internal IReadOnlyList<PairRows> Sources { get; }

    /// <summary>The names of the files or sequences.</summary>
    internal IReadOnlyList<string> Names => [.. Sources.Select(static source => source.Name)];

    /// <summary>Pairs in files: .parquet, .jsonl, .csv or .tsv, the last three also as .gz. A batch is of one file.</summary>
    /// <param name="paths">The files.</param>
    public static PairCollection FromFiles(params IEnumerable<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        return new([.. paths.Select(PairRows.FromFile)]);
    }

    /// <summary>Pairs in memory.</summary>
    /// <param name="pairs">The pairs.</param>
    /// <param name="name">Their name in errors and the model's card.</param>
    public static PairCollection FromPairs(IEnumerable<TextPair> pairs, string name = "pairs in memory")
    {
        ArgumentNullException.ThrowIfNull(pairs);
        return FromPairs(pairs.ToAsyncEnumerable(), name);
    }

    /// <summary>Pairs from a database, a service or the like.</summary>
    /// <inheritdoc cref="FromPairs(IEnumerable{TextPair}, string)"/>
    public static PairCollection FromPairs(IAsyncEnumerable<TextPair> pairs, string name = "pairs in memory")
    {
        ArgumentNullException.ThrowIfNull(pairs);
        ArgumentNullException.ThrowIfNull(name);
        return new([PairRows.Create(pairs, name)]);
    }
}
