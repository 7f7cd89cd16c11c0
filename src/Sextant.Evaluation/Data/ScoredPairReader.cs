using Sextant.Evaluation.Tasks;

namespace Sextant.Evaluation.Data;

/// <summary>
/// Lines of tab-separated fields without quoting, two of them texts and one their score: the form of STS-B, SICK and word lists.
/// </summary>
internal static class ScoredPairReader
{
    public static IReadOnlyList<ScoredPair> Read(string path, int first, int second, int score, bool header)
    {
        var pairs = new List<ScoredPair>();
        int needed = Math.Max(Math.Max(first, second), score);
        foreach ((string line, string place) in TextLines.ReadNonBlank(path).Skip(header ? 1 : 0))
        {
            string[] fields = line.Split('\t');
            if (fields.Length <= needed)
                throw new InputException($"{place}: {fields.Length} tab-separated fields; expected at least {needed + 1}");
            pairs.Add(new ScoredPair(fields[first], fields[second], TextLines.Number(fields[score], place)));
        }

        return pairs;
    }
}
