namespace Sextant.Numerics;

/// <summary>
/// The best items of many: a heap whose root is the worst item that is kept, so that an offer that is not good enough costs one comparison.
/// The result does not depend on the order of the offers. Not thread-safe.
/// </summary>
/// <param name="capacity">How many items to keep; 0 keeps none.</param>
/// <param name="ranks">
/// The order of items with equal scores, the lowest first, by their index; <see langword="null"/> for the order of the indexes themselves.
/// </param>
public sealed class TopK(int capacity, int[]? ranks = null)
{
    private readonly VectorHit[] _heap = new VectorHit[capacity];

    /// <summary>The number of items kept so far.</summary>
    public int Count { get; private set; }

    /// <summary>Offers an item.</summary>
    /// <param name="index">Its index, offered once.</param>
    /// <param name="score">Its score, the higher the better; not NaN.</param>
    public void Offer(int index, float score)
    {
        VectorHit item = new(index, score);
        if (Count < capacity)
        {
            int at = Count++;
            while (at > 0 && IsWorse(item, _heap[(at - 1) / 2]))
            {
                _heap[at] = _heap[(at - 1) / 2];
                at = (at - 1) / 2;
            }

            _heap[at] = item;
        }
        else if (capacity > 0 && score >= _heap[0].Score && IsWorse(_heap[0], item))
        {
            ReplaceWorst(item);
        }
    }

    /// <summary>The items kept so far, best first.</summary>
    public VectorHit[] ToArray()
    {
        VectorHit[] sorted = _heap[..Count];
        Array.Sort(
            sorted,
            (a, b) =>
                IsWorse(a, b) ? 1
                : IsWorse(b, a) ? -1
                : 0
        );
        return sorted;
    }

    /// <summary>The indexes of the items kept so far, best first.</summary>
    public int[] ToIndexes() => Array.ConvertAll(ToArray(), static item => item.Index);

    private void ReplaceWorst(VectorHit item)
    {
        int at = 0;
        while (true)
        {
            int child = (2 * at) + 1;
            if (child >= Count)
                break;
            if (child + 1 < Count && IsWorse(_heap[child + 1], _heap[child]))
                child++;
            if (!IsWorse(_heap[child], item))
                break;
            _heap[at] = _heap[child];
            at = child;
        }

        _heap[at] = item;
    }

    private bool IsWorse(VectorHit a, VectorHit b) =>
        a.Score < b.Score || (a.Score.Equals(b.Score) && (ranks is null ? a.Index > b.Index : ranks[a.Index] > ranks[b.Index]));
}
