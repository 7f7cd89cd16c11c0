namespace Sextant.Tokenizers.TokenModels;

/// <summary>Which pairs of tokens may be joined, into what, and in which order. Immutable.</summary>
internal sealed class BpeMerges
{
    private readonly Dictionary<(int Left, int Right), (int Rank, int Id)> _pairs = [];

    /// <summary>Adds a pair; those added earlier are joined earlier.</summary>
    public void Add(int left, int right, int id) => Add(left, right, id, _pairs.Count);

    /// <summary>Adds a pair with a rank; of two pairs with the same rank, the one further left in the text is merged first.</summary>
    public void Add(int left, int right, int id, int rank) => _pairs[(left, right)] = (rank, id);

    /// <summary>
    /// Joins what can be joined, in place: always the pair of the lowest rank, the leftmost first. A queue of candidates
    /// over a linked list, since some models read a whole text as one word.
    /// </summary>
    public void Apply(List<int> symbols)
    {
        int count = symbols.Count;
        if (count < 2)
        {
            return;
        }

        int[] next = new int[count],
            previous = new int[count];
        var queue = new PriorityQueue<(int At, int Id), (int Rank, int At)>(count);
        for (int i = 0; i < count; i++)
        {
            next[i] = i + 1;
            previous[i] = i - 1;
            Offer(symbols, next, i, queue);
        }

        while (queue.TryDequeue(out (int At, int Id) candidate, out _))
        {
            (int at, int id) = candidate;
            // The pair may no longer exist: one of its symbols may have been merged with another neighbor.
            if (
                symbols[at] < 0
                || next[at] >= count
                || !_pairs.TryGetValue((symbols[at], symbols[next[at]]), out (int Rank, int Id) pair)
                || pair.Id != id
            )
            {
                continue;
            }

            int gone = next[at];
            symbols[at] = id;
            symbols[gone] = -1;
            next[at] = next[gone];
            if (next[at] < count)
            {
                previous[next[at]] = at;
            }

            Offer(symbols, next, at, queue);
            if (previous[at] >= 0)
            {
                Offer(symbols, next, previous[at], queue);
            }
        }

        symbols.RemoveAll(static symbol => symbol < 0);
    }

    private void Offer(List<int> symbols, int[] next, int at, PriorityQueue<(int At, int Id), (int Rank, int At)> queue)
    {
        if (next[at] < symbols.Count && _pairs.TryGetValue((symbols[at], symbols[next[at]]), out (int Rank, int Id) pair))
        {
            queue.Enqueue((at, pair.Id), (pair.Rank, at));
        }
    }
}
