namespace Sextant.Evaluation.Tasks;

/// <summary>The best items offered so far: a heap whose root is the worst kept item.</summary>
internal sealed class TopList(int capacity, int[] places)
{
    private readonly (float Score, int Row)[] _heap = new (float, int)[capacity];
    private int _count;

    public void Offer(int row, float score)
    {
        if (_count < capacity)
        {
            int at = _count++;
            while (at > 0 && Worse((score, row), _heap[(at - 1) / 2]))
            {
                _heap[at] = _heap[(at - 1) / 2];
                at = (at - 1) / 2;
            }

            _heap[at] = (score, row);
        }
        else if (capacity > 0 && score >= _heap[0].Score && Worse(_heap[0], (score, row)))
        {
            SiftDown((score, row));
        }
    }

    /// <summary>The rows, the best first.</summary>
    public int[] Rows()
    {
        (float Score, int Row)[] sorted = _heap[.._count];
        Array.Sort(sorted, (a, b) => Worse(a, b) ? 1 : Worse(b, a) ? -1 : 0);
        return Array.ConvertAll(sorted, static entry => entry.Row);
    }

    private void SiftDown((float Score, int Row) entry)
    {
        int at = 0;
        while (true)
        {
            int child = (2 * at) + 1;
            if (child >= _count) break;
            if (child + 1 < _count && Worse(_heap[child + 1], _heap[child])) child++;
            if (!Worse(_heap[child], entry)) break;
            _heap[at] = _heap[child];
            at = child;
        }

        _heap[at] = entry;
    }

    private bool Worse((float Score, int Row) a, (float Score, int Row) b) =>
        a.Score < b.Score || (a.Score.Equals(b.Score) && places[a.Row] > places[b.Row]);
}
