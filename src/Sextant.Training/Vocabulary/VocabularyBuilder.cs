namespace Sextant.Training.Vocabulary;

/// <summary>
/// Builds a WordPiece vocabulary from text: every character, the most useful pieces of words, and mostly whole words by frequency. A static
/// model has one vector per token, so a whole word is worth far more than its pieces; the pieces cover the remaining words.
/// </summary>
internal sealed class VocabularyBuilder
{
    private const int MaxWordLength = 40;

    private readonly Dictionary<string, long> _counts = new(StringComparer.Ordinal);

    /// <summary>Counts the words of a text.</summary>
    public void Add(string text) =>
        WordSplitter.Split(
            text,
            word =>
            {
                if (word.Length <= MaxWordLength)
                {
                    _counts[word] = _counts.GetValueOrDefault(word) + 1;
                }
            }
        );

    /// <summary>The vocabulary; <c>[UNK]</c> has id 0.</summary>
    /// <param name="size">How many tokens at most.</param>
    /// <param name="pieces">The number of pieces learned by merging.</param>
    public IReadOnlyList<string> Build(int size, int pieces)
    {
        KeyValuePair<string, long>[] words =
        [
            .. _counts.OrderByDescending(static pair => pair.Value).ThenBy(static pair => pair.Key, StringComparer.Ordinal),
        ];
        var tokens = new List<string>(size) { "[UNK]" };
        var seen = new HashSet<string>(tokens, StringComparer.Ordinal);
        foreach (string character in FrequentCharacters(words))
        {
            Take(character);
            Take("##" + character);
        }

        // Words that occur once are mostly misspelled and would produce useless pieces.
        foreach (string piece in new PieceLearner(words.Where(static word => word.Value > 1)).Learn(pieces))
        {
            Take(piece);
        }

        foreach ((string word, _) in words)
        {
            Take(word);
        }

        return tokens;

        void Take(string token)
        {
            if (tokens.Count < size && seen.Add(token))
            {
                tokens.Add(token);
            }
        }
    }

    /// <summary>Characters that occur often enough to learn a vector for, and all of ASCII's letters and digits.</summary>
    private static IEnumerable<string> FrequentCharacters(KeyValuePair<string, long>[] words)
    {
        const string Always = "abcdefghijklmnopqrstuvwxyz0123456789";
        const int Enough = 20;
        var counts = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (char character in Always)
        {
            counts[character.ToString()] = Enough;
        }

        foreach ((string word, long count) in words)
        {
            foreach (System.Text.Rune rune in word.EnumerateRunes())
            {
                string character = rune.ToString();
                counts[character] = counts.GetValueOrDefault(character) + count;
            }
        }

        return counts.Where(static pair => pair.Value >= Enough).Select(static pair => pair.Key);
    }
}
