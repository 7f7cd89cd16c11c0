using System.Collections.Frozen;

namespace Sextant.Sources.Segmentation;

/// <summary>Words whose period does not end a sentence. A short list of safe entries, which is enough for most texts.</summary>
internal static class Abbreviations
{
    private const int Longest = 8;

    private static readonly FrozenSet<string> Always = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "mr",
        "mrs",
        "ms",
        "dr",
        "prof",
        "st",
        "mt",
        "vs",
        "e.g",
        "i.e",
        "cf",
        "approx",
        "viz",
        "resp",
        "dept",
        "gen",
        "sr",
        "sra",
        "z.b",
        "d.h",
        "u.a",
        "bzw",
        "ca",
        "vgl",
        "evtl",
        "ggf",
        "mme",
        "mlle",
        "av",
        "ed",
        "eds",
        "al"
    );

    /// <summary>Those that are words too ("No. Never."): only before a number.</summary>
    private static readonly FrozenSet<string> BeforeNumber = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "no",
        "nos",
        "nr",
        "fig",
        "figs",
        "eq",
        "p",
        "pp",
        "vol",
        "ch",
        "sec",
        "art",
        "abs",
        "jan",
        "feb",
        "mar",
        "apr",
        "jun",
        "jul",
        "aug",
        "sep",
        "sept",
        "oct",
        "nov",
        "dec",
        "pos",
        "kap",
        "tab",
        "max",
        "min"
    );

    /// <summary>
    /// Whether the full stop at <paramref name="stop"/> belongs to an abbreviation or an initial, what follows beginning
    /// at <paramref name="next"/>.
    /// </summary>
    public static bool EndsWithOne(string text, int stop, int next)
    {
        int start = stop;
        while (start > 0 && stop - start <= Longest && (char.IsLetter(text[start - 1]) || text[start - 1] == '.'))
            start--;
        int length = stop - start;
        if (length is 0 or > Longest)
            return false;

        // An initial: a single capital letter, except "I.", which ends more sentences than it starts names.
        if (length == 1 && char.IsUpper(text[start]) && text[start] != 'I')
            return true;
        string word = text[start..stop];
        return Always.Contains(word) || (next < text.Length && char.IsAsciiDigit(text[next]) && BeforeNumber.Contains(word));
    }
}
