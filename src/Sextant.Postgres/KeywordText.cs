using System.Globalization;
using System.Text;
using Sextant.Search;

namespace Sextant.Postgres;

/// <summary>
/// Texts and queries in the written form of PostgreSQL's full-text types. The words are cut here, so that they are the same as in a
/// folder and do not depend on the server's dictionaries and locale.
/// </summary>
internal static class KeywordText
{
    /// <summary>PostgreSQL's bounds are 16,383 places, 2,046 bytes a word, 1 MiB a text.</summary>
    private const int MaxPlace = 16_383, MaxWord = 255, MaxBytes = 900_000;

    /// <summary>The words of a text with their places. Of a text beyond the bounds only the beginning is found by words.</summary>
    public static string Vector(string text)
    {
        StringBuilder vector = new();
        int place = 0;
        foreach (string word in KeywordQuery.Folded(text))
        {
            if (++place > MaxPlace || vector.Length > MaxBytes / 3) break;
            if (word.Length <= MaxWord) vector.Append(CultureInfo.InvariantCulture, $"'{word}':{place} ");
        }

        return vector.ToString();
    }

    /// <summary>A query for any of <paramref name="words"/>, which are runs of letters and digits.</summary>
    public static string Query(IEnumerable<string> words) => string.Join(" | ", words.Where(word => word.Length <= MaxWord).Select(word => $"'{word}'"));
}
