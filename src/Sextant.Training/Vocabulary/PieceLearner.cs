namespace Sextant.Training.Vocabulary;

/// <summary>
/// Learns the pieces from which rare words are made, by byte-pair merging over characters (Sennrich et al. 2016,
/// arXiv:1508.07909): start with single characters, then repeatedly join the most frequent pair of neighbors. Pieces that continue
/// a word carry <c>##</c>. Ties are broken by the pair's text, so the result does not depend on hashing.
/// </summary>
internal sealed class PieceLearner
{
    private readonly List<(List<string> Pieces, long Count)> _words = [];
    private readonly Dictionary<(string Left, string Right), long> _pairs = [];
    private readonly Dictionary<(string Left, string Right), HashSet<int>> _places = [];
    private readonly PriorityQueue<((string Left, string Right) Pair, long Count), (long Order, string Left, string Right)> _queue = new(
        Comparer<(long Order, string Left, string Right)>.Create(
            static (a, b) =>
                a.Order != b.Order ? a.Order.CompareTo(b.Order)
                : string.CompareOrdinal(a.Left, b.Left) is not 0 and int left ? left
                : string.CompareOrdinal(a.Right, b.Right)
        )
    );

    /// <param name="words">Words and how often they occur.</param>
    public PieceLearner(IEnumerable<KeyValuePair<string, long>> words)
    {
        foreach ((string word, long count) in words)
        {
            List<string> pieces = [];
            foreach (System.Text.Rune rune in word.EnumerateRunes())
            {
                pieces.Add(pieces.Count == 0 ? rune.ToString() : "##" + rune);
            }

            _words.Add((pieces, count));
            CountPairs(_words.Count - 1, +1);
        }

        foreach (((string Left, string Right) pair, long count) in _pairs)
        {
            Enqueue(pair, count);
        }
    }

    /// <summary>The next most useful pieces, at most <paramref name="count"/>.</summary>
    public IEnumerable<string> Learn(int count)
    {
        while (count > 0 && _queue.TryDequeue(out ((string Left, string Right) Pair, long Count) best, out _))
        {
            long now = _pairs.GetValueOrDefault(best.Pair);
            if (now != best.Count)
            {
                // Its count has changed since it was queued.
                if (now > 0)
                {
                    Enqueue(best.Pair, now);
                }

                continue;
            }

            string merged = best.Pair.Left + best.Pair.Right[2..];
            Merge(best.Pair, merged);
            count--;
            yield return merged;
        }
    }

    private void Merge((string Left, string Right) pair, string merged)
    {
        var grown = new HashSet<(string, string)>();
        foreach (int index in _places[pair].ToArray())
        {
            CountPairs(index, -1);
            List<string> pieces = _words[index].Pieces;
            for (int i = 0; i + 1 < pieces.Count; i++)
            {
                if (pieces[i] == pair.Left && pieces[i + 1] == pair.Right)
                {
                    pieces[i] = merged;
                    pieces.RemoveAt(i + 1);
                }
            }

            CountPairs(index, +1);
            for (int i = 0; i + 1 < pieces.Count; i++)
            {
                if (pieces[i] == merged || pieces[i + 1] == merged)
                {
                    grown.Add((pieces[i], pieces[i + 1]));
                }
            }
        }

        _pairs.Remove(pair);
        _places.Remove(pair);
        // Only pairs with the new piece can have grown; for all others the queued count is an upper bound.
        foreach ((string, string) neighbor in grown)
        {
            Enqueue(neighbor, _pairs[neighbor]);
        }
    }

    private void CountPairs(int index, int sign)
    {
        (List<string> pieces, long count) = _words[index];
        for (int i = 0; i + 1 < pieces.Count; i++)
        {
            (string, string) pair = (pieces[i], pieces[i + 1]);
            _pairs[pair] = _pairs.GetValueOrDefault(pair) + (sign * count);
            if (!_places.TryGetValue(pair, out HashSet<int>? places))
            {
                _places.Add(pair, places = []);
            }

            if (sign > 0)
            {
                places.Add(index);
            }
        }
    }

    private void Enqueue((string Left, string Right) pair, long count) => _queue.Enqueue((pair, count), (-count, pair.Left, pair.Right));
}
