using Sextant.Evaluation.Data;

namespace Sextant.Benchmarks.Faults.Fuzzing;

/// <summary>Data of a retrieval task of which one file is mutated: it is refused by name, or loaded.</summary>
internal sealed class FuzzedJudgments() : FaultKind("qrels")
{
    private static readonly string[] Files = ["qrels/test.tsv", "qrels/test.tsv", "corpus.jsonl", "queries.jsonl"];

    private static readonly Dictionary<string, string> Sound = new()
    {
        ["corpus.jsonl"] = "{\"_id\":\"d1\",\"title\":\"t\",\"text\":\"a\"}\n{\"_id\":\"d2\",\"text\":\"b\"}\n",
        ["queries.jsonl"] = "{\"_id\":\"q1\",\"text\":\"a\"}\n{\"_id\":\"q2\",\"text\":\"b\"}\n",
        ["qrels/test.tsv"] = "query-id\tcorpus-id\tscore\nq1\td1\t1\nq2\td2\t0.5\nq2\td1\t0\n",
    };

    private readonly Dictionary<string, Mutator> _mutators = Sound.ToDictionary(
        file => file.Key,
        file => new Mutator(
            [file.Value],
            "query-id",
            "corpus-id",
            "score",
            "\"_id\":",
            "\"text\":",
            "\"title\":",
            "q1",
            "d1",
            "\t",
            "0.5",
            "-1",
            "1e400"
        )
    );

    public override async Task<FaultOutcome> TryAsync(int seed)
    {
        string folder = In("task"),
            mutated = Files[seed % Files.Length];
        Directory.CreateDirectory(Path.Combine(folder, "qrels"));
        foreach ((string name, string text) in Sound)
        {
            if (name == mutated)
                await File.WriteAllBytesAsync(Path.Combine(folder, name), _mutators[name].Mutate(seed));
            else
                await File.WriteAllTextAsync(Path.Combine(folder, name), text);
        }

        foreach (TaskSource task in TaskFinder.Find(folder, dataFolder: null))
            task.Load();
        return FaultOutcome.Sound;
    }
}
