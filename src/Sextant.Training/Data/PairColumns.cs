using System.Globalization;
using System.Text.RegularExpressions;

namespace Sextant.Training.Data;

/// <summary>
/// What the columns of pair files may be called: the names of sentence-transformers (anchor, positive, negative; sentence1, sentence2,
/// score) and of FlagEmbedding (query, pos, neg) among them.
/// </summary>
internal static partial class PairColumns
{
    private static readonly string[] Anchor = ["anchor", "query", "question", "text1", "sentence1", "sentence_a", "source", "a"];
    private static readonly string[] Positive =
    [
        "positive",
        "positives",
        "pos",
        "answer",
        "document",
        "passage",
        "text2",
        "sentence2",
        "sentence_b",
        "target",
        "b",
        "text",
    ];
    private static readonly string[] Negative = ["negative", "hard_negative", "negatives", "hard_negatives", "neg", "negs"];
    private static readonly string[] Score = ["score", "label", "similarity"];

    /// <summary>The most likely intended name of a misspelled column of negatives.</summary>
    private static readonly string[] NegativeSpellings = ["negative", "negatives", "hardnegative", "hardnegatives", "hardneg", "hardnegs"];

    /// <summary>Columns of numbers about negatives, such as FlagEmbedding's neg_scores, do not contain texts.</summary>
    private static readonly string[] NumberEndings = ["score", "scores", "id", "ids", "idx"];

    private static readonly HashSet<string> Plural = new(StringComparer.OrdinalIgnoreCase) { "negatives", "hard_negatives", "neg", "negs" };

    /// <summary>The names of a column of negatives, for messages.</summary>
    public static string NegativeNames => $"{string.Join(", ", Negative)}, or numbered as negative_1, negative_2";

    /// <summary>Whether a column of this name holds negatives.</summary>
    public static bool IsNegative(string name) => Numbered().IsMatch(name.Trim()) || IsOneOf(name, Negative);

    /// <summary>Whether a column of this name holds lists of texts by its name alone.</summary>
    public static bool HoldsLists(string name) => Plural.Contains(name.Trim());

    /// <summary>Whether the fields of a first row are names: those of both texts of a pair.</summary>
    public static bool IsHeader(IReadOnlyList<string> fields) => Find(fields, Anchor) >= 0 && Find(fields, Positive) >= 0;

    /// <summary>Whether the fields of a first row look like names of which one of a pair's two is missing or misspelled.</summary>
    public static bool IsBrokenHeader(IReadOnlyList<string> fields) =>
        (Find(fields, Anchor) >= 0 || Find(fields, Positive) >= 0)
        && fields.Any(static field =>
            IsNegative(field)
            || IsOneOf(field, Score)
            || LooksNegative(field)
            || Suggestion.Nearest(field, Anchor.Concat(Positive).Where(static name => name.Length > 4)) is not null
                && !IsOneOf(field, Anchor)
                && !IsOneOf(field, Positive)
        );

    /// <summary>The pairs of one row, one for each of its positives.</summary>
    /// <exception cref="InputException">
    /// A text is missing or is not a text, the score is not a number, or a column name almost matches negatives.
    /// </exception>
    public static IEnumerable<PairRow> ToRows(IReadOnlyList<PairField> fields, string file, int line)
    {
        string[] names = [.. fields.Select(static field => field.Name)];
        int anchorAt = Find(names, Anchor),
            positiveAt = Find(names, Positive),
            scoreAt = Find(names, Score);
        var negatives = new List<string>();
        for (int i = 0; i < names.Length; i++)
        {
            if (IsNegative(names[i]))
            {
                negatives.AddRange(Texts(fields[i], file, line));
            }
            else if (i != anchorAt && i != positiveAt && i != scoreAt && LooksNegative(names[i]))
            {
                throw new InputException(
                    $"{file}:{line}: the column '{names[i]}' is unknown but looks like negatives; name it {NegativeNames}"
                );
            }
        }

        IReadOnlyList<string> anchors = anchorAt < 0 ? [] : Texts(fields[anchorAt], file, line);
        IReadOnlyList<string> positives = positiveAt < 0 ? [] : Texts(fields[positiveAt], file, line);
        if (anchors.Count == 0 || positives.Count == 0)
        {
            throw new InputException($"{file}:{line}: a pair needs two texts; give them as 'anchor' and 'positive'");
        }

        if (anchors.Count > 1)
        {
            throw new InputException($"{file}:{line}: '{names[anchorAt]}' is a list of {anchors.Count} texts; give one anchor per row");
        }

        float? score = scoreAt < 0 ? null : Number(fields[scoreAt], file, line);
        return positives.Select(positive => new PairRow(anchors[0], positive, negatives, score, line));
    }

    private static IReadOnlyList<string> Texts(PairField field, string file, int line) =>
        field.Texts ?? throw new InputException($"{file}:{line}: '{field.Name}' is neither a text nor a list of texts");

    private static float? Number(PairField field, string file, int line)
    {
        if (field.Texts is [])
        {
            return null;
        }

        return
            field.Texts is [string text]
            && float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out float value)
            && float.IsFinite(value)
            ? value
            : throw new InputException(
                $"{file}:{line}: the score '{(field.Texts is null ? field.Name : string.Join(", ", field.Texts))}' is not a number"
            );
    }

    private static bool LooksNegative(string name)
    {
        string[] words = name.Split([' ', '_', '-', '.'], StringSplitOptions.RemoveEmptyEntries);
        if (words.Length > 4 || words.Length == 0 || NumberEndings.Contains(words[^1], StringComparer.OrdinalIgnoreCase))
        {
            return false;
        }

        string letters = string.Concat(name.Where(char.IsAsciiLetter)).ToLowerInvariant();
        return letters.Contains("negative", StringComparison.Ordinal)
            || letters is "neg" or "negs"
            || NegativeSpellings.Any(known => Math.Abs(known.Length - letters.Length) <= 2 && EditDistance.Between(letters, known) <= 2);
    }

    private static bool IsOneOf(string name, string[] names) => names.Contains(name.Trim(), StringComparer.OrdinalIgnoreCase);

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

    [GeneratedRegex(
        @"\A(hard_)?neg(ative)?_?[0-9]+\z",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Numbered();
}
