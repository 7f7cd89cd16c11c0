using System.Globalization;

namespace Sextant.Training.Data;

/// <summary>What the columns or fields of pair files may be called, and how their values become a <see cref="PairRow"/>.</summary>
internal static class PairColumns
{
    private static readonly string[] Anchor = ["anchor", "query", "question", "text1", "sentence1", "source", "a"];
    private static readonly string[] Positive = ["positive", "answer", "document", "passage", "text2", "sentence2", "target", "b", "text"];
    private static readonly string[] Negative = ["negative", "hard_negative"];
    private static readonly string[] Score = ["score", "label", "similarity"];

    /// <summary>The places of anchor, positive, negative and score among some names; −1 for what is missing.</summary>
    public static (int Anchor, int Positive, int Negative, int Score) Find(IReadOnlyList<string> names) =>
        (Find(names, Anchor), Find(names, Positive), Find(names, Negative), Find(names, Score));

    /// <summary>Checks the values of one row.</summary>
    /// <exception cref="InputException">A text is missing, or the score is no number.</exception>
    public static PairRow ToRow(string? anchor, string? positive, string? negative, string? score, string file, int line)
    {
        if (string.IsNullOrWhiteSpace(anchor) || string.IsNullOrWhiteSpace(positive))
        {
            throw new InputException($"{file}:{line}: a pair needs two texts; give them as 'anchor' and 'positive'");
        }

        float? number = null;
        if (!string.IsNullOrWhiteSpace(score))
        {
            number = float.TryParse(score, NumberStyles.Float, CultureInfo.InvariantCulture, out float value) && float.IsFinite(value)
                ? value
                : throw new InputException($"{file}:{line}: the score '{score}' is not a number");
        }

        return new PairRow(anchor, positive, string.IsNullOrWhiteSpace(negative) ? null : negative, number, line);
    }

    private static int Find(IReadOnlyList<string> names, string[] wanted)
    {
        foreach (string name in wanted)
        {
            for (int i = 0; i < names.Count; i++)
            {
                if (string.Equals(names[i].Trim(), name, StringComparison.OrdinalIgnoreCase))
                {
                    return i;
                }
            }
        }

        return -1;
    }
}
