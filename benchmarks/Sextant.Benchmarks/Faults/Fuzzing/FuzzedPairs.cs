using Sextant.Training.Data;

namespace Sextant.Benchmarks.Faults.Fuzzing;

/// <summary>A file of training pairs is refused by its name and line, or gives rows with both texts.</summary>
internal sealed class FuzzedPairs(string extension) : FaultKind($"pairs{extension}")
{
    private static readonly Dictionary<string, string[]> Corpus = new()
    {
        [".jsonl"] =
        [
            "{\"anchor\":\"a\",\"positive\":\"b\",\"negative\":[\"c\",\"d\"]}\n"
                + "{\"anchor\":\"e\",\"positive\":\"f\",\"negative_1\":\"g\",\"negative_2\":\"h\"}\n",
            "{\"query\":\"q\",\"pos\":[\"p\",\"r\"],\"neg\":[\"n\"]}\n",
            "{\"sentence1\":\"a\",\"sentence2\":\"b\",\"score\":0.5}\n[\"a\",\"b\"]\n",
        ],
        [".csv"] = ["anchor,positive,negative\na,b,c\n\"d, e\",f,\n", "sentence1,sentence2,score\na,b,0.5\nc,d,1\n", "a,b\nc,d\n"],
        [".tsv"] = ["anchor\tpositive\tnegative_1\tnegative_2\na\tb\tc\td\n", "a\tb\t0.5\nc\td\t1\n"],
    };

    private readonly Mutator _mutator = new(
        Corpus[extension],
        "anchor",
        "positive",
        "negative",
        "negative_1",
        "negatives",
        "neg_scores",
        "score",
        "label",
        "query",
        "pos",
        "neg",
        "[\"x\"]",
        "[]",
        "0.5",
        "-1",
        "\t\t",
        ",,"
    );

    public override async Task<FaultOutcome> TryAsync(int seed)
    {
        string file = In("fuzzed" + extension);
        await File.WriteAllBytesAsync(file, _mutator.Mutate(seed));
        try
        {
            foreach (PairRow row in PairReader.Read(file))
            {
                if (string.IsNullOrWhiteSpace(row.Anchor) || string.IsNullOrWhiteSpace(row.Positive))
                    return FaultOutcome.Failed($"line {row.Line}: an empty text");
                if (row.Negatives.Any(string.IsNullOrWhiteSpace))
                    return FaultOutcome.Failed($"line {row.Line}: an empty negative");
                if (row.Score is { } score && !float.IsFinite(score))
                    return FaultOutcome.Failed($"line {row.Line}: the score {score}");
            }
        }
        catch (InputException e)
        {
            return e.Message.StartsWith(file, StringComparison.Ordinal)
                ? FaultOutcome.Refused
                : FaultOutcome.Failed($"the error does not name the file: {e.Message}");
        }

        return FaultOutcome.Sound;
    }
}
