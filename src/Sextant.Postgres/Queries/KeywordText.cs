using System.Globalization;
using System.IO.Hashing;
using System.Text;
using Sextant.Search;

namespace Sextant.Postgres.Queries;

/// <summary>
/// Texts and queries in the written form of PostgreSQL's full-text types. The words are cut here, so that they are the same as in a
/// folder and do not depend on the server's dictionaries and locale.
/// </summary>
internal static class KeywordText
{
    /// <summary>PostgreSQL's bounds are 16,383 positions, 2,046 bytes a word, 1 MiB a text.</summary>
    private const int MaxPosition = 16_383,
        MaxWord = 255,
        MaxBytes = 900_000;

    /// <summary>Past this many, another occurrence of a word changes no rank.</summary>
    private const int MaxOccurrences = 32;

    /// <summary>The overhead of a word in addition to its letters.</summary>
    private const int WordBytes = 8;

    /// <summary>
    /// The words of a text with their positions. Of a text with more than about 100,000 different words only the beginning is found by
    /// words.
    /// </summary>
    public static string Vector(string text)
    {
        Dictionary<string, List<int>> words = new(StringComparer.Ordinal);
        int position = 0,
            bytes = 0;
        foreach (string word in KeywordAnalyzer.AnalyzeText(text).Select(Bounded))
        {
            position++;
            if (!words.TryGetValue(word, out List<int>? positions))
            {
                bytes += Encoding.UTF8.GetByteCount(word) + WordBytes;
                if (bytes > MaxBytes)
                    break;
                words.Add(word, positions = []);
            }

            if (positions.Count >= MaxOccurrences)
                continue;
            positions.Add(Math.Min(position, MaxPosition));
            bytes += sizeof(short);
        }

        StringBuilder vector = new();
        foreach ((string word, List<int> positions) in words)
            vector.Append('\'').Append(word).Append("':").AppendJoin(',', positions).Append(' ');
        return vector.ToString();
    }

    /// <summary>The query for one of the words that <see cref="KeywordAnalyzer.AnalyzeQuery"/> gives.</summary>
    public static string Query(string term) => KeywordAnalyzer.IsPrefixTerm(term) ? $"'{term}':*" : $"'{Bounded(term)}'";

    // No dictionary has words this long; they are keys and hashes, of which only equality matters.
    private static string Bounded(string word) =>
        word.Length <= MaxWord
            ? word
            : string.Create(CultureInfo.InvariantCulture, $"~{XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(word)):x16}");
}
