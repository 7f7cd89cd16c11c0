namespace Sextant.Umap.Neighbors;

/// <summary>The best few (score, row) pairs offered so far, best first; equal scores in the order of their rows.</summary>
/// <remarks>Uses memory of the caller. The result does not depend on the order of the offers.</remarks>
internal readonly ref struct TopNeighbors(Span<float> scores, Span<int> rows)
{
    private readonly Span<float> _scores = scores;
    private readonly Span<int> _rows = rows;

    /// <summary>Below this nothing is taken.</summary>
    public float Threshold => _scores[^1];

    public void Clear()
    {
        _scores.Fill(float.NegativeInfinity);
        _rows.Fill(-1);
    }

    public void Offer(float score, int row)
    {
        int last = _scores.Length - 1;
        if (score < _scores[last] || (score == _scores[last] && _rows[last] >= 0 && row > _rows[last]))
            return;
        int at = last;
        while (at > 0 && (score > _scores[at - 1] || (score == _scores[at - 1] && row < _rows[at - 1])))
        {
            _scores[at] = _scores[at - 1];
            _rows[at] = _rows[--at];
        }

        _scores[at] = score;
        _rows[at] = row;
    }
}
