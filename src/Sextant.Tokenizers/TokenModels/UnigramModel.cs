using System.Text;

namespace Sextant.Tokenizers.TokenModels;

/// <summary>
/// SentencePiece's unigram model (Kudo 2018, arXiv:1804.10959): of all ways to cut a word into pieces, the most probable one, found by
/// Viterbi's algorithm over a trie of the pieces.
/// </summary>
internal sealed class UnigramModel : TokenModel
{
    // As far below the rarest piece as the reference puts characters that no piece has.
    private const double UnknownPenalty = 10;

    private readonly (string Text, double Score)[] _pieces;
    private readonly Dictionary<string, int> _ids;
    private readonly CharTrie _trie = new();
    private readonly int _unknown;
    private readonly double _unknownScore;
    private readonly int[]? _bytes;

    /// <param name="pieces">The pieces; the index of a piece is its id, and its score is a log probability.</param>
    /// <param name="unknownId">The unknown token's id; -1 if the model has none.</param>
    /// <param name="byteFallback">Whether unknown characters are encoded as bytes.</param>
    /// <param name="hidden">Ids that never occur in tokenized text: the model's internal pieces.</param>
    public UnigramModel((string Text, double Score)[] pieces, int unknownId, bool byteFallback, IReadOnlySet<int>? hidden = null)
    {
        _pieces = pieces;
        _unknown = unknownId;
        _unknownScore = pieces.Select(static piece => piece.Score).DefaultIfEmpty(0).Min() - UnknownPenalty;
        _ids = new Dictionary<string, int>(pieces.Length, StringComparer.Ordinal);
        for (int id = 0; id < pieces.Length; id++)
        {
            // Of two equal pieces the later counts, as in the reference.
            _ids[pieces[id].Text] = id;
            if (hidden is null || !hidden.Contains(id))
            {
                _trie.Add(pieces[id].Text, id);
            }
        }

        _bytes = byteFallback ? BpeModel.FindBytes(_ids) : null;
    }

    public override int UnknownId => _unknown;

    public override int MaxId => _pieces.Length - 1;

    public override int? Find(string token) => _ids.TryGetValue(token, out int id) ? id : null;

    public override void Encode(ReadOnlySpan<char> word, List<int> ids)
    {
        var best = new (double Score, int From, int Id)[word.Length + 1];
        Array.Fill(best, (0, -1, -1));
        for (int at = 0; at < word.Length; )
        {
            int character = char.IsHighSurrogate(word[at]) && at + 1 < word.Length ? 2 : 1;
            double before = best[at].Score;
            bool whole = false;
            int node = CharTrie.Root;
            for (int end = at; end < word.Length && (node = _trie.Step(node, word[end])) >= 0; end++)
            {
                if (_trie.Value(node) is >= 0 and var id)
                {
                    Offer(ref best[end + 1], before + _pieces[id].Score, at, id);
                    whole |= end + 1 - at == character;
                }
            }

            if (!whole)
            {
                Offer(ref best[at + character], before + _unknownScore, at, _unknown);
            }

            at += character;
        }

        Collect(word, best, ids);
    }

    private static void Offer(ref (double Score, int From, int Id) place, double score, int from, int id)
    {
        if (place.From < 0 || score > place.Score)
        {
            place = (score, from, id);
        }
    }

    private void Collect(ReadOnlySpan<char> word, (double Score, int From, int Id)[] best, List<int> ids)
    {
        int first = ids.Count;
        for (int end = word.Length; end > 0; )
        {
            int from = best[end].From,
                id = best[end].Id;
            if (id != _unknown)
            {
                ids.Add(id);
            }
            else
            {
                // Adjacent unknown characters are one unknown token.
                while (from > 0 && best[from].Id == _unknown)
                {
                    from = best[from].From;
                }

                AddUnknown(word[from..end], ids);
            }

            end = from;
        }

        ids.Reverse(first, ids.Count - first);
    }

    private void AddUnknown(ReadOnlySpan<char> characters, List<int> ids)
    {
        if (_bytes is null)
        {
            ids.Add(_unknown);
            return;
        }

        byte[] utf8 = new byte[Encoding.UTF8.GetByteCount(characters)];
        Encoding.UTF8.GetBytes(characters, utf8);
        for (int i = utf8.Length - 1; i >= 0; i--)
        {
            ids.Add(_bytes[utf8[i]]);
        }
    }
}
