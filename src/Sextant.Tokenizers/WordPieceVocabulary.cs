using System.Globalization;

namespace Sextant.Tokenizers;

/// <summary>
/// The pieces that words are made of. A piece that begins a word and one that continues it are kept apart
/// (the latter are written <c>##ing</c> in files), so that a lookup needs no string put together.
/// </summary>
public sealed class WordPieceVocabulary
{
    /// <summary>The prefix of continuation pieces in files.</summary>
    public const string ContinuationPrefix = "##";

    private readonly Dictionary<string, int> _starts;
    private readonly Dictionary<string, int> _continuations;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _startLookup;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _continuationLookup;

    /// <summary>Creates a vocabulary.</summary>
    /// <param name="tokens">Every token with its id. Ids may have gaps; they are non-negative and differ.</param>
    /// <param name="continuationPrefix">The prefix of continuation pieces.</param>
    /// <param name="unknownToken">The token that stands for a word that cannot be made.</param>
    public WordPieceVocabulary(
        IReadOnlyCollection<KeyValuePair<string, int>> tokens,
        string continuationPrefix = ContinuationPrefix,
        string unknownToken = "[UNK]"
    )
    {
        _starts = new(tokens.Count, StringComparer.Ordinal);
        _continuations = new(StringComparer.Ordinal);
        foreach ((string token, int id) in tokens)
        {
            if (id < 0)
            {
                throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"token '{token}' has the id {id}"));
            }

            bool continues = token.Length > continuationPrefix.Length && token.StartsWith(continuationPrefix, StringComparison.Ordinal);
            // As in the reference tokenizers, the later of two equal tokens wins.
            (continues ? _continuations : _starts)[continues ? token[continuationPrefix.Length..] : token] = id;
            MaxId = Math.Max(MaxId, id);
            MaxLength = Math.Max(MaxLength, token.Length);
        }

        UnknownId = _starts.GetValueOrDefault(unknownToken, -1);
        _startLookup = _starts.GetAlternateLookup<ReadOnlySpan<char>>();
        _continuationLookup = _continuations.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>The number of tokens.</summary>
    public int Count => _starts.Count + _continuations.Count;

    /// <summary>The highest id; -1 when there are no tokens.</summary>
    public int MaxId { get; } = -1;

    /// <summary>The length of the longest token in UTF-16 units.</summary>
    public int MaxLength { get; }

    /// <summary>The id of the unknown token; -1 when the vocabulary has none.</summary>
    public int UnknownId { get; }

    /// <summary>Every token as files write it, at the place of its id; <see langword="null"/> where ids have a gap.</summary>
    public string?[] ToTokens()
    {
        string?[] tokens = new string?[MaxId + 1];
        foreach ((string piece, int id) in _starts)
        {
            tokens[id] = piece;
        }

        foreach ((string piece, int id) in _continuations)
        {
            tokens[id] = ContinuationPrefix + piece;
        }

        return tokens;
    }

    /// <summary>Looks up a piece that begins a word, or is the whole of it.</summary>
    public bool TryGetStart(ReadOnlySpan<char> piece, out int id) => _startLookup.TryGetValue(piece, out id);

    /// <summary>Looks up a piece that continues a word, without its prefix.</summary>
    public bool TryGetContinuation(ReadOnlySpan<char> piece, out int id) => _continuationLookup.TryGetValue(piece, out id);

    /// <summary>
    /// Appends the ids of a word, whole if the vocabulary has it, else greedily by its longest pieces. When one piece is missing
    /// the whole word is unknown: nothing is appended.
    /// </summary>
    public bool TryTakeApart(ReadOnlySpan<char> word, List<int> ids)
    {
        if (TryGetStart(word, out int id))
        {
            ids.Add(id);
            return true;
        }

        int before = ids.Count;
        for (int start = 0; start < word.Length; )
        {
            int length = Math.Min(word.Length - start, MaxLength);
            while (length > 0 && !TryGetPiece(word.Slice(start, length), start > 0, out id))
            {
                length--;
            }

            if (length == 0)
            {
                ids.RemoveRange(before, ids.Count - before);
                return false;
            }

            ids.Add(id);
            start += length;
        }

        return true;
    }

    private bool TryGetPiece(ReadOnlySpan<char> piece, bool continues, out int id) =>
        continues ? TryGetContinuation(piece, out id) : TryGetStart(piece, out id);
}
